import type { Digest } from '../digest.ts'
import { beginsHere, gapOf } from './stream-chain.ts'
import {
  falseVoid,
  knownOf,
  voidsCount,
  wrongVoids,
  type Asked,
  type HeldRow,
  type Known,
  type Numbers,
  type Release,
  type Rests,
  type SeenWaybill,
  type StreamMemory,
} from './stream-memory.ts'

/** The rows of the table in trust.md, “Order”, in its order. `order.voids` is what a list of voids may not say. */
export const orderRows = [
  'order.channel',
  'order.replay',
  'order.voided',
  'order.voids',
  'order.equivocation',
  'order.downgrade',
  'order.state',
  'order.gap',
] as const
export type OrderRow = (typeof orderRows)[number]

/** A row that applies, and what it rests on. */
export type OrderFinding =
  | { readonly row: Exclude<OrderRow, HeldRow>; readonly effect: 'refused'; readonly why: string }
  | { readonly row: HeldRow; readonly effect: 'held'; readonly why: string; readonly rests: Rests }

/** What the order says of a waybill: the first row that applies and is not released; `null` where it passes. */
export interface OrderAnswer {
  readonly first: OrderFinding | null
  /** Holds that apply and that two officers released: they let the later rows be asked. */
  readonly released: readonly OrderFinding[]
}

interface Case {
  readonly memory: StreamMemory
  readonly asked: Asked
  readonly known: Known
}

const nothing: Rests = { others: [], missing: [], end: null, head: null }

const refused = (row: Exclude<OrderRow, HeldRow>, why: string): OrderFinding => ({
  row,
  effect: 'refused',
  why,
})
const held = (row: HeldRow, why: string, rests: Partial<Rests>): OrderFinding => ({
  row,
  effect: 'held',
  why,
  rests: { ...nothing, ...rests },
})

// A channel belongs to the first sender accepted on it; only officers of this desk raise an epoch or move a channel.
function channel({ memory, asked }: Case): OrderFinding | null {
  const other = memory.owner !== null && memory.owner !== asked.sender
  if (!other && asked.epoch === memory.epoch) return null
  return refused('order.channel', `sender ${asked.sender}, epoch ${asked.epoch}`)
}

function decidedBefore({ memory, asked }: Case): 'accepted' | 'rejected' | null {
  const seen = memory.seen.find((one) => one.digest === asked.digest && one.decided !== null)
  if (seen !== undefined) return seen.decided
  const { recoveries } = memory
  if (recoveries.some((one) => one.accepted?.digest === asked.digest)) return 'accepted'
  return recoveries.some((one) => one.rejected.includes(asked.digest)) ? 'rejected' : null
}

// Decided, in any epoch.
function replay(input: Case): OrderFinding | null {
  const decided = decidedBefore(input)
  return decided === null ? null : refused('order.replay', `${decided} here before`)
}

function voided({ asked, known }: Case): OrderFinding | null {
  const hit = known.voids.some((one) => one.digest === asked.digest && one.sequence === asked.sequence)
  return hit ? refused('order.voided', 'voided') : null
}

// A void's number lies below its waybill's own and stands once; a digest seen under another number refuses the waybill.
function voids({ asked, known }: Case): OrderFinding | null {
  const own = wrongVoids(asked)
  if (own !== null) return refused('order.voids', own)
  const wrong = falseVoid(asked, known.others)
  return wrong === null
    ? null
    : refused('order.voids', `${wrong.digest} as number ${wrong.sequence}, which was seen under another`)
}

/** Whether a seen waybill counts against another: a rejected one or one with a line that is not trusted does not. */
const contradicts = (one: SeenWaybill): boolean =>
  one.decided === 'accepted' || (one.decided === null && one.trusted)

