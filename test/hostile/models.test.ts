import { describeAttacks } from '../support/attacks/describe.ts'
import { modelAttacks } from '../support/attacks/models.ts'

describeAttacks('signatures of models', modelAttacks)
