import { everyDamage, failingReads, strangers } from '../support/failing/read-faults.ts'
import { testReading } from '../support/failing/reading.ts'

/* The same of a medium in the middle of three, read one after the other: the one before stays good, this one does not count. */
const some = everyDamage.filter(({ kind, what }) => kind === 'bit rot' || what.startsWith('bundle.tar'))
const reads = failingReads.filter(({ kind, what }) => kind !== 'EIO on read' || what.includes('a part'))
testReading('verify-next', 'verify', true, [...some, ...strangers, ...reads])
