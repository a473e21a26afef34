import { randomUUID } from 'node:crypto'
import { heldBy, sameMedia, type MediumParts } from '../../bundle/media-plan.ts'
import { parityBytes, roomWithParity } from '../../media/parity.ts'
import { besideParts, planMedia } from '../../media/write.ts'
import { Failure } from '../../platform/failure.ts'
import type { Consignment } from '../state/consignment.ts'
import { isGood, mediaWith } from '../state/laid-out.ts'

/** What was asked of a writing. */
export interface AskedMedia {
  readonly partSize: number | null
  readonly mediumSize: number | null
  readonly medium: number | null
  /** Percent of recovery data. */
  readonly parity: number | null
  readonly anew: boolean
}

/** How a bundle lies on its media, and which of them is written now. */
export interface MediaPlan {
  /** `null`: one medium takes all. */
  readonly id: string | null
  /** Whether the desk's ledger has it. */
  readonly kept: boolean
  readonly media: readonly MediumParts[]
  /** Percent of recovery data on each; `null`: none. */
  readonly parity: number | null
  readonly number: number
  readonly copy: number
}

interface Bundle {
  /** Bytes of the whole tar. */
  readonly size: number
  readonly waybill: Buffer
  readonly signatures: Buffer
}

// What was signed since a plan was made lies in the tar too: then it no longer fits.
const keptPlan = ({ plan }: Consignment, { size }: Bundle): Consignment['plan'] =>
  plan?.size === size ? plan : null

function roomOf(mediumSize: number, { waybill, signatures }: Bundle, parity: number | null): number {
  const beside = besideParts(waybill, signatures)
  const room = parity === null ? mediumSize - beside : roomWithParity(mediumSize - beside, parity)
  if (room >= 512) return room
  const recovery = parity === null ? 0 : parityBytes(512, parity)
  throw new Failure('medium-size', { found: mediumSize, expected: beside + recovery + 512 })
}

function laidOut(
  one: Consignment,
  bundle: Bundle,
  asked: AskedMedia,
  largest: number | null,
): Pick<MediaPlan, 'id' | 'kept' | 'media' | 'parity'> {
  const kept = keptPlan(one, bundle)
  const { mediumSize, partSize, parity, anew } = asked
  const sameParity = kept !== null && (parity === null || parity === kept.parity)
  if (kept !== null && mediumSize === null && sameParity && !anew)
    return { id: kept.plan, kept: true, media: kept.media, parity: kept.parity }
  const most = partSize === null ? largest : Math.min(partSize, largest ?? partSize)
  const room = mediumSize === null ? null : roomOf(mediumSize, bundle, parity)
  const media = planMedia(bundle.size, room, most)
  if (kept !== null && kept.parity === parity && sameMedia(kept.media, media))
    return { id: kept.plan, kept: true, media, parity }
  const written = mediaWith(one, isGood)
  if (kept !== null && written.length > 0 && !anew)
    throw new Failure('plan-kept', { found: written.join(', '), expected: kept.media.length })
  const alone = media.length === 1
  return { id: alone ? null : randomUUID(), kept: alone, media, parity }
}

// A medium that was lost is made again alone: the same parts, the next copy number.
function sameAgain(
  one: Consignment,
  plan: Pick<MediaPlan, 'media'>,
  asked: AskedMedia,
): readonly MediumParts[] {
  const { media } = plan
  const before = one.writings.find(({ done, of }) => done !== null && of === 1)?.parts
  if (media.length > 1 || asked.partSize !== null || before === undefined) return media
  return before.length >= (media[0]?.parts.length ?? 1) ? [{ parts: before }] : media
}

function numberOf(one: Consignment, id: string | null, of: number, asked: number | null): number {
  if (asked !== null) {
    if (asked <= of) return asked
    throw new Failure('medium-number', { found: asked, expected: `1 to ${of}` })
  }
  const good = id === null ? [] : mediaWith({ ...one, plan: one.plan?.plan === id ? one.plan : null }, isGood)
  for (let number = 1; number <= of; number++) if (!good.includes(number)) return number
  throw new Failure('medium-number', { found: `each of the ${of} is written`, expected: `1 to ${of}` })
}

/**
 * How a bundle is laid on media, and which of them is written next.
 *
 * @param largest the largest file that the medium takes which is there now; `null` where no limit is known
 * @throws Failure `part-size`, `medium-size`, `plan-kept`, `medium-number`
 */
export function planFor(
  one: Consignment,
  bundle: Bundle,
  asked: AskedMedia,
  largest: number | null,
): MediaPlan {
  const plan = laidOut(one, bundle, asked, largest)
  const media = sameAgain(one, plan, asked)
  const number = numberOf(one, plan.id, media.length, asked.medium)
  const before = one.writings.filter((writing) => writing.number === number && writing.done !== null)
  return { ...plan, media, number, copy: before.length + 1 }
}

/** The media of a plan with what was written of each. */
export function mediaSoFar(
  one: Consignment,
  { id, media }: Pick<MediaPlan, 'id' | 'media'>,
): { number: number; size: number; parts: number; good: number }[] {
  return media.map((medium, i) => ({
    number: i + 1,
    size: heldBy(medium),
    parts: medium.parts.length,
    good: one.writings.filter(
      (writing) =>
        writing.plan === id && writing.number === i + 1 && writing.of === media.length && isGood(writing),
    ).length,
  }))
}
