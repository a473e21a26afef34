import { algorithmAttacks } from '../support/attacks/algorithms.ts'
import { describeAttacks } from '../support/attacks/attack.ts'

describeAttacks('algorithms and forms of signatures', algorithmAttacks)
