import { describeAttacks } from '../support/attacks/describe.ts'
import { checkpointAttacks } from '../support/attacks/checkpoints.ts'
import { logAttacks } from '../support/attacks/log.ts'

describeAttacks('entries of transparency logs', logAttacks)
describeAttacks('heads of transparency logs', checkpointAttacks)
