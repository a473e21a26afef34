import { describeAttacks } from '../support/attacks/attack.ts'
import { timeAttacks } from '../support/attacks/times.ts'

describeAttacks('timestamps and times', timeAttacks)
