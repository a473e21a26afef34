import { setAttacks } from '../support/attacks/sets.ts'
import { describeAttacks } from '../support/attacks/describe.ts'

describeAttacks('files in which a bundle is looked for', setAttacks)
