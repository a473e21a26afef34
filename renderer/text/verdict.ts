import { areBytesProven } from '../../shared/rules/bytes-proven.ts'
import type { Check, Verdict } from '../../shared/verdict.ts'
import { count } from './format.ts'

/** The one thing that says more than any count; `null` where there is none. */
function toldFirst(checks: readonly Check[]): string | null {
  const altered = checks.filter(
    ({ id, result, reason }) => id === 'signatures.line' && result === 'fail' && reason === 'altered',
  )
  const names = [...new Set(altered.flatMap(({ person }) => person ?? []))]
  if (names.length > 0)
    return `Stop: ${names.join(' and ')} signed another waybill than the one that lies here`
  if (
    checks.some(
      ({ id, result, reason }) => id === 'signatures.line' && result === 'fail' && reason === 'not-made',
    )
  )
    return 'Stop: a signature claims to be by somebody whom this desk trusts, and is not'
  if (checks.some(({ id, result }) => id === 'order.replay' && result === 'fail'))
    return 'Do not accept: you have this bundle already'
  const strangers = checks.filter(({ id, result }) => id === 'signatures.line' && result === 'fail')
  return strangers.length > 0 && strangers.every(({ reason }) => reason === 'does-not-count')
    ? 'Do not accept: it is signed by nobody whom this desk trusts'
    : null
}

/** The heading of a verdict: a sentence with the answer. */
export function headingOf(verdict: Verdict): string {
  const { fail, notChecked } = verdict.counts
  if (verdict.outcome === 'passed' && verdict.counts.overridden > 0)
    return `${count(verdict.counts.overridden, 'check')} overridden, everything else that was asked was proven`
  if (verdict.outcome === 'passed') return 'Everything that was asked was proven'
  const first = toldFirst(verdict.checks)
  if (first !== null) return first
  const parts = [
    ...(fail > 0 ? [`${count(fail, 'check')} failed`] : []),
    ...(notChecked > 0 ? [`${notChecked} could not be run`] : []),
  ]
  const held = verdict.checks.some((check) => check.result === 'fail' && check.holds)
  const answer = held && verdict.outcome === 'refused' ? 'Hold' : 'Do not accept'
  return `${answer}: ${parts.join(' and ')}`
}

/** How many points deserve attention of a verdict that passed, for a page that does not count its checks; else empty. */
export function attentionOf({ counts, outcome }: Pick<Verdict, 'counts' | 'outcome'>): string {
  if (counts.warn === 0 || outcome !== 'passed') return ''
  return `${count(counts.warn, 'point')} deserve${counts.warn === 1 ? 's' : ''} attention.`
}

/** Whether it is proven what the bytes are; then what a rule of order says, unless `said`, a check, stands on the page. */
export function meaningOf(verdict: Verdict, said: Check | null = null): string {
  const { checks } = verdict
  const names = checks
    .filter((check) => check.id === 'signatures.line' && check.result === 'pass')
    .map((check) => check.person ?? check.subject)
  const who = names.length === 0 ? 'nobody whom this desk trusts' : names.join(' and ')
  const proven = areBytesProven(checks)
    ? `The bytes are exactly what ${who} signed.`
    : 'It is not proven that the bytes are what somebody signed.'
  const order = checks.find((check) => check.id.startsWith('order.') && check.result === 'fail')
  return order === undefined || order === said ? proven : `${proven} ${order.means}`
}

/** What reading back found, as a sentence: for a medium that is not as it was written. */
export function readBackHeading(verdict: Pick<Verdict, 'outcome' | 'counts'>): string {
  if (verdict.outcome === 'not-checked') return 'It is not known whether this medium holds what was written'
  return 'This medium does not hold what this desk wrote'
}
