import { allFaults, tableOf } from '../support/failing/tally.ts'

/*
 * `npm run faults`: the faults of media that the tests put in last, by kind, and what came of them. Ends with 1 where there were
 * fewer than 200, or where something did not cross afterwards.
 */

const least = 200
const all = allFaults()
const sum = (of: (one: (typeof all)[number]) => number): number =>
  all.reduce((total, one) => total + of(one), 0)
const injected = sum((one) => one.injected)
console.log(tableOf('faults of media', all))
process.exitCode = injected >= least && injected === sum((one) => one.crossed) ? 0 : 1
