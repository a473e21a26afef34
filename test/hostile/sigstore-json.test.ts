import { describeAttacks } from '../support/attacks/describe.ts'
import { jsonAttacks } from '../support/attacks/json.ts'

describeAttacks('JSON that parsers read differently, or cannot bear', jsonAttacks)
