import { basename } from 'node:path'
import type { Digest } from '../../shared/digest.ts'
import { hexOf } from '../../shared/digest.ts'
import { signingRoles, type SigningRole } from '../../shared/schema.ts'
import type {
  ConsignmentLine,
  ConsignmentView,
  DeskView,
  PersonView,
  SignerView,
} from '../../shared/views.ts'
import { sentenceOf } from '../bundle/signature-lines.ts'
import { readSpki } from '../sigstore/public-key.ts'
import { fingerprintOf, wordsOf } from '../trust/fingerprint.ts'
import type { TrustedSigner } from '../trust/signers.ts'
import { asksOf } from './asks.ts'
import type { Desk } from './desk.ts'
import type { Person } from './entries.ts'
import { readSealed } from './sealed.ts'
import type { Consignment, Writing } from './state/consignment.ts'
import { revokedIn } from './revoked.ts'
import { nameOf } from './state/state.ts'
import { stepsOf } from './steps.ts'
import { trustParts } from './trust-views.ts'

export function personView(person: Person): PersonView {
  const { id, name, roles, algorithm, fingerprint } = person
  return { id, name, roles, algorithm, fingerprint: fingerprintOf(fingerprint) }
}

export function signerView(signer: TrustedSigner): SignerView {
  const { name, roles, senders, channels, fingerprint } = signer
  const { algorithm } = readSpki(Buffer.from(signer.key, 'base64'))
  return {
    name,
    roles: [...roles],
    senders: senders === null ? null : [...senders],
    channels: channels === null ? null : [...channels],
    fingerprint: fingerprintOf(fingerprint),
    algorithm,
  }
}

/** The last released number of each of a low desk's own streams, and its digest. */
export function releasedStreams(
  desk: Desk,
): Map<string, { sequence: number; digest: Digest; channel: string; desk: string }> {
  const streams = new Map<string, { sequence: number; digest: Digest; channel: string; desk: string }>()
  for (const one of desk.state.consignments.values()) {
    if (one.releasedAt === null || one.sealed === null) continue
    for (const { channel, destination, sequence } of one.sealed.destinations) {
      const key = `${channel}|${destination}`
      if ((streams.get(key)?.sequence ?? 0) < sequence) {
        streams.set(key, { sequence, digest: one.sealed.waybill, channel, desk: destination })
      }
    }
  }
  return streams
}

function streamViews(desk: Desk): DeskView['streams'] {
  if (desk.state.card.side === 'low') {
    return [...releasedStreams(desk).values()].map(({ sequence, digest, channel, desk: destination }) => ({
      sender: desk.id,
      channel,
      destination,
      sequence,
      digest,
    }))
  }
  return [...desk.state.order.streams.values()].map(({ stream, accepted }) => ({
    sender: stream.sender,
    channel: stream.channel,
    destination: stream.destination,
    sequence: accepted?.sequence ?? 0,
    digest: accepted?.digest ?? null,
  }))
}

/** Everything about a desk that both faces show. */
export function deskView(desk: Desk): DeskView {
  const { state } = desk
  const head = desk.head()
  const root = head.root.toString('hex')
  const { fingerprint } = readSpki(Buffer.from(state.card.station, 'base64'))
  return {
    id: desk.id,
    card: state.card,
    station: fingerprintOf(fingerprint),
    marking: state.marking,
    founding: state.founding,
    writable: desk.writing,
    people: state.people.map(personView),
    trust: state.trust.map(signerView),
    ...trustParts(desk),
    policy: state.policy,
    streams: streamViews(desk),
    ledger: { size: head.size, root, words: wordsOf(root) },
    clock: { now: desk.now(), floor: state.order.floor },
    recovered: [...desk.recovered],
  }
}

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

/** Roles whose required signatures a low desk's consignment still lacks. */
export function missingRoles(desk: Desk, one: Consignment): SigningRole[] {
  const rule = desk.state.policy.document.signers
  return signingRoles.flatMap((role) => {
    const have = one.approvals.filter((approval) => approval.role === role).length
    return Array.from({ length: Math.max(0, rule[role] - have) }, () => role)
  })
}

function mediumView(writing: Writing): ConsignmentView['media'][number] {
  const { at, folder, copy, run, parts, done, failed, readBack } = writing
  return {
    at,
    // The name alone: where a medium was mounted says nothing to anybody else.
    folder: basename(folder),
    copy,
    run,
    state: done !== null ? 'written' : failed ? 'failed' : 'writing',
    parts:
      done === null
        ? parts.map(({ name, size }) => ({ name, size, digest: null }))
        : done.parts.map(({ name, size, digest }) => ({ name, size, digest })),
    readBack,
  }
}

/** That the numbers a sealing has are no longer the next ones of their streams. */
function staleness(desk: Desk, one: Consignment): string | null {
  if (one.sealed === null || one.releasedAt !== null || one.dropped !== null) return null
  const released = releasedStreams(desk)
  const taken = one.sealed.destinations.find(
    ({ channel, destination, sequence }) =>
      (released.get(`${channel}|${destination}`)?.sequence ?? 0) >= sequence,
  )
  return taken === undefined
    ? null
    : `Number ${taken.sequence} of channel ${taken.channel} was released with another consignment meanwhile.`
}

/** Everything about one consignment that a page shows. */
export async function consignmentView(desk: Desk, one: Consignment): Promise<ConsignmentView> {
  const sealed = one.waybill === null ? null : await readSealed(desk, one).catch(() => null)
  const blobs = sealed?.waybill.blobs ?? []
  const carried = blobs.filter((blob) => blob.state === 'carried')
  const missing = desk.state.card.side === 'low' ? missingRoles(desk, one) : []
  return {
    ...consignmentLine(desk, one),
    waybillWords: one.waybill === null ? [] : wordsOf(hexOf(one.waybill)),
    marking: one.marking,
    reason: one.reason,
    requester: one.requester,
    destinations: [...one.destinations],
    content: sealed === null ? [] : [...sealed.waybill.items],
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
      sentence: sealed === null ? '' : sentenceOf(role, sealed.waybill),
    })),
    missing,
    asks: sealed === null ? [] : asksOf(desk, one, sealed.waybill, missing),
    stale: staleness(desk, one),
    scope: one.verdict?.scope ?? null,
    verdict: await desk.verdict(one),
    decisions: one.halves.map(({ person, name, roles, outcome, reason, at, fingerprint }) => ({
      person,
      name,
      roles,
      outcome,
      reason,
      at,
      fingerprint: fingerprintOf(fingerprint),
    })),
    decided: one.decided,
    exports: one.exports.map(({ at, target, written, bytes, blobs: count }) => ({
      at,
      target,
      written,
      bytes,
      blobs: count,
    })),
    media: one.writings.map(mediumView),
    steps: stepsOf(desk, one),
  }
}
