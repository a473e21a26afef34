import { everyDamage, failingReads, rottenPlaces, strangers } from '../support/failing/read-faults.ts'
import { testReading } from '../support/failing/reading.ts'

/* The same at the high desk: nothing of it is accepted, and the medium itself crosses afterwards. */
const some = everyDamage.filter(({ kind, what }) => kind !== 'lengthened' && !what.endsWith('by a device'))
testReading('verify', 'verify', false, [...some, ...rottenPlaces, ...strangers, ...failingReads])
