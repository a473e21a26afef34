import type { Exception } from '../policy-content.ts'
import type { Role } from '../schema.ts'
import { mayDecide, stands } from './decision.ts'
import { mayOverride, type Override } from './override.ts'
import { isSame, type Keyholder } from './roles.ts'
import { rulesNow } from './version.ts'

const day = 24 * 60 * 60 * 1000
const text = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`

/** When an exception that is written ahead begins: with its first day. */
export const startOf = ({ since }: Pick<Exception, 'since'>): string => `${since}T00:00:00Z`
/** When it ends: with its last day. */
export const endOf = ({ until }: Pick<Exception, 'until'>): string =>
  text(Date.parse(`${until}T00:00:00Z`) + day)

/** Somebody of a desk who may approve. */
export interface Approver extends Keyholder {
  readonly roles: readonly Role[]
}

/** The two who approve an exception, where they are people who could decide together; else `null`. */
export function approversOf(
  { approvers }: Pick<Exception, 'approvers'>,
  people: readonly Approver[],
): readonly [Approver, Approver] | null {
  const [one, other] = approvers.map((id) => people.find(({ person }) => person === id))
  if (one === undefined || other === undefined || isSame(one, other, rulesNow)) return null
  if (!mayDecide(one.roles) || !mayDecide(other.roles)) return null
  const halves = [one, other].map(({ roles }) => ({ outcome: 'accept' as const, roles }))
  const [first, second] = halves
  return first !== undefined && second !== undefined && stands([first], second) ? [one, other] : null
}

/**
 * The exceptions of a policy that are in force: from their first day to their last, by two people of the desk who may
 * decide together. They are overrides like those that people sign, never more.
 */
export function writtenAhead(
  exceptions: readonly Exception[],
  people: readonly Approver[],
  now: string,
): Override[] {
  return exceptions.flatMap((one) => {
    const two = approversOf(one, people)
    if (two === null || !mayOverride(one.check) || now < startOf(one)) return []
    const { check, subject = null, reason } = one
    return [{ check, subject, until: endOf(one), reason, people: two.map(({ name }) => name) }]
  })
}
