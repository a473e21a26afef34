import { missingMedia } from '../../shared/rules/missing-media.ts'
import type { Layout } from '../bundle/layout.ts'
import { belonging, fitTogether, isSameMedium, type Held } from '../bundle/media-set.ts'
import type { MadeWaybill } from '../bundle/waybill.ts'
import { digestOf } from '../platform/hash.ts'
import type { Digest } from '../../shared/digest.ts'
import type { CheckList } from './check.ts'
import { checkJoined } from './checks/joined.ts'
import type { MediumRead } from './checks/medium.ts'
import { checkSlices } from './checks/slices.ts'
import { readFirst } from './first.ts'
import type { Given, HeldFound, Keeper, MediaSet, Tools } from './types.ts'

/** A medium that was given, as its files say it is. */
export interface GivenRead extends MediumRead {
  /** Its place in what was given. */
  readonly given: number
}

/**
 * Whether what was given beside the first is of the same bundle: its first files are read as opaque bytes and must be
 * the very same.
 */
export async function isOfBundle(
  given: Given,
  place: number,
  made: MadeWaybill,
  signatures: Buffer,
  list: CheckList,
): Promise<boolean> {
  const first = await readFirst(given.located)
  const about = `what was given as number ${place + 1}`
  if (first.waybill?.equals(made.bytes) !== true) {
    const found = first.waybill === null ? first.problem || 'no waybill' : digestOf(first.waybill)
    list.fail('medium.all', about, `a medium of ${made.digest}`, found, 'other-bundle')
    return false
  }
  if (first.signatures?.equals(signatures) === true) return true
  list.fail('medium.all', about, 'the same signatures as on the first', 'other signatures', 'other-plan')
  return false
}

function heldOf({ medium, given }: GivenRead): Omit<HeldFound, 'whole'> | null {
  if (medium === null) return null
  const { number, of, copy, parts } = medium
  const from = parts[0]?.offset ?? 0
  return { given, number, of, copy, from, until: parts.reduce((at, { size }) => at + size, from) }
}

const numbers = (media: readonly { readonly number: number }[]): string =>
  media.map(({ number }) => number).join(', ') || 'none'

/** Those that belong together, and a failure for each that does not belong to the first. */
function together(found: readonly HeldFound[], list: CheckList): readonly HeldFound[] {
  const [first] = found
  if (first === undefined) return []
  const good: HeldFound[] = []
  for (const one of found) {
    const against = good.find((other) => !fitTogether(one, other))
    if (against === undefined) {
      good.push(one)
      continue
    }
    const reason = against.of === one.of && against.number === one.number ? 'twice' : 'other-plan'
    const place = (held: HeldFound): string =>
      `medium ${held.number} of ${held.of}, bytes ${held.from} to ${held.until}`
    list.fail(
      'medium.all',
      `what was given as number ${one.given + 1}`,
      `what fits ${place(against)}`,
      place(one),
      reason,
    )
  }
  return good
}

function sayMissing(
  of: number,
  here: readonly Held[],
  { found, others }: { readonly found: readonly HeldFound[]; readonly others: readonly Held[] },
  list: CheckList,
): void {
  const missing = missingMedia(
    of,
    here.map(({ number }) => number),
  )
  const damaged = found.filter((one) => !one.whole)
  const say = [
    `${here.length} of ${of} here`,
    `still to be read: ${missing.join(', ')}`,
    ...(damaged.length === 0 ? [] : [`not as it must be: ${numbers(damaged)}`]),
    ...others
      .map((one) => `cut in another way, and read before: medium ${one.number} of ${one.of}`)
      .slice(0, 5),
  ]
  list.add('medium.all', 'not-checked', {
    subject: 'the bundle',
    expected: `media 1 to ${of}`,
    found: say.join('; '),
    reason: 'missing',
  })
}

interface SetInput {
  readonly layout: Layout
  readonly read: readonly GivenRead[]
  /** Media of this bundle that were read whole before, the last first. */
  readonly earlier: readonly Held[]
  /** Where the contents go; `null` to keep nothing, and where no medium has whole parts. */
  readonly keeper: Keeper | null
  /** Whether the media are read back, each by itself: then nobody asks for the others. */
  readonly alone: boolean
}

async function readEach(
  { layout, read, keeper }: SetInput,
  tools: Tools,
  list: CheckList,
): Promise<{ readonly found: readonly HeldFound[]; readonly kept: ReadonlySet<Digest> }> {
  const pieces = read.flatMap((one) => one.pieces ?? [])
  tools.step(
    'content',
    pieces.reduce((sum, { size }) => sum + size, 0),
  )
  tools.items.name(read.flatMap(({ medium }) => medium?.parts.map(({ name }) => name) ?? []))
  const found: HeldFound[] = []
  const kept = new Set<Digest>()
  for (const one of read) {
    const held = heldOf(one)
    if (held === null || one.medium === null) continue
    let whole = false
    if (one.pieces !== null) {
      const { medium, pieces: own, say } = one
      const came = await checkSlices({ layout, medium, pieces: own, keeper, say }, tools, list)
      // Read one after the other, the media must be as right as they must be read together.
      whole = came.whole && one.sound
      for (const digest of came.kept) kept.add(digest)
    }
    found.push({ ...held, whole })
  }
  return { found, kept }
}

/**
 * Reads media of a bundle that lies on several, in any order and at any time: what is on each, then, once all are here,
 * what came together from them. Until then what is missing is not checked.
 *
 * @returns how far the bundle is here, and `whole` when all of it is here and right
 */
export async function readSet(
  input: SetInput,
  tools: Tools,
  list: CheckList,
): Promise<{ readonly set: MediaSet | null; readonly whole: boolean }> {
  const { found, kept } = await readEach(input, tools, list)
  const fitting = together(found, list)
  const [first] = fitting
  if (first === undefined) return { set: null, whole: false }
  const good = fitting.filter((one) => one.whole)
  const earlier = input.earlier.filter((one) => !found.some((other) => isSameMedium(one, other)))
  const all = belonging<Held>([...fitting, ...earlier])
  const before = all.filter((one) => earlier.includes(one))
  const here = all.filter((one) => earlier.includes(one) || good.some((other) => other === one))
  const { of } = first
  const set = { of, here: here.map(({ number }) => number), found }
  if (input.alone) return { set: { ...set, joined: null }, whole: found.every((one) => one.whole) }
  const { layout, keeper } = input
  if (here.length < of || keeper === null) {
    const others = earlier.filter((one) => !before.includes(one))
    sayMissing(of, here, { found, others }, list)
    return { set: { ...set, joined: null }, whole: false }
  }
  const from = before.length === 0 ? '' : `; read before: ${numbers(before)}`
  list.pass('medium.all', 'the bundle', `media 1 to ${of}`, `all ${of} are here${from}`)
  const joined = await checkJoined({ layout, keeper, kept }, tools, list)
  return { set: { ...set, joined }, whole: joined && found.length === good.length }
}
