import { basename } from 'node:path'
import { hexOf } from '../../../shared/digest.ts'
import { isDecided } from '../../../shared/rules/decision.ts'
import { rulesNow } from '../../../shared/rules/version.ts'
import type { ConsignmentLine, ConsignmentView } from '../../../shared/views.ts'
import { belonging } from '../../bundle/media-set.ts'
import { sentenceOf } from '../../bundle/signature-lines.ts'
import { custodyView } from './custody.ts'
import { fingerprintOf, wordsOf } from '../../trust/fingerprint.ts'
import type { Desk } from '../desk.ts'
import { assessmentIn, nothingTold } from '../disk/assessment.ts'
import { readWaybill } from '../disk/waybill.ts'
import type { Consignment, Writing } from '../state/consignment.ts'
import { changedSince } from '../state/ground.ts'
import { countedHalves, neededIn } from '../state/decide.ts'
import { isGood } from '../state/laid-out.ts'
import { revokedIn } from '../state/revoked.ts'
import { nameOf } from '../state/state.ts'
import { barredWay, oldWaybill, rolesMissing } from '../state/streams.ts'
import { asksOf } from './asks.ts'
import { flagSentences } from './flags.ts'
import { heldView } from './held.ts'
import { stepsOf } from './steps.ts'

/** A consignment as lists show it. */
export function consignmentLine(desk: Desk, one: Consignment): ConsignmentLine {
  const { id, name, state, waybill, sender, channel, sequence, created, expires, items, bytes, updated } = one
  return {
    id,
    name,
    state,
    waybill,
    sender,
    channel,
    sequence,
    created,
    expires,
    items,
    bytes,
    outcome: one.verdict?.outcome ?? null,
    counts: one.verdict?.counts ?? null,
    revoked: revokedIn(desk.state, one),
    updated,
  }
}

function mediumView(writing: Writing): ConsignmentView['media'][number] {
  const { at, folder, number, of, copy, run, parts, done, failed, readBack, out, drive } = writing
  return {
    at,
    // The name alone: where a medium was mounted says nothing to anybody else.
    folder: basename(folder),
    number,
    of,
    copy,
    run,
    state: done !== null ? 'written' : failed ? 'failed' : 'writing',
    parts:
      done === null
        ? parts.map(({ name, size }) => ({ name, size, digest: null }))
        : done.parts.map(({ name, size, digest }) => ({ name, size, digest })),
    readBack,
    out,
    drive,
  }
}

function planView(one: Consignment): ConsignmentView['plan'] {
  return (one.plan?.media ?? []).map(({ parts }, i) => {
    const written = one.writings.filter((w) => w.plan === one.plan?.plan && w.number === i + 1 && isGood(w))
    return {
      number: i + 1,
      size: parts.reduce((sum, { size }) => sum + size, 0),
      good: written.length,
      readBack: written.filter(({ readBack }) => readBack === 'passed').length,
    }
  })
}

function hereView({ here }: Consignment): ConsignmentView['here'] {
  const media = belonging(here)
  const [first] = media
  if (first === undefined) return null
  return { of: first.of, media: media.map(({ number, copy, at }) => ({ number, copy, at })) }
}

/** A medium with accepted content: what it holds is listed in its record. */
function exportView(one: Consignment['exports'][number]): ConsignmentView['exports'][number] {
  const { at, target, written, moved = [], warned = [], bytes, blobs, left, seals, found } = one
  return {
    ...{ at, target, moved, warned, bytes, blobs, left },
    written: written.map(({ from = null, ...where }) => ({ from, ...where })),
    ...(seals === undefined ? {} : { seals }),
    ...(found === undefined ? {} : { found }),
  }
}

function outView(one: Consignment['exports'][number]): ConsignmentView['media'] {
  const { medium, at, bytes, readBack, out } = one
  if (medium === undefined) return []
  const { run, copy, folder, record, drive } = medium
  const parts = [{ name: 'export.json', size: bytes, digest: record }]
  const which = { number: 1, of: 1, copy, run }
  return [{ at, folder: basename(folder), ...which, state: 'written', parts, readBack, out, drive }]
}

