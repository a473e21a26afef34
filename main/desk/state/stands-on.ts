import type { Digest } from '../../../shared/digest.ts'
import { isDecided } from '../../../shared/rules/decision.ts'
import type { Consignment } from './consignment.ts'
import { streamOf, type StreamState } from './order.ts'
import type { DeskState } from './state.ts'

type Entry = StreamState['seen'][number]

const isLater = (a: Entry, b: Entry): boolean =>
  a.epoch > b.epoch || (a.epoch === b.epoch && a.sequence > b.sequence)

// The last accepted of a stream, everything seen after it, and what shares a number with the one in question or tells
// a void that may count for it.
function inStream({ seen }: StreamState, digest: Digest): Digest[] {
  const own = seen.find((one) => one.digest === digest)
  let last: Entry | null = null
  for (const one of seen) if (one.decided === 'accepted' && (last === null || isLater(one, last))) last = one
  const after = (one: Entry): boolean =>
    last === null ||
    !isLater(last, one) ||
    (one.epoch === last.epoch && one.voids.some(({ sequence }) => sequence >= last.sequence))
  return seen
    .filter((one) => after(one) || (one.epoch === own?.epoch && one.sequence === own.sequence))
    .map((one) => one.digest)
}

// The floor of the clock is what one accepted waybill says of its making: the last of those that say so.
function givesFloor(state: DeskState): Consignment | null {
  let found: Consignment | null = null
  for (const one of state.consignments.values()) {
    const { decided, decidedAt, created } = one
    if (decided !== 'accept' || decidedAt === null) continue
    const proves = created !== null && created < decidedAt ? created : decidedAt
    if (proves === state.floor && decidedAt >= (found?.decidedAt ?? '')) found = one
  }
  return found
}

// The number of the next waybill follows from the last one that was released on the channel.
function lastReleased(state: DeskState, channel: string | null): Consignment | null {
  let last: Consignment | null = null
  for (const one of state.consignments.values()) {
    if (one.channel !== channel || one.releasedAt === null) continue
    if ((one.sequence ?? 0) >= (last?.sequence ?? 0)) last = one
  }
  return last
}

const namesCauses = (one: Consignment): boolean =>
  isDecided(one.decided) && one.halves.some((half) => half.causes.length > 0)

/**
 * The consignments of which the ledger must be right for an act about these: themselves, what their order, the floor of
 * the clock and the causes of rejections rest on, and what officers released.
 */
export function standsOn(state: DeskState, ids: readonly string[]): Set<string> {
  const wanted = new Set(ids)
  const byWaybill = new Map<Digest, string>()
  for (const one of state.consignments.values()) {
    if (one.waybill !== null) byWaybill.set(one.waybill, one.id)
    if (namesCauses(one)) wanted.add(one.id)
  }
  const also = (one: Consignment | null): void => {
    if (one !== null) wanted.add(one.id)
  }
  also(givesFloor(state))
  for (const { document } of state.changes) {
    if (document.change.kind === 'stream.release') wanted.add(document.change.consignment)
  }
  for (const id of ids) {
    const one = state.consignments.get(id)
    if (one === undefined) continue
    also(lastReleased(state, one.channel))
    const stream = streamOf(state.order, one.sender?.id ?? '', one.channel ?? '')
    if (stream === undefined || one.waybill === null) continue
    for (const digest of inStream(stream, one.waybill)) wanted.add(byWaybill.get(digest) ?? id)
  }
  return wanted
}
