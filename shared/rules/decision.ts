import type { Role } from '../schema.ts'
import type { DecisionOutcome } from '../views.ts'
import { isSame, type Keyholder } from './roles.ts'
import { rulesNow } from './version.ts'

/** One person's half of a decision. */
export interface Half {
  readonly outcome: DecisionOutcome
  readonly roles: readonly Role[]
}

/** A half as it is counted: whose it is, and whether older rules let it count on after its key was revoked. */
export interface CountedHalf extends Half, Keyholder {
  readonly outlived: boolean
}

/** Roles of which one of two who decide must be; the other is a transfer agent. */
export const secondRoles = ['witness', 'release-authority', 'security-officer'] as const

/** Roles of those who may sign half a decision. */
export const decidingRoles = ['transfer-agent', ...secondRoles] as const

export const isAgent = (roles: readonly Role[]): boolean => roles.includes('transfer-agent')
const isSecond = (roles: readonly Role[]): boolean => secondRoles.some((role) => roles.includes(role))

/** Whether somebody with these roles may sign half a decision at all. */
export const mayDecide = (roles: readonly Role[]): boolean => isAgent(roles) || isSecond(roles)

/** Whether two people may decide together: one as transfer agent, the other as witness, release authority or security officer. */
function fit(a: readonly Role[], b: readonly Role[]): boolean {
  return (isAgent(a) && isSecond(b)) || (isAgent(b) && isSecond(a))
}

/** Whether people have decided for good: what is held is decided anew. */
export function isDecided(outcome: DecisionOutcome | null): outcome is 'accept' | 'reject' {
  return outcome === 'accept' || outcome === 'reject'
}

/** Whether a half makes its outcome stand, beside those that count already. */
export function stands(current: readonly Half[], half: Half): boolean {
  return current.some((other) => other.outcome === half.outcome && fit(other.roles, half.roles))
}

/** The halves that still count towards a decision: those of a hold that stands are spent. */
export function currentHalves<One extends Half>(halves: readonly One[]): readonly One[] {
  let round: One[] = []
  for (const half of halves) round = half.outcome === 'hold' && stands(round, half) ? [] : [...round, half]
  return round
}

/** Why somebody may not sign half a decision now; `null` when they may. */
export function decisionObstacle(
  halves: readonly (Half & Keyholder)[],
  person: Keyholder & { readonly roles: readonly Role[] },
  rules = rulesNow,
): 'role-missing' | 'same-person' | null {
  if (!mayDecide(person.roles)) return 'role-missing'
  return currentHalves(halves).some((half) => isSame(half, person, rules)) ? 'same-person' : null
}
