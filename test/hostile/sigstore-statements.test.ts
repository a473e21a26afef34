import { describeAttacks } from '../support/attacks/describe.ts'
import { statementAttacks } from '../support/attacks/statements.ts'

describeAttacks('statements', statementAttacks)
