import type { RevokedView } from '../../../shared/changes.ts'
import type { Consignment } from './consignment.ts'
import type { DeskState } from './state.ts'

/** Keys that signed a consignment's waybill, its evidence or the decision, and roots that vouched, revoked since. */
export function revokedIn(state: DeskState, one: Consignment): RevokedView[] {
  if (state.revoked.size === 0) return []
  const keys = [
    ...one.signers,
    ...one.approvals.map((approval) => approval.fingerprint),
    ...one.halves.map((half) => half.fingerprint),
    ...((one.verdict?.evidence ?? one.made?.evidence)?.by ?? []),
  ]
  return [...new Set(keys)].flatMap((key) => {
    const found = state.revoked.get(key)
    if (found === undefined) return []
    const { fingerprint, name, at, reason } = found
    return [{ fingerprint, name, at, reason }]
  })
}
