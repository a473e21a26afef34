import fc from 'fast-check'
import type { Digest } from '../../shared/digest.ts'
import type {
  Asked,
  Release,
  Rests,
  SeenWaybill,
  StreamMemory,
  Void,
} from '../../shared/rules/stream-memory.ts'

/* The same table once more, as naively as it can be said, for whatever histories chance makes. */

const names = ['a', 'b', 'c', 'd', 'e', 'f']
const sender = 'a'.repeat(64)
const name = fc.constantFrom(...names).map((one): Digest => `sha256:${one.padEnd(64, '0')}`)
const number = fc.integer({ min: 1, max: 5 })
const anyVoid = fc.record({ sequence: number, digest: name })
const anySeen = fc.record({
  epoch: fc.constantFrom(1, 1, 1, 2),
  sequence: number,
  digest: name,
  previous: fc.option(name),
  voids: fc.array(anyVoid, { maxLength: 2 }),
  decided: fc.constantFrom<SeenWaybill['decided']>(null, null, 'accepted', 'rejected'),
  trusted: fc.boolean(),
})
const anyRests = fc.record({
  others: fc.array(name, { maxLength: 3 }),
  missing: fc.array(fc.record({ from: number, to: number }), { maxLength: 2 }),
  end: fc.option(fc.record({ digest: fc.option(name) })),
  head: fc.constantFrom(null, 'h'),
})
/** Whatever a desk may remember. */
export const anyMemory = fc.record({
  seen: fc.uniqueArray(anySeen, { selector: (entry) => entry.digest, maxLength: 5 }),
  epoch: fc.constantFrom(1, 1, 1, 2),
  owner: fc.constantFrom(null, sender, 'b'.repeat(64)),
  releases: fc.array(
    fc.record({
      waybill: name,
      row: fc.constantFrom<Release['row']>('order.equivocation', 'order.state', 'order.gap'),
      rests: anyRests,
    }),
    { maxLength: 2 },
  ),
  recoveries: fc.array(
    fc.record({
      epoch: fc.constantFrom(1, 2),
      accepted: fc.option(anyVoid),
      rejected: fc.array(name, { maxLength: 1 }),
    }),
    { maxLength: 1 },
  ),
  lost: fc.constantFrom(false, false, false, true),
})
/** Whatever a waybill may ask. */
export const anyAsked = fc.record({
  sender: fc.constant(sender),
  epoch: fc.constantFrom(1, 1, 1, 2),
  sequence: number,
  digest: name,
  previous: fc.option(name),
  voids: fc.array(anyVoid, { maxLength: 2 }),
  head: fc.constantFrom(null, null, 'h', 'g'),
})

/** What the table says: the row that applies, or `passes`, and what a hold rests on. */
export interface NaiveAnswer {
  readonly row: string
  /** The other bundles of an equivocation. */
  readonly others: readonly Digest[]
  /** The numbers of a gap, one by one. */
  readonly missing: readonly number[]
  /** Where the ways back may end that do not end at the last accepted one; none where one does. */
  readonly ends: readonly (Digest | null)[]
}

/** The row that applies, or `passes`. */
export const naive = (m: StreamMemory, w: Asked): string => naiveAnswer(m, w).row

