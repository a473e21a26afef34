import { algorithmAttacks } from '../support/attacks/algorithms.ts'
import { describeAttacks } from '../support/attacks/describe.ts'

describeAttacks('algorithms and forms of signatures', algorithmAttacks)
