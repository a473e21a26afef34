import { writeFaults } from '../support/failing/write-faults.ts'
import { testWriting } from '../support/failing/writing.ts'

/*
 * Every way in which a medium fails while it is written. Each is refused by its code, or found by the read-back; nothing that
 * looks whole stays. Then the same medium is written again, and all that was sent crosses.
 */
testWriting('write', false, writeFaults)