// The same number under two digests, by the numbers of the two or by what one of them says is void. The undecided other
// is held as well, so the list of voids of an undecided one counts against what it names; what an accepted one names is
// below the last accepted and refused for that.
function equivocation({ asked, known }: Case): OrderFinding | null {
  const named = new Map(asked.voids.map((one) => [one.sequence, one.digest]))
  const seen = [...known.others, asked]
  const namesMe = (one: SeenWaybill): boolean =>
    one.decided === null &&
    one.voids.some(({ sequence, digest }) => sequence === asked.sequence && digest !== asked.digest) &&
    voidsCount(one, seen)
  const against = known.others.filter((one) => {
    if (!contradicts(one)) return false
    const mine = named.get(one.sequence)
    return one.sequence === asked.sequence || (mine !== undefined && mine !== one.digest) || namesMe(one)
  })
  if (against.length === 0) return null
  const others = [...new Set(against.map((one) => one.digest))].sort()
  return held('order.equivocation', `another bundle with this number, ${others.join(', ')}`, { others })
}

function downgrade({ memory, asked, known }: Case): OrderFinding | null {
  const { last } = known
  if (last === null || asked.sequence > last.sequence) return null
  const why = `number ${asked.sequence}; number ${last.sequence} was accepted`
  const seen = memory.seen.some((one) => one.digest === asked.digest)
  // A digest never seen: the sender may have been put back.
  return refused('order.downgrade', seen ? why : `${why}; this bundle was never seen here before`)
}

/** Why this desk’s memory of the stream cannot be relied on before officers recover it; `null` where it can. */
function lostState({ memory, asked, known }: Case): string | null {
  if (memory.lost) return 'this desk was put back; the stream was not recovered'
  const unknown = known.others.length === 0 && known.recoveries.length === 0
  return unknown && !beginsHere(asked, known)
    ? `nothing is known here of numbers 1 to ${asked.sequence - 1}`
    : null
}

function state(input: Case): OrderFinding | null {
  const { head } = input.asked
  const why = lostState(input) ?? head
  return why === null ? null : held('order.state', why, { head })
}

const numbersText = (missing: readonly Numbers[]): string =>
  missing.map(({ from, to }) => (from === to ? `${from}` : `${from} to ${to}`)).join(', ')

/** What a gap comes to, in words. */
function gapText({ missing, end }: Pick<Rests, 'missing' | 'end'>): string {
  const parts: string[] = []
  if (missing.length > 0) parts.push(`number ${numbersText(missing.slice(0, 20))} is missing`)
  if (end !== null) parts.push(`it follows ${end.digest ?? 'on nothing'}`)
  return parts.join('; ')
}

function gap({ asked, known }: Case): OrderFinding | null {
  const found = gapOf(asked, known)
  return found === null ? null : held('order.gap', gapText(found), found)
}

const table: readonly ((input: Case) => OrderFinding | null)[] = [
  channel,
  replay,
  voided,
  voids,
  equivocation,
  downgrade,
  state,
  gap,
]

const within = (inner: Numbers, outer: readonly Numbers[]): boolean =>
  outer.some((one) => one.from <= inner.from && inner.to <= one.to)

/** Whether a release covers what a row rests on now: anything further holds again. */
function covers({ rests: had }: Release, now: Rests): boolean {
  const known = new Set<Digest>(had.others)
  return (
    now.others.every((one) => known.has(one)) &&
    now.missing.every((one) => within(one, had.missing)) &&
    (now.end === null || (had.end !== null && had.end.digest === now.end.digest)) &&
    (now.head === null || now.head === had.head)
  )
}

// A recovery is of the stream: the head that it names is released for every waybill of it. A lost or unknown stream is
// released by the recovery itself, after which the row applies no longer.
function isReleased(input: Case, finding: OrderFinding): boolean {
  if (finding.effect === 'refused') return false
  const { row, rests } = finding
  const { releases } = input.memory
  if (row === 'order.state') {
    return lostState(input) === null && releases.some((one) => one.row === row && covers(one, rests))
  }
  return releases.some((one) => one.row === row && one.waybill === input.asked.digest && covers(one, rests))
}

/**
 * The table of trust.md, “Order”: the first row that applies counts. Rows that refuse are never released; a hold that two
 * people released lets the later rows be asked.
 */
export function orderOf(memory: StreamMemory, asked: Asked): OrderAnswer {
  const input: Case = { memory, asked, known: knownOf(memory, asked) }
  const released: OrderFinding[] = []
  for (const row of table) {
    const finding = row(input)
    if (finding === null) continue
    if (!isReleased(input, finding)) return { first: finding, released }
    released.push(finding)
  }
  return { first: null, released }
}
