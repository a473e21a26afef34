import type { Role } from '../schema.ts'
import { mayDecide, stands, type Half } from './decision.ts'
import { isSame, type Keyholder } from './roles.ts'
import { rulesNow } from './version.ts'

/** What an exception is about: a check, of one subject or of all, until a time. */
export interface Exception {
  readonly check: string
  /** `null`: whatever it is about. */
  readonly subject: string | null
  readonly until: string
}

/** One person's half of an override. */
export interface OverrideHalf extends Exception, Keyholder {
  readonly roles: readonly Role[]
  readonly reason: string
}

/** An exception that two people have made. */
export interface Override extends Exception {
  readonly reason: string
  /** Names of the two. */
  readonly people: readonly string[]
}

const overridable = [
  'expiry.waybill',
  'time.created',
  'cause.rejected',
  'ledger.consistency',
  'evidence.second-opinion',
]

/**
 * Whether people may make an exception from a check at all: from rules of the policy, and where a time, a cause, a
 * missing proof or a verifier that disagrees stands in the way. Never from who signed, from what bytes are, from whose order they are in: that a hold
 * is released is another act, and replay, void and downgrade never are.
 */
export function mayOverride(check: string): boolean {
  return check.startsWith('policy.') || overridable.includes(check)
}

/** The same of a check as it stands: a ledger that contradicts itself is another thing than a proof that is missing. */
export function isOverridable({ id, result }: { readonly id: string; readonly result: string }): boolean {
  return mayOverride(id) && !(id === 'ledger.consistency' && result === 'fail')
}

const sameException = (a: Exception, b: Exception): boolean =>
  a.check === b.check && a.subject === b.subject && a.until === b.until

// Two people override as two people decide: the halves are counted by the same rule.
const asHalf = ({ roles }: OverrideHalf): Half => ({ outcome: 'accept', roles })

/** Why somebody may not give half of an exception; `null` when they may. */
export function overrideObstacle(
  halves: readonly OverrideHalf[],
  half: OverrideHalf,
  rules = rulesNow,
): 'role-missing' | 'same-person' | null {
  if (!mayDecide(half.roles)) return 'role-missing'
  const again = halves.some((other) => sameException(other, half) && isSame(other, half, rules))
  return again ? 'same-person' : null
}

/** Whether a half makes its exception stand, beside those that were given before. */
export function overrideStands(
  halves: readonly OverrideHalf[],
  half: OverrideHalf,
  rules = rulesNow,
): boolean {
  const same = halves.filter((other) => sameException(other, half) && !isSame(other, half, rules))
  return stands(same.map(asHalf), asHalf(half))
}

/** The exceptions that two people have made of what one of them asked for. */
export function standingOverrides(halves: readonly OverrideHalf[]): Override[] {
  return halves.flatMap((half, i) => {
    const before = halves.slice(0, i)
    const first = before.find((other) => sameException(other, half) && overrideStands([other], half))
    if (first === undefined) return []
    const { check, subject, until, reason } = half
    return [{ check, subject, until, reason, people: [first.name, half.name] }]
  })
}

/** The exception from a check that is in force; `null` where there is none. */
export function exceptionFor(
  overrides: readonly Override[],
  check: { readonly id: string; readonly subject: string; readonly result: string },
  now: string,
): Override | null {
  if (!isOverridable(check)) return null
  const found = overrides.find(
    (one) =>
      one.check === check.id && (one.subject === null || one.subject === check.subject) && now < one.until,
  )
  return found ?? null
}
