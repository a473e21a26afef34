import type { Assessed } from '../evidence/assess.ts'
import { made, type RuleResult } from './rule-result.ts'

/** The time that rules are asked at: this desk's clock, and the highest time that accepted content proves. */
export interface PolicyTime {
  readonly now: string
  readonly floor: string | null
  /** Hours by which the clock of whoever made something may be ahead. */
  readonly tolerance: number
}

/** One piece whose age counts. */
export interface Dated {
  readonly one: Assessed
  /** Who it is by, where several are asked for. */
  readonly by: string
  /** Days; `null` where its age is not asked. */
  readonly most: number | null
  /** What it says of itself; `null` where it says nothing. */
  readonly said: string | null
}

type Age = {
  readonly result: 'pass' | 'fail' | 'not-checked'
  readonly reason: string
  readonly found: string
}

const hour = 60 * 60 * 1000
const day = 24 * hour
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/

/** Milliseconds since 1970 of a time as documents state it; `null` where it is none. */
export function readTime(text: string): number | null {
  const at = rfc3339.test(text) ? Date.parse(text) : NaN
  const day = Date.parse(`${text.slice(0, 10)}T00:00:00Z`)
  if (Number.isNaN(at) || Number.isNaN(day)) return null
  // Date.parse takes 30 February for 2 March.
  return new Date(day).toISOString().startsWith(text.slice(0, 10)) ? at : null
}

const shownTime = (at: number): string => new Date(at).toISOString()
const unknown = (reason: string, found: string): Age => ({ result: 'not-checked', reason, found })

/**
 * The age of a piece: since the earliest time that a known log or authority states, or since what it says of itself where
 * that is earlier. A time of its own alone proves nothing; one that lies after what is proven contradicts it.
 */
function ageOf({ one, most, said }: Dated, { now, floor, tolerance }: PolicyTime): Age {
  if (most === null) return { result: 'pass', reason: 'as-expected', found: 'its age is not asked' }
  const proven = (one.view.proven?.times ?? []).map(({ at }) => Date.parse(at))
  if (proven.length === 0) return unknown('no-time', 'nobody known says when it was signed')
  const signed = Math.min(...proven)
  const own = said === null ? signed : readTime(said)
  if (own === null) return unknown('time-form', 'it states a time that cannot be read')
  const clock = Date.parse(now)
  const latest = Math.max(clock, floor === null ? clock : Date.parse(floor))
  if (signed > latest)
    return unknown('clock-behind', `signed at ${shownTime(signed)}; the clock of this desk says ${now}`)
  if (own > signed + tolerance * hour) {
    const found = `it says ${shownTime(own)}, and was signed at ${shownTime(signed)}`
    return { result: 'fail', reason: 'future', found }
  }
  const from = Math.min(signed, own)
  const days = Math.floor((latest - from) / day)
  const found = `of ${shownTime(from)}, ${days} days ago`
  if (latest - from > most * day) return { result: 'fail', reason: 'too-old', found }
  if (clock < latest)
    return unknown('clock-behind', `${found}; the clock of this desk is behind what is proven`)
  return { result: 'pass', reason: 'as-expected', found }
}

/**
 * That what counts is not older than the policy says.
 *
 * @param least how many different ones must be
 */
export function checkAge(what: string, least: number, dated: readonly Dated[], time: PolicyTime): RuleResult {
  const id = 'policy.freshness'
  const days = [...new Set(dated.flatMap(({ most }) => most ?? []))].sort((a, b) => a - b)
  const expected = `${what}: at most ${days.join(' or ')} days old, by times that are proven`
  const ages = dated.map((one) => ({ one, age: ageOf(one, time) }))
  const count = (...results: readonly Age['result'][]): number =>
    new Set(ages.filter(({ age }) => results.includes(age.result)).map(({ one }) => one.by)).size
  const by = dated.map(({ one }) => one)
  const said = (result: Age['result']): string =>
    ages.flatMap(({ age }) => (age.result === result ? [age.found] : [])).join('; ')
  const words = (result: Age['result']) => ({ expected, found: said(result) })
  if (count('pass') >= least) return made(id, 'pass', 'as-expected', words('pass'), by)
  const result = count('pass', 'not-checked') >= least ? 'not-checked' : 'fail'
  const reason = ages.find(({ age }) => age.result === result)?.age.reason ?? 'too-old'
  return made(id, result, reason, words(result), by)
}

/** The same where nothing is there whose age could be asked. */
export function noAge(what: string, days: number): RuleResult {
  const expected = `${what}: at most ${days} days old, by times that are proven`
  return made('policy.freshness', 'not-checked', 'nothing-counts', { expected, found: 'nothing that counts' })
}
