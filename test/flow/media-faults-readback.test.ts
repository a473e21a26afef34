import { everyDamage, failingReads, rottenPlaces, strangers } from '../support/failing/read-faults.ts'
import { testReading } from '../support/failing/reading.ts'

/*
 * A medium that is not as it was written, or fails while it is read back. What is wrong is named; the medium itself is read back
 * afterwards, and all that was sent crosses.
 */
const kinds = ['bit rot', 'missing file']
const some = everyDamage.filter(({ kind, what }) => kinds.includes(kind) || what.endsWith('a link to itself'))
testReading('readback', 'readback', false, [...some, ...rottenPlaces, ...strangers, ...failingReads])
