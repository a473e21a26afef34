import { bareAttacks } from '../support/attacks/bare.ts'
import { describeAttacks } from '../support/attacks/describe.ts'

describeAttacks('what is given as a bare signature', bareAttacks)
