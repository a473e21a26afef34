import { itemChecks } from '../../../shared/evidence.ts'
import type { Exception } from '../../../shared/policy-content.ts'
import type { Policy } from '../../../shared/policy.ts'
import { endOf, startOf } from '../../../shared/rules/written-ahead.ts'
import { waybillChecks } from '../waybill/result.ts'
import type { Problem } from './problem.ts'

const day = 24 * 60 * 60 * 1000
const checks: readonly string[] = [...waybillChecks, ...itemChecks]

const isAboutSame = (a: Exception, b: Exception): boolean =>
  a.check === b.check && (a.subject === undefined || b.subject === undefined || a.subject === b.subject)
const isWhile = (a: Exception, b: Exception): boolean => a.since <= b.until && b.since <= a.until

/** An exception that nobody could look at again in time, or that says twice what another one says. */
export function exceptionProblems(one: Exception, i: number, { exceptions, lifetime }: Policy): Problem[] {
  const days = (Date.parse(endOf(one)) - Date.parse(startOf(one))) / day
  const [first, second] = one.approvers
  const before = exceptions.slice(0, i).find((other) => isAboutSame(other, one) && isWhile(other, one))
  return [
    ...(checks.includes(one.check)
      ? []
      : [{ path: ['check'], expected: 'a check of a policy', found: one.check }]),
    ...(days <= 0 ? [{ path: ['until'], expected: `a day from ${one.since} on`, found: one.until }] : []),
    ...(days > lifetime
      ? [{ path: ['until'], expected: `at most ${lifetime} days, as a waybill lives`, found: `${days} days` }]
      : []),
    ...(first === second
      ? [{ path: ['approvers'], expected: 'two different people', found: first ?? 'nobody' }]
      : []),
    ...(before === undefined
      ? []
      : [
          {
            path: ['check'],
            expected: 'one exception at a time from a check of a subject',
            found: `two of ${one.check}, which overlap from ${one.since}`,
          },
        ]),
  ]
}
