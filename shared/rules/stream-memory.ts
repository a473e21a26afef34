import type { Digest } from '../digest.ts'

/* What a high desk remembers of a stream, as plain data: the ledger tells it, the rule of the order reads it. */

/** A number that a waybill declares void, and the bundle that will never come with it. */
export interface Void {
  readonly sequence: number
  readonly digest: Digest
}

/** A waybill of the stream that was seen here. */
export interface SeenWaybill {
  readonly epoch: number
  readonly sequence: number
  readonly digest: Digest
  readonly previous: Digest | null
  /** Its own list of voids, for this desk. */
  readonly voids: readonly Void[]
  readonly decided: 'accepted' | 'rejected' | null
  /** Whether every one of its lines is trusted for this sender and channel now. */
  readonly trusted: boolean
}

/** From … to, both included. */
export interface Numbers {
  readonly from: number
  readonly to: number
}

/** The rows that hold; only these are ever released. */
export const heldRows = ['order.equivocation', 'order.state', 'order.gap'] as const
export type HeldRow = (typeof heldRows)[number]

/** What a hold rests on. A release names it; anything further holds again (trust.md, Order, "Releases"). */
export interface Rests {
  /** The other waybills of an equivocation. */
  readonly others: readonly Digest[]
  /** The numbers of a gap of which nothing is known. */
  readonly missing: readonly Numbers[]
  /** Where the way back over `previous` ends, if it does not end at the last accepted one. */
  readonly end: { readonly digest: Digest | null } | null
  /** The head of this desk's ledger that the sender has witnessed and the ledger does not contain. */
  readonly head: string | null
}

/** A hold that two officers released: of one waybill, one row, and what it rested on. */
export interface Release {
  readonly waybill: Digest
  readonly row: HeldRow
  readonly rests: Rests
}

/** What two officers stated of a stream whose memory was lost; it counts as if it had been decided here. */
export interface Recovery {
  readonly epoch: number
  readonly accepted: Void | null
  readonly rejected: readonly Digest[]
}

/** What a high desk remembers of one sender and channel. */
export interface StreamMemory {
  /** Every waybill seen, of every epoch. */
  readonly seen: readonly SeenWaybill[]
  /** The epoch in force for the channel. */
  readonly epoch: number
  /** The first sender accepted on the channel, or the one that two officers moved it to. */
  readonly owner: string | null
  readonly releases: readonly Release[]
  readonly recoveries: readonly Recovery[]
  /** This desk was put back, and the stream was not recovered since. */
  readonly lost: boolean
}

/** A waybill that asks to be taken: its own entry for this desk. */
export interface Asked {
  readonly sender: string
  readonly epoch: number
  readonly sequence: number
  readonly digest: Digest
  readonly previous: Digest | null
  readonly voids: readonly Void[]
  /** The head that the sender has witnessed, where this desk's ledger does not contain it. */
  readonly head: string | null
}

/** What is known of the asked waybill's own epoch: *seen* and *known* mean other waybills than this one. */
export interface Known {
  readonly others: readonly SeenWaybill[]
  readonly recoveries: readonly Recovery[]
  /** The highest accepted one, by this desk or as two officers stated it. */
  readonly last: Void | null
  /** Voids of others that count now. */
  readonly voids: readonly Void[]
  /** Digests that two officers stated as rejected. */
  readonly rejected: ReadonlySet<Digest>
}

type Listing = Pick<SeenWaybill, 'sequence' | 'voids'>

/** What a list of voids says that none may, whatever was seen: a number or a bundle twice, a number not below its own. */
export function wrongVoids({ sequence, voids }: Listing): string | null {
  const once = (all: readonly unknown[]): boolean => new Set(all).size === all.length
  if (!once(voids.map((told) => told.sequence)) || !once(voids.map((told) => told.digest)))
    return 'a number or a bundle twice'
  const high = voids.find((told) => told.sequence >= sequence)
  return high === undefined ? null : `number ${high.sequence}, which is not below its own`
}

/**
 * The void of a waybill's list that names a digest seen under another number: it refuses the waybill, and its list
 * counts for nobody.
 */
export function falseVoid(one: Listing, seen: readonly Void[]): Void | null {
  if (one.voids.length === 0) return null
  const named = new Map<Digest, Void[]>()
  for (const told of one.voids) {
    const others = named.get(told.digest)
    if (others === undefined) named.set(told.digest, [told])
    else others.push(told)
  }
  for (const { digest, sequence } of seen) {
    const wrong = named.get(digest)?.find((told) => told.sequence !== sequence)
    if (wrong !== undefined) return wrong
  }
  return null
}

/**
 * Whether a seen waybill's voids count for others of its stream: for as long as every one of its lines is trusted and it
 * is neither rejected nor refused for its own void list; acceptance makes them lasting.
 */
export function voidsCount(one: SeenWaybill, seen: readonly Void[]): boolean {
  if (one.decided === 'accepted') return true
  return one.trusted && one.decided === null && wrongVoids(one) === null && falseVoid(one, seen) === null
}

function highest(accepted: readonly Void[]): Void | null {
  let last: Void | null = null
  for (const one of accepted) if (last === null || one.sequence > last.sequence) last = one
  return last
}

/** The last accepted waybill of an epoch. */
export function lastAccepted(
  memory: {
    readonly seen: readonly (Void & Pick<SeenWaybill, 'epoch' | 'decided'>)[]
    readonly recoveries: readonly Recovery[]
  },
  epoch: number,
): Void | null {
  const here = memory.seen.filter((one) => one.epoch === epoch && one.decided === 'accepted')
  const stated = memory.recoveries.flatMap((one) =>
    one.epoch === epoch && one.accepted !== null ? [one.accepted] : [],
  )
  const last = highest([...here, ...stated])
  return last === null ? null : { sequence: last.sequence, digest: last.digest }
}

/** What is known in the asked waybill's own epoch, without the waybill itself. */
export function knownOf(memory: StreamMemory, asked: Asked): Known {
  const others = memory.seen.filter((one) => one.epoch === asked.epoch && one.digest !== asked.digest)
  const recoveries = memory.recoveries.filter((one) => one.epoch === asked.epoch)
  const seen: Void[] = [...others, { sequence: asked.sequence, digest: asked.digest }]
  return {
    others,
    recoveries,
    last: lastAccepted({ seen: others, recoveries }, asked.epoch),
    voids: others.flatMap((one) => (one.voids.length > 0 && voidsCount(one, seen) ? one.voids : [])),
    rejected: new Set(recoveries.flatMap((one) => one.rejected)),
  }
}
