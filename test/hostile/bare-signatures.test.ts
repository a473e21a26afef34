import { bareAttacks } from '../support/attacks/bare.ts'
import { describeAttacks } from '../support/attacks/attack.ts'

describeAttacks('what is given as a bare signature', bareAttacks)
