import { describeAttacks } from '../support/attacks/attack.ts'
import { statementAttacks } from '../support/attacks/statements.ts'

describeAttacks('statements', statementAttacks)