function overrideView(half: Consignment['overrides'][number]): ConsignmentView['overrides'][number] {
  const { person, name, roles, fingerprint, check, subject, until, reason } = half
  return { person, name, roles: [...roles], fingerprint, check, subject, until, reason }
}

type Counted = ReturnType<typeof countedHalves>[number]

function decisionView(half: Counted): ConsignmentView['decisions'][number] {
  const { person, name, roles, outcome, reason, causes, at, fingerprint } = half
  return {
    person,
    name,
    roles,
    outcome,
    reason,
    causes: [...causes],
    at,
    fingerprint: fingerprintOf(fingerprint),
  }
}

/** Why the waybill of something that goes on has to be made again before it is signed or written. */
function staleness(desk: Desk, one: Consignment): string | null {
  if (desk.state.card.side !== 'low' || one.dropped !== null || one.closed !== null) return null
  const old =
    one.releasedAt === null ? oldWaybill(desk.state, one, desk.now()) : barredWay(desk.state, one, desk.now())
  return old === null ? null : `${old.slice(0, 1).toUpperCase()}${old.slice(1)}.`
}

/** Everything about one consignment that a page shows. */
export async function consignmentView(desk: Desk, one: Consignment): Promise<ConsignmentView> {
  const made = one.waybill === null ? null : await readWaybill(desk, one).catch(() => null)
  const blobs = made?.waybill.blobs ?? []
  const carried = blobs.filter((blob) => blob.state === 'carried')
  const missing = desk.state.card.side === 'low' ? rolesMissing(desk.state, one) : []
  return {
    ...consignmentLine(desk, one),
    waybillWords: one.waybill === null ? [] : wordsOf(hexOf(one.waybill)),
    marking: one.marking,
    reason: one.reason,
    requester: one.requester,
    destinations: [...one.destinations],
    content: made === null ? [] : [...made.waybill.items],
    ...(made === null ? nothingTold : await assessmentIn(desk, one.id, made.waybill)),
    carried: {
      blobs: carried.length,
      bytes: carried.reduce((total, blob) => total + blob.size, 0),
      omitted: blobs.filter((blob) => blob.state === 'omitted').length,
    },
    signatures: one.approvals.map(({ person, role, at, fingerprint }) => ({
      person,
      name: nameOf(desk.state, person),
      role,
      at,
      fingerprint: fingerprintOf(fingerprint),
      sentence: made === null ? '' : sentenceOf(role, made.waybill),
    })),
    missing,
    asks: made === null ? [] : asksOf(desk, one, made.waybill, missing),
    flags: flagSentences(desk, one),
    stale: staleness(desk, one),
    outdated: isDecided(one.decided) ? [] : changedSince(desk.state, one),
    held: await heldView(desk, one),
    scope: one.verdict?.scope ?? null,
    plan: planView(one),
    here: hereView(one),
    drive: one.verdict?.drive ?? null,
    verdict: await desk.verdict(one),
    decisions: countedHalves(one, rulesNow).map(decisionView),
    decided: one.decided,
    needed: neededIn(desk.state, one),
    overrides: one.overrides.map(overrideView),
    exports: one.exports.map(exportView),
    landings: [...one.landings].reverse().map(({ keys, ...sealed }) => ({ ...sealed, keys: [...keys] })),
    sealing: one.sealing.map(({ target, person, fingerprint, at }) => ({
      ...{ target, fingerprint, at },
      person: nameOf(desk.state, person),
    })),
    unfinished: one.unfinished.map(({ missing: lacks, ...failed }) => ({ ...failed, missing: [...lacks] })),
    media: [...one.writings.map(mediumView), ...one.exports.flatMap(outView)],
    custody: custodyView(desk, one),
    steps: stepsOf(desk, one),
  }
}
