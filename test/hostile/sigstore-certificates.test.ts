import { describeAttacks } from '../support/attacks/attack.ts'
import { certificateAttacks } from '../support/attacks/certificates.ts'
import { sctAttacks } from '../support/attacks/scts.ts'

describeAttacks('certificates of signers', certificateAttacks)
describeAttacks('certificate timestamps', sctAttacks)
