import type { Role, SigningRole } from '../../../shared/schema.ts'

/** Which role a person must hold at this desk to sign a waybill in each signing role. */
export const roleFor: Readonly<Record<SigningRole, Role>> = {
  prepare: 'transfer-agent',
  release: 'release-authority',
  witness: 'witness',
}

/** Two of the roles that one person may not hold together (the built-in policy); `null` when they may. */
export function excludedPair(roles: readonly Role[]): [Role, Role] | null {
  if (roles.includes('requester') && roles.includes('release-authority'))
    return ['requester', 'release-authority']
  const other = roles.find((role) => role !== 'auditor')
  return roles.includes('auditor') && other !== undefined ? ['auditor', other] : null
}
