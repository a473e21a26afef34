import { everyDamage, failingReads, rottenPlaces, strangers } from '../support/failing/read-faults.ts'
import { testReading } from '../support/failing/reading.ts'

/* The same at the high desk: nothing of it is accepted, and the medium itself crosses afterwards. */
testReading('verify', 'verify', false, [...everyDamage, ...rottenPlaces, ...strangers, ...failingReads])
