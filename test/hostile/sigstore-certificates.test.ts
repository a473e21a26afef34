import { describeAttacks } from '../support/attacks/describe.ts'
import { certificateAttacks } from '../support/attacks/certificates.ts'
import { formAttacks } from '../support/attacks/forms.ts'
import { sctAttacks } from '../support/attacks/scts.ts'

describeAttacks('certificates of signers', certificateAttacks)
describeAttacks('forms of certificates that lenient readers take', formAttacks)
describeAttacks('certificate timestamps', sctAttacks)