/** The same with what it rests on. */
export function naiveAnswer(m: StreamMemory, w: Asked): NaiveAnswer {
  const only = (row: string): NaiveAnswer => ({ row, others: [], missing: [], ends: [] })
  const others = m.seen.filter((e) => e.epoch === w.epoch && e.digest !== w.digest)
  const recovered = m.recoveries.filter((r) => r.epoch === w.epoch)
  const wrong = (e: { sequence: number; voids: readonly Void[] }): boolean =>
    e.voids.some((v) => v.sequence >= e.sequence) ||
    e.voids.some((v, i) =>
      e.voids.some((x, j) => i !== j && (v.sequence === x.sequence || v.digest === x.digest)),
    ) ||
    e.voids.some((v) => [...others, w].some((s) => s.digest === v.digest && s.sequence !== v.sequence))
  const lasting = (e: SeenWaybill): boolean => e.decided === 'accepted'
  const counting = (e: SeenWaybill): boolean => lasting(e) || (e.trusted && e.decided === null && !wrong(e))
  const theirs = others.filter(counting).flatMap((e) => e.voids)
  const voids = [...theirs, ...w.voids]
  const accepted = [...others.filter(lasting), ...recovered.flatMap((r) => r.accepted ?? [])]
  const last = accepted.reduce<Void | null>((x, y) => (x === null || y.sequence > x.sequence ? y : x), null)
  const stated = recovered.flatMap((r) => r.rejected)
  const given = (row: Release['row'], fits: (r: Rests) => boolean): boolean =>
    m.releases.some(
      (r) => r.row === row && (row === 'order.state' || r.waybill === w.digest) && fits(r.rests),
    )

  if ((m.owner !== null && m.owner !== w.sender) || w.epoch !== m.epoch) return only('channel')
  if (m.seen.some((e) => e.digest === w.digest && e.decided !== null)) return only('replay')
  if (m.recoveries.some((r) => r.accepted?.digest === w.digest || r.rejected.includes(w.digest)))
    return only('replay')
  if (theirs.some((v) => v.digest === w.digest && v.sequence === w.sequence)) return only('voided')
  if (w.voids.some((v) => v.sequence >= w.sequence)) return only('voids')
  if (
    w.voids.some((v, i) =>
      w.voids.some((x, j) => i !== j && (v.sequence === x.sequence || v.digest === x.digest)),
    )
  )
    return only('voids')
  if (w.voids.some((v) => others.some((s) => s.digest === v.digest && s.sequence !== v.sequence)))
    return only('voids')

  const against = others.filter(
    (e) =>
      (lasting(e) || (e.decided === null && e.trusted)) &&
      (e.sequence === w.sequence ||
        w.voids.some((v) => v.sequence === e.sequence && v.digest !== e.digest) ||
        (!lasting(e) &&
          counting(e) &&
          e.voids.some((v) => v.sequence === w.sequence && v.digest !== w.digest))),
  )
  if (
    against.length > 0 &&
    !given('order.equivocation', (r) => against.every((e) => r.others.includes(e.digest)))
  )
    return { ...only('equivocation'), others: against.map((e) => e.digest) }
  if (last !== null && w.sequence <= last.sequence) return only('downgrade')

  // Every way back, one step at a time.
  const rejectedHere = others.filter((e) => e.decided === 'rejected')
  const numbers = new Set<number>()
  for (const e of rejectedHere) numbers.add(e.sequence)
  for (const v of voids) numbers.add(v.sequence)
  const ends = new Set<Digest | null>()
  const walk = (
    at: Digest | null,
    place: number,
    target: Digest | null,
    been: (Digest | null)[],
  ): boolean => {
    if (at === target) return true
    if (been.includes(at)) return false
    const here = [...been, at]
    const known = others.find((e) => e.digest === at)
    const v = voids.findLast((x) => x.digest === at)
    const passable =
      known?.decided !== 'accepted' &&
      (v !== undefined || known?.decided === 'rejected' || (at !== null && stated.includes(at)))
    if (at !== null && stated.includes(at) && known === undefined) numbers.add(place)
    if (at === null || !passable) {
      ends.add(at)
      return false
    }
    if (known !== undefined) return walk(known.previous, known.sequence - 1, target, here)
    const n = (v?.sequence ?? place) - 1
    if (n < 1) return walk(null, 0, target, here)
    const there = [
      ...accepted.filter((x) => x.sequence === n).map((x) => x.digest),
      ...rejectedHere.filter((x) => x.sequence === n).map((x) => x.digest),
      ...voids.filter((x) => x.sequence === n).map((x) => x.digest),
    ]
    if (there.length === 0) ends.add(at)
    return there.some((x) => walk(x, n, target, here))
  }
  const unknown = others.length === 0 && recovered.length === 0
  const lost = m.lost || (unknown && !walk(w.previous, w.sequence - 1, null, []))
  if (lost) return only('state')
  if (w.head !== null && !given('order.state', (r) => r.head === w.head)) return only('state')

  ends.clear()
  const reached = walk(w.previous, w.sequence - 1, last?.digest ?? null, [])
  const missing: number[] = []
  for (let n = (last?.sequence ?? 0) + 1; n < w.sequence; n++) if (!numbers.has(n)) missing.push(n)
  if (reached && missing.length === 0) return only('passes')
  const inOne = (r: Rests): boolean => {
    const runs: number[][] = []
    for (const n of missing) {
      const run = runs.at(-1)
      if (run?.at(-1) === n - 1) run.push(n)
      else runs.push([n])
    }
    return runs.every((run) => r.missing.some((x) => run.every((n) => x.from <= n && n <= x.to)))
  }
  const ended = (r: Rests): boolean => reached || (r.end !== null && ends.has(r.end.digest))
  if (given('order.gap', (r) => inOne(r) && ended(r))) return only('passes')
  return { ...only('gap'), missing, ends: reached ? [] : [...ends] }
}
