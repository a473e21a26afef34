import type { Channel } from '../policy-content.ts'
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

/** People who must sign the same, unless a channel asks for more of them. */
export const usualPeople = 2

/** How many people must sign each outcome before it stands. */
export type PeopleNeeded = Readonly<Record<DecisionOutcome, number>>

/**
 * How many people a policy asks to decide on the bundles of a channel: more than two only to let content in. Which policy
 * counts is the caller's to say: the one that is in force when somebody signs.
 *
 * @param channel `null` where nothing is known of it
 */
export function peopleNeeded(
  { channels }: { readonly channels: readonly Pick<Channel, 'name' | 'approvals'>[] },
  channel: string | null,
): PeopleNeeded {
  const asked = channels.find(({ name }) => name === channel)?.approvals?.accept ?? usualPeople
  return { accept: Math.max(usualPeople, asked), reject: usualPeople, hold: usualPeople }
}

const sameAs = <One extends Half>(current: readonly One[], { outcome }: Pick<Half, 'outcome'>): One[] =>
  current.filter((other) => other.outcome === outcome)

/**
 * Whether a half makes its outcome stand, beside those that count already: as many people as are needed, and two among
 * them who may decide together.
 */
export function stands(current: readonly Half[], half: Half, needed = usualPeople): boolean {
  const all = [...sameAs(current, half), half]
  return all.length >= needed && all.some((a, i) => all.slice(i + 1).some((b) => fit(a.roles, b.roles)))
}

/** How many more people must sign an outcome that does not stand yet: at least one, also where those who signed are enough and do not fit. */
export function peopleMissing(
  current: readonly Half[],
  outcome: DecisionOutcome,
  needed: PeopleNeeded,
): number {
  return Math.max(1, needed[outcome] - sameAs(current, { outcome }).length)
}

/** The halves that still count towards a decision: those of a hold that stands are spent. */
export function currentHalves<One extends Half>(halves: readonly One[]): readonly One[] {
  let round: One[] = []
  for (const half of halves) round = half.outcome === 'hold' && stands(round, half) ? [] : [...round, half]
  return round
}

/** The halves of everybody who made the decision that stands; of a hold, whose halves are spent, the last ones. */
export function decidingHalves<One extends Half>(
  halves: readonly One[],
  outcome: DecisionOutcome | null,
): readonly One[] {
  if (outcome === null) return []
  if (outcome !== 'hold') return sameAs(currentHalves(halves), { outcome })
  return sameAs(halves, { outcome }).slice(-usualPeople)
}

/** Whether enough of these people may decide together for an acceptance by so many. */
export function canAccept(
  people: readonly (Keyholder & { readonly roles: readonly Role[] })[],
  needed: number,
): boolean {
  const different = people.filter(
    (one, i) => mayDecide(one.roles) && people.findIndex((other) => isSame(one, other, rulesNow)) === i,
  )
  const halves = different.map(({ roles }): Half => ({ outcome: 'accept', roles }))
  const [last, ...others] = halves
  return last !== undefined && stands(others, last, needed)
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
