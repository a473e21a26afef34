import type { Digest } from '../../../shared/digest.ts'
import type {
  Asked,
  Recovery,
  Release,
  SeenWaybill,
  StreamMemory,
} from '../../../shared/rules/stream-memory.ts'
import { naiveAnswer, type NaiveAnswer } from '../naive-order.ts'
import type { Bundle } from './low-model.ts'
import type { Preparer } from './world.ts'

/*
 * What a high desk remembers of one sender and channel, and what it must answer (trust.md, Order). The table itself is
 * the naive one.
 */

/** A signed bundle, as it may come to a high desk. */
export interface Signed extends Bundle {
  readonly prepared: Preparer
}

interface Noted extends Omit<SeenWaybill, 'trusted' | 'decided'> {
  decided: SeenWaybill['decided']
  readonly prepared: Preparer
}

/** Everything that a high desk remembers. */
export interface HighState {
  readonly id: string
  readonly sender: string
  seen: Noted[]
  epoch: number
  owned: boolean
  releases: Release[]
  recoveries: Recovery[]
  putBack: number
  recovered: number
  revoked: Preparer[]
  /** The sender's ledger as bundles showed it. */
  heads: { readonly digest: Digest; readonly epoch: number; readonly ledger: readonly number[] }[]
}

/** A high desk that remembers nothing yet. */
export function newHigh(id: string, sender: string): HighState {
  const none = { seen: [], releases: [], recoveries: [], revoked: [], heads: [] }
  return { id, sender, epoch: 1, owned: false, putBack: 0, recovered: 0, ...none }
}

/** Whether all who signed are trusted here. */
export const trusted = (high: HighState, bundle: Signed): boolean => !high.revoked.includes(bundle.prepared)

/** Whether it is addressed to this desk. */
export const addressed = (high: HighState, bundle: Bundle): boolean =>
  bundle.entries.some((one) => one.desk === high.id)

function askedOf(high: HighState, bundle: Bundle): Asked {
  const entry = bundle.entries.find((one) => one.desk === high.id)
  const voids = bundle.voids.filter((one) => one.desk === high.id)
  return {
    sender: high.sender,
    epoch: bundle.epoch,
    sequence: entry?.sequence ?? 0,
    digest: bundle.digest,
    previous: entry?.previous ?? null,
    voids: voids.map(({ sequence, digest }) => ({ sequence, digest })),
    head: null,
  }
}

function memoryOf(high: HighState): StreamMemory {
  return {
    seen: high.seen.map((one) => ({ ...one, trusted: !high.revoked.includes(one.prepared) })),
    epoch: high.epoch,
    owner: high.owned ? high.sender : null,
    releases: high.releases,
    recoveries: high.recoveries,
    lost: high.recovered < high.putBack,
  }
}

/** What the order says of it now. */
export const orderAt = (high: HighState, bundle: Bundle): NaiveAnswer =>
  naiveAnswer(memoryOf(high), askedOf(high, bundle))

/** It was read here, and counts as seen. */
export function note(high: HighState, bundle: Signed): void {
  if (high.seen.some((one) => one.digest === bundle.digest)) return
  const { epoch, sequence, digest, previous, voids } = askedOf(high, bundle)
  high.seen.push({ epoch, sequence, digest, previous, voids, decided: null, prepared: bundle.prepared })
  if (epoch >= high.epoch) high.heads.push({ digest, epoch, ledger: bundle.ledger })
}

/** Two people decided. */
export function noteDecided(high: HighState, digest: Digest, decided: 'accepted' | 'rejected'): void {
  const one = high.seen.find((other) => other.digest === digest)
  if (one === undefined) return
  one.decided = decided
  if (decided === 'accepted') high.owned = true
}

/** What was decided of it; `null` while nothing was, or it was never seen. */
export const decidedHere = (high: HighState, digest: Digest): SeenWaybill['decided'] =>
  high.seen.find((one) => one.digest === digest)?.decided ?? null

/** Two officers raised the epoch. */
export function raise(high: HighState, to: number): void {
  high.epoch = to
  high.heads = high.heads.filter((one) => one.epoch >= to)
}

/** Two officers released what held it, and stated what was decided where the memory was lost. */
export function noteRelease(
  high: HighState,
  bundle: Bundle,
  row: Release['row'],
  rests: Release['rests'],
  recovery: Recovery | null,
): void {
  high.releases.push({ waybill: bundle.digest, row, rests })
  if (recovery === null) return
  high.recoveries.push(recovery)
  high.recovered = high.putBack
  if (recovery.epoch > high.epoch) raise(high, recovery.epoch)
  if (recovery.accepted !== null) high.owned = true
}

/**
 * Whether the sender's ledger in this bundle and in those before it is one. Where it is not, the desk may fail it or
 * leave it unchecked, and where it is it never fails it.
 */
export function oneLedger(high: HighState, bundle: Bundle): boolean {
  return high.heads.every(({ ledger }) => {
    const shorter = Math.min(ledger.length, bundle.ledger.length)
    return ledger.slice(0, shorter).every((mark, i) => mark === bundle.ledger[i])
  })
}
