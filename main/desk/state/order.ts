import type { Digest } from '../../../shared/digest.ts'
import type { FactsOf } from './facts.ts'

type Stream = NonNullable<FactsOf<'waybill.seen'>['stream']>

interface SeenEntry {
  readonly sequence: number
  readonly digest: Digest
  readonly previous: Digest | null
  decided: 'accepted' | 'rejected' | null
}

export interface StreamState {
  readonly stream: Stream
  readonly seen: SeenEntry[]
  accepted: { sequence: number; digest: Digest } | null
  readonly voids: { sequence: number; digest: Digest }[]
}

/** What a desk remembers of other desks' bundles: streams, channel owners, ledger heads. */
export interface OrderState {
  /** Where each waybill was seen, for those that come again or are decided. */
  readonly entries: Map<Digest, { readonly state: StreamState; readonly entry: SeenEntry }[]>
  readonly streams: Map<string, StreamState>
  readonly owners: Map<string, { sender: string; epoch: number }>
  readonly heads: Map<string, { waybill: Digest; consignment: string; size: number; root: string }[]>
  readonly floor: string | null
}

const keyOf = (sender: string, channel: string): string => `${sender}|${channel}`

export function newOrder(): { -readonly [K in keyof OrderState]: OrderState[K] } {
  return { entries: new Map(), streams: new Map(), owners: new Map(), heads: new Map(), floor: null }
}

export function streamOf(order: OrderState, sender: string, channel: string): StreamState | undefined {
  return order.streams.get(keyOf(sender, channel))
}

/** Notes a waybill whose signatures passed here. Seeing it again changes nothing. */
export function noteSeen(order: OrderState, seen: FactsOf<'waybill.seen'>): void {
  const { stream, waybill, head, consignment } = seen
  if (stream === null) return
  const key = keyOf(stream.sender, stream.channel)
  const state: StreamState = order.streams.get(key) ?? { stream, seen: [], accepted: null, voids: [] }
  order.streams.set(key, state)
  const known = order.entries.get(waybill) ?? []
  if (known.some((one) => one.state === state)) return
  const { sequence, previous } = stream
  const entry: SeenEntry = { sequence, digest: waybill, previous, decided: null }
  order.entries.set(waybill, [...known, { state, entry }])
  state.seen.push(entry)
  state.voids.push(...seen.voids.filter((one) => !state.voids.some((other) => other.digest === one.digest)))
  const heads = order.heads.get(stream.sender) ?? []
  if (head !== null) heads.push({ waybill, consignment, ...head })
  order.heads.set(stream.sender, heads)
}

/** Notes what people decided on a seen waybill. */
export function noteDecided(
  order: { -readonly [K in keyof OrderState]: OrderState[K] },
  waybill: Digest,
  decided: 'accepted' | 'rejected',
  about: { readonly epoch: number; readonly created: string },
): void {
  for (const { state, entry } of order.entries.get(waybill) ?? []) {
    entry.decided = decided
    if (decided !== 'accepted') continue
    if (state.accepted === null || entry.sequence > state.accepted.sequence) {
      state.accepted = { sequence: entry.sequence, digest: waybill }
    }
    const { channel, sender } = state.stream
    if (!order.owners.has(channel)) order.owners.set(channel, { sender, epoch: about.epoch })
    if (order.floor === null || about.created > order.floor) order.floor = about.created
  }
}
