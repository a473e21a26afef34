import type { RevokedView } from '../../shared/changes.ts'
import type { Consignment } from './state/consignment.ts'
import type { DeskState } from './state/state.ts'

/** Keys that signed a consignment's waybill, or the decision on it, and were revoked since. */
export function revokedIn(state: DeskState, one: Consignment): RevokedView[] {
  if (state.revoked.size === 0) return []
  const keys = [
    ...one.signers,
    ...one.approvals.map((approval) => approval.fingerprint),
    ...one.halves.map((half) => half.fingerprint),
  ]
  return [...new Set(keys)].flatMap((key) => {
    const found = state.revoked.get(key)
    if (found === undefined) return []
    const { fingerprint, name, at, reason } = found
    return [{ fingerprint, name, at, reason }]
  })
}
