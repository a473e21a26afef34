import type { Digest } from '../../shared/digest.ts'
import type { Desk } from './desk.ts'
import { readSealed } from './sealed.ts'
import type { Consignment } from './state/consignment.ts'

/** Whether a consignment still holds on to its content in the store. */
function pins(one: Consignment, side: 'low' | 'high'): boolean {
  if (one.waybill === null || one.closed !== null) return false
  return side === 'low' ? one.dropped === null : one.decided === 'accept'
}

/** Every digest in the store that some consignment still needs. The rest may go. */
export async function pinnedDigests(desk: Desk): Promise<Set<Digest>> {
  const pinned = new Set<Digest>()
  for (const one of desk.state.consignments.values()) {
    if (!pins(one, desk.state.card.side)) continue
    const { waybill } = await readSealed(desk, one)
    for (const blob of waybill.blobs) pinned.add(blob.digest)
  }
  return pinned
}
