import type { Digest } from '../../../shared/digest.ts'
import type { Desk } from '../desk.ts'
import { readWaybill } from './waybill.ts'
import type { Consignment } from '../state/consignment.ts'

type Side = 'low' | 'high'

/** Whether a consignment still holds on to its content in the store. */
function pins(one: Consignment, side: Side): boolean {
  if (one.waybill === null || one.closed !== null) return false
  return side === 'low' ? one.dropped === null : one.decided === 'accept'
}

/** Whether its content may lie in the store at all: until it is pruned on the record. */
function names(one: Consignment, side: Side): boolean {
  if (one.waybill === null || one.pruned) return false
  return side === 'low' || one.decided === 'accept'
}

async function digestsOf(desk: Desk, which: typeof pins): Promise<Set<Digest>> {
  const digests = new Set<Digest>()
  for (const one of desk.state.consignments.values()) {
    if (!which(one, desk.state.card.side)) continue
    const { waybill } = await readWaybill(desk, one)
    for (const blob of waybill.blobs) digests.add(blob.digest)
  }
  return digests
}

/** Every digest in the store that some consignment still needs. The rest may be pruned. */
export function pinnedDigests(desk: Desk): Promise<Set<Digest>> {
  return digestsOf(desk, pins)
}

/** Every digest that some consignment brought, needed or not. What else lies in the store came from a crash. */
export function namedDigests(desk: Desk): Promise<Set<Digest>> {
  return digestsOf(desk, names)
}
