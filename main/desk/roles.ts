import type { Role, SigningRole } from '../../shared/schema.ts'

/** Which role a person must hold at this desk to sign a waybill in each signing role. */
export const roleFor: Readonly<Record<SigningRole, Role>> = {
  prepare: 'transfer-agent',
  release: 'release-authority',
  witness: 'witness',
}
