import { describeAttacks } from '../support/attacks/describe.ts'
import { tokenAttacks } from '../support/attacks/tokens.ts'
import { timeAttacks } from '../support/attacks/times.ts'

describeAttacks('timestamps and times', timeAttacks)
describeAttacks('parts of timestamps that lenient readers pass over', tokenAttacks)
