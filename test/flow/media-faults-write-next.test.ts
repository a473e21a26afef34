import { firstFaults } from '../support/failing/write-faults.ts'
import { testWriting } from '../support/failing/writing.ts'

/* The same of a medium in the middle of three: the others stay good, and with it all that was sent crosses. */
testWriting('write-next', true, firstFaults)
