import { latestExpiry, lifetimeIn, mayExpire } from '../../../shared/rules/expiry.ts'
import type { Request } from '../../../shared/request.ts'
import { Failure } from '../../platform/failure.ts'
import type { Desk } from '../desk.ts'

/** The people that the policy needs before anything is collected and that this desk does not have, in words. */
export function missingPeople(desk: Desk, requesterId: string): string[] {
  const { people, policy } = desk.state
  const requester = people.find((person) => person.id === requesterId)
  const missing: string[] = []
  if (requester === undefined) missing.push(`${requesterId} as requester`)
  else if (!requester.roles.includes('requester')) missing.push(`${requesterId} with the role requester`)
  const rule = policy.document.signers
  const who = {
    prepare: people.filter((person) => person.roles.includes('transfer-agent')),
    release: people.filter(
      (person) => person.roles.includes('release-authority') && person.id !== requesterId,
    ),
    witness: people.filter((person) => person.roles.includes('witness')),
  }
  const words = {
    prepare: 'transfer agent (to prepare)',
    release: 'release authority who is not the requester (to release)',
    witness: 'witness',
  }
  for (const role of ['prepare', 'release', 'witness'] as const) {
    if (who[role].length < rule[role]) missing.push(`${rule[role] - who[role].length} × ${words[role]}`)
  }
  const signers = new Set(
    [...who.prepare, ...who.release, ...(rule.witness > 0 ? who.witness : [])].map((p) => p.id),
  )
  const needed = rule.prepare + rule.release + rule.witness
  if (missing.length === 0 && signers.size < needed) missing.push(`${needed} different people who sign`)
  return missing
}

/** @throws Failure `people-missing` */
export function checkPeople(desk: Desk, requesterId: string): void {
  const missing = missingPeople(desk, requesterId)
  if (missing.length > 0) throw new Failure('people-missing', { expected: missing.join('; ') })
}

/**
 * A desk carries to others: what it sent to itself, nobody could ever receive.
 *
 * @throws Failure `destination-own`
 */
export function checkDestinations(desk: Desk, request: Request): void {
  if (!request.destinations.includes(desk.id)) return
  throw new Failure('destination-own', { found: desk.id, expected: 'ids of other desks' })
}

/**
 * A request that the policy cannot allow is refused before anything is fetched.
 *
 * @throws Failure `bad-input`
 */
export function checkExpiry(desk: Desk, request: Request): void {
  const { expires, channel } = request
  if (expires === null) return
  const lifetime = lifetimeIn(desk.state.policy.document, channel)
  checkLifetime(expires, desk.now(), lifetime)
}

/**
 * An expiry that the policy allows of a waybill made now.
 *
 * @throws Failure `bad-input`
 */
export function checkLifetime(expires: string, now: string, lifetime: number): void {
  if (mayExpire(expires, now, lifetime)) return
  const expected = `after now, at most ${latestExpiry(now, lifetime)}`
  throw new Failure('bad-input', { found: `expires: ${expires}`, expected })
}
