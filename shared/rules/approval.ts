import type { Role, SigningRole } from '../schema.ts'
import { isSame, roleFor, type Keyholder } from './roles.ts'
import { rulesNow } from './version.ts'

/** How many people must sign a waybill in each signing role. */
export type SignersRule = Readonly<Record<SigningRole, number>>

/** A signature that a waybill has. */
export interface ApprovalGiven extends Keyholder {
  readonly role: SigningRole
}

/** A waybill that is being signed, as far as the rule looks. */
export interface Signed {
  /** Id of who asked for the content. */
  readonly requester: string | null
  readonly approvals: readonly ApprovalGiven[]
  /** Everyone who could sign when the waybill was made. */
  readonly people: readonly Pick<Keyholder, 'person' | 'fingerprint'>[]
}

/** Roles whose required signatures are still missing, one for each signature. */
export function missingRoles(
  rule: SignersRule,
  approvals: readonly { readonly role: SigningRole }[],
): SigningRole[] {
  return (['prepare', 'release', 'witness'] as const).flatMap((role) => {
    const have = approvals.filter((approval) => approval.role === role).length
    return Array.from({ length: Math.max(0, rule[role] - have) }, () => role)
  })
}

/**
 * Why somebody may not sign a waybill in a role; `null` when they may. Whether the signature is still missing at all is
 * another question (`missingRoles`).
 */
export function approvalObstacle(
  one: Signed,
  person: Keyholder & { readonly roles: readonly Role[] },
  role: SigningRole,
  rules = rulesNow,
): 'role-missing' | 'requester-releases' | 'already-signed' | 'same-person' | 'not-listed' | null {
  if (!person.roles.includes(roleFor[role])) return 'role-missing'
  if (role === 'release' && person.person === one.requester) return 'requester-releases'
  const before = one.approvals.find((approval) => isSame(approval, person, rules))
  if (before !== undefined) return before.role === role ? 'already-signed' : 'same-person'
  const listed = one.people.find((other) => other.person === person.person)
  return listed?.fingerprint === person.fingerprint ? null : 'not-listed'
}
