import type { Digest } from '../digest.ts'
import type { Asked, Known, Numbers, Rests, SeenWaybill, Void } from './stream-memory.ts'

type Gap = Pick<Rests, 'missing' | 'end'>

/** Everything that a way back may pass: rejects and voids, by digest and by number. */
interface Passable {
  readonly seen: ReadonlyMap<Digest, SeenWaybill>
  readonly rejected: ReadonlySet<Digest>
  /** The numbers at which each void stands; the same void is told by many waybills. */
  readonly voids: ReadonlyMap<Digest, number>
  /** What has a number: accepted, rejected or voided. */
  readonly at: ReadonlyMap<number, ReadonlySet<Digest>>
}

function passableOf(asked: Asked, known: Known): Passable {
  const at = new Map<number, Set<Digest>>()
  const put = ({ sequence, digest }: Void): void => {
    at.set(sequence, (at.get(sequence) ?? new Set()).add(digest))
  }
  const seen = new Map(known.others.map((one) => [one.digest, one]))
  const rejected = new Set(known.rejected)
  const voids = new Map<Digest, number>()
  for (const one of known.others) {
    if (one.decided !== null) put(one)
    if (one.decided === 'rejected') rejected.add(one.digest)
  }
  for (const one of known.recoveries) if (one.accepted !== null) put(one.accepted)
  for (const one of [...known.voids, ...asked.voids]) {
    put(one)
    voids.set(one.digest, one.sequence)
  }
  return { seen, rejected, voids, at }
}

interface Place {
  /** The number that what is looked for must have, by what points to it. */
  readonly number: number
  readonly digest: Digest | null
}

/**
 * What a reject or a void stands on: its own `previous` where it was seen; else what has the number below it, and number
 * 1 stands on `null`. Empty where the way does not go on.
 */
function below({ number, digest }: Place, passable: Passable): Place[] {
  if (digest === null) return []
  const voided = passable.voids.get(digest)
  if (voided === undefined && !passable.rejected.has(digest)) return []
  const seen = passable.seen.get(digest)
  // A void of something accepted changes nothing in the order.
  if (seen?.decided === 'accepted') return []
  if (seen !== undefined) return [{ number: seen.sequence - 1, digest: seen.previous }]
  const before = (voided ?? number) - 1
  if (before < 1) return [{ number: 0, digest: null }]
  return [...(passable.at.get(before) ?? [])].map((one) => ({ number: before, digest: one }))
}

interface Way {
  /** The digest at which it ends; nothing where it reaches the last accepted one. */
  readonly end: Rests['end']
  /** Numbers of digests that officers stated as rejected: they have the one below whatever points to them. */
  readonly stated: readonly number[]
}

function wayBack(asked: Asked, known: Known, passable: Passable): Way {
  const target = known.last?.digest ?? null
  const open: Place[] = [{ number: asked.sequence - 1, digest: asked.previous }]
  const looked = new Set<Digest | null>()
  const stated: number[] = []
  let end: Digest | null = asked.previous
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const { number, digest } = place
    if (digest === target) return { end: null, stated }
    if (looked.has(digest)) continue
    looked.add(digest)
    if (digest !== null && known.rejected.has(digest) && !passable.seen.has(digest)) stated.push(number)
    const next = below(place, passable)
    if (next.length === 0) end = digest
    // One by one: as arguments of one call there can be too many.
    for (const one of next) open.push(one)
  }
  return { end: { digest: end }, stated }
}

/** The numbers strictly between two, without those that are accounted for. The ranges are few, however far apart. */
function missingBetween(after: number, before: number, there: Iterable<number>): Numbers[] {
  const accounted = [...new Set(there)].filter((one) => one > after && one < before).sort((a, b) => a - b)
  const missing: Numbers[] = []
  let from = after + 1
  for (const one of [...accounted, before]) {
    if (one > from) missing.push({ from, to: one - 1 })
    from = one + 1
  }
  return missing
}

/**
 * Whether a waybill follows the last accepted one of its stream (trust.md, Order): its `previous` is that one or reaches
 * it through rejected and voided ones, and every number strictly between is rejected or voided. Skipping is never
 * silent. `null` where there is no gap.
 */
export function gapOf(asked: Asked, known: Known): Gap | null {
  const passable = passableOf(asked, known)
  const { end, stated } = wayBack(asked, known, passable)
  const there = [...passable.at.keys(), ...stated]
  const missing = missingBetween(known.last?.sequence ?? 0, asked.sequence, there)
  return end === null && missing.length === 0 ? null : { end, missing }
}

/** Whether the way back ends at `null`: with nothing else known, the stream begins with this waybill. */
export function beginsHere(asked: Asked, known: Known): boolean {
  const fresh = { ...known, last: null }
  return wayBack(asked, fresh, passableOf(asked, fresh)).end === null
}
