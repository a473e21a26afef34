import type { Digest } from '../../../shared/digest.ts'
import type { Recovery, Release, Void } from '../../../shared/rules/stream-memory.ts'
import type { Change } from './change.ts'
import type { FactsOf } from './facts.ts'

type Stream = NonNullable<FactsOf<'waybill.seen'>['stream']>

interface SeenEntry {
  readonly epoch: number
  readonly sequence: number
  readonly digest: Digest
  readonly previous: Digest | null
  readonly voids: readonly Void[]
  /** Fingerprints of the keys under it. */
  readonly signers: readonly string[]
  decided: 'accepted' | 'rejected' | null
}

/** What a desk remembers of one sender and channel, in every epoch. */
export interface StreamState {
  readonly stream: Stream
  readonly seen: SeenEntry[]
  readonly releases: Release[]
  readonly recoveries: Recovery[]
  /** How often this desk had been put back when the stream was last recovered. */
  recovered: number
}

interface SeenHeadFacts {
  readonly waybill: Digest
  readonly consignment: string
  readonly size: number
  readonly root: string
  readonly channel: string
  readonly epoch: number
}

/** What a desk remembers of other desks' bundles: streams, channel owners, ledger heads. */
export interface OrderState {
  /** Where each waybill was seen, for those that come again or are decided. */
  readonly entries: Map<Digest, { readonly state: StreamState; readonly entry: SeenEntry }[]>
  readonly streams: Map<string, StreamState>
  /** By channel: the sender's desk id. */
  readonly owners: Map<string, string>
  /** By channel, on both sides: the epoch in force where it was raised. */
  readonly epochs: Map<string, number>
  readonly heads: Map<string, SeenHeadFacts[]>
  /** Senders whose chain of heads a raise of the epoch ended: by what. */
  readonly ended: Map<string, string>
  /** How often this desk was put back. From each time on, every stream is lost until it is recovered. */
  readonly putBack: number
}

type Writable = { -readonly [K in keyof OrderState]: OrderState[K] }

const keyOf = (sender: string, channel: string): string => `${sender}|${channel}`

export function newOrder(): Writable {
  return {
    entries: new Map(),
    streams: new Map(),
    owners: new Map(),
    epochs: new Map(),
    heads: new Map(),
    ended: new Map(),
    putBack: 0,
  }
}

export function streamOf(order: OrderState, sender: string, channel: string): StreamState | undefined {
  return order.streams.get(keyOf(sender, channel))
}

/** The epoch of a channel that is in force here: 1 until two officers raise it. */
export function epochOf(order: Pick<OrderState, 'epochs'>, channel: string): number {
  return order.epochs.get(channel) ?? 1
}

/**
 * Notes a waybill that counts as seen: signatures, trust of every line, attestation and destination were right. Seeing
 * it again changes nothing.
 */
export function noteSeen(order: OrderState, seen: FactsOf<'waybill.seen'>): void {
  const { stream, waybill, head, consignment, epoch, voids, signers } = seen
  if (stream === null || !seen.counted) return
  const { sender, channel, sequence, previous } = stream
  const key = keyOf(sender, channel)
  const fresh: StreamState = { stream, seen: [], releases: [], recoveries: [], recovered: 0 }
  const state = order.streams.get(key) ?? fresh
  order.streams.set(key, state)
  const known = order.entries.get(waybill) ?? []
  if (known.some((one) => one.state === state)) return
  const entry: SeenEntry = { epoch, sequence, digest: waybill, previous, voids, signers, decided: null }
  order.entries.set(waybill, [...known, { state, entry }])
  state.seen.push(entry)
  // What an epoch that has ended says of its sender's ledger no longer counts.
  if (head === null || epoch < epochOf(order, channel)) return
  const heads = order.heads.get(sender) ?? []
  heads.push({ waybill, consignment, ...head, channel, epoch })
  order.heads.set(sender, heads)
}

/** Notes what people decided on a seen waybill. */
export function noteDecided(order: Writable, waybill: Digest, decided: 'accepted' | 'rejected'): void {
  for (const { state, entry } of order.entries.get(waybill) ?? []) {
    entry.decided = decided
    if (decided !== 'accepted') continue
    const { channel, sender } = state.stream
    if (!order.owners.has(channel)) order.owners.set(channel, sender)
  }
}

/** Notes that this desk's folder was put back: from now on each stream is lost until officers record its recovery. */
export function notePutBack(order: Writable): void {
  order.putBack += 1
}

/** Raises the epoch of a channel. It ends the old chain of heads of every sender on it (trust.md, Order, “Heads”). */
export function raiseEpoch(order: OrderState, channel: string, to: number): void {
  order.epochs.set(channel, to)
  for (const { stream } of order.streams.values()) {
    if (stream.channel !== channel) continue
    const { sender } = stream
    const heads = (order.heads.get(sender) ?? []).filter((one) => one.channel === channel && one.epoch >= to)
    order.heads.set(sender, heads)
    order.ended.set(sender, `epoch ${to} of channel ${channel}`)
  }
}

/** Notes a hold that two officers released, and what they stated of the stream. */
export function noteRelease(order: OrderState, change: Extract<Change, { kind: 'stream.release' }>): void {
  const { waybill, row, rests, recovery } = change
  for (const { state } of order.entries.get(waybill) ?? []) {
    state.releases.push({ waybill, row, rests })
    if (recovery === null) continue
    const { channel, sender } = state.stream
    state.recoveries.push(recovery)
    state.recovered = order.putBack
    if (recovery.epoch > epochOf(order, channel)) raiseEpoch(order, channel, recovery.epoch)
    if (recovery.accepted !== null && !order.owners.has(channel)) order.owners.set(channel, sender)
  }
}

/** Moves a channel to another sender. */
export function moveChannel(order: OrderState, channel: string, to: string): void {
  order.owners.set(channel, to)
}
