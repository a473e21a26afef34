import type { Refused } from '../../../shared/calls/refused.ts'
import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import type { DriveName } from '../../../shared/drives.ts'
import type { Digest } from '../../../shared/digest.ts'
import type { Verdict } from '../../../shared/verdict.ts'
import { Failure } from '../../platform/failure.ts'
import type { Desk } from '../desk.ts'
import { readRefused } from '../disk/refused.ts'
import { recordedOf } from '../state/replay.ts'
import type { Context } from '../work/context.ts'

interface Reading {
  readonly reading: Refused
  readonly digest: Digest
  /** The drive that it was read from, where that is known. */
  readonly drive: DriveName | null
}

/** The reading at a place of the ledger; `null` where it is something else. */
function readingAt(desk: Desk, place: number): Reading | null {
  const event = desk.lines.at(place)
  if (event === undefined) return null
  const recorded = recordedOf(event)
  if (recorded.type !== 'verify.done' || recorded.facts.consignment !== null) return null
  const { scope, waybill, outcome, counts, verdict: digest, drive } = recorded.facts
  const { sequence, time } = event
  return { reading: { sequence, at: time.at, scope, waybill, outcome, counts }, digest, drive }
}

/** A refused reading by the number of its event, with the verdict that was kept. @throws Failure `refused-unknown`, `desk-damaged` */
export async function refusedAt(
  desk: Desk,
  sequence: number,
): Promise<Reading & { readonly verdict: Verdict | null }> {
  const found = readingAt(desk, sequence - 1)
  if (found === null) throw new Failure('refused-unknown', { sequence })
  const { reading, digest } = found
  return { ...found, verdict: await readRefused(desk, digest, reading.outcome) }
}

/** `refused.list`. */
export async function list(
  context: Context,
  { from, count }: CallInput<'refused.list'>,
): Promise<CallOutput<'refused.list'>> {
  const desk = context.desk()
  desk.need('high')
  const places = desk.lines
    .placesOf(null)
    .filter((place) => desk.lines.typeAt(place) === 'verify.done')
    .reverse()
  const refused = places.slice(from, from + count).flatMap((place) => {
    const found = readingAt(desk, place)
    return found === null ? [] : [found.reading]
  })
  return { total: places.length, refused }
}

/** `refused.show`. */
export async function show(
  context: Context,
  { sequence }: CallInput<'refused.show'>,
): Promise<CallOutput<'refused.show'>> {
  const desk = context.desk()
  desk.need('high')
  const { reading, verdict } = await refusedAt(desk, sequence)
  return { reading, verdict }
}
