import type { Digest } from '../../../shared/digest.ts'
import { belonging } from '../../bundle/media-set.ts'
import { parseSignatureLine, splitSignatureFile } from '../../bundle/signature-lines.ts'
import { deskIdOf } from '../../bundle/waybill.ts'
import { summaryOf } from '../../evidence/summary.ts'
import { digestOf } from '../../platform/hash.ts'
import { canonical } from '../../platform/json.ts'
import { limits } from '../../platform/limits.ts'
import { version } from '../../platform/version.ts'
import { zRecord, type CrossingRecord } from '../../report/record.ts'
import { hexOf } from '../../../shared/digest.ts'
import { wordsOf } from '../../trust/fingerprint.ts'
import { trustDigest } from '../../trust/signers.ts'
import type { Desk } from '../desk.ts'
import { recordedCustody } from './recorded-custody.ts'
import { officerActs } from './officer-acts.ts'
import { componentsOf } from '../judging/components.ts'
import { evidenceOf } from '../judging/evidence.ts'
import { revokedIn } from '../state/revoked.ts'
import { assessmentIn } from '../disk/assessment.ts'
import { readWaybill, signaturesOf } from '../disk/waybill.ts'
import type { Consignment } from '../state/consignment.ts'
import type { PaperPage } from './papers.ts'

async function signaturesIn(desk: Desk, one: Consignment): Promise<CrossingRecord['signatures']> {
  const low = desk.state.card.side === 'low'
  const file = low ? signaturesOf(desk, one) : await desk.readIn(one.id, 'waybill.sigstore.jsonl')
  if (file.length === 0) return []
  const { waybill } = await readWaybill(desk, one)
  return splitSignatureFile(file).map((line) => {
    const { predicate, envelope } = parseSignatureLine(line)
    return {
      role: predicate.role,
      person: predicate.person,
      name: waybill.people.find((person) => person.id === predicate.person)?.name ?? predicate.person,
      at: predicate.time,
      sentence: predicate.sentence,
      fingerprint: envelope.fingerprint,
    }
  })
}

function mediaOf(one: Consignment): CrossingRecord['media'] {
  const written = one.writings.flatMap(({ done, at, run, number, of, readBack, out, drive }) =>
    done === null
      ? []
      : [
          {
            at,
            folder: done.folder,
            number,
            of,
            copy: done.copy,
            run,
            record: done.medium,
            parts: done.parts.map(({ name, size, digest }) => ({ name, size, digest })),
            readBack,
            out,
            drive,
          },
        ],
  )
  const handed = one.exports.flatMap(({ medium, at, readBack, out }) => {
    if (medium === undefined) return []
    const { folder, copy, run, record, drive } = medium
    return [{ at, folder, number: 1, of: 1, copy, run, record, parts: [], readBack, out, drive }]
  })
  return [...written, ...handed]
}

async function groundOf(desk: Desk): Promise<Pick<CrossingRecord, 'policy' | 'trust' | 'people' | 'ledger'>> {
  const { state } = desk
  const head = desk.head()
  return {
    policy: {
      digest: state.policy.digest,
      version: state.policy.document.version,
      source: state.policy.source,
    },
    trust: {
      digest: trustDigest(state.trust),
      signers: state.trust.map(({ name, roles, senders, channels, fingerprint, key }) => ({
        name,
        roles: [...roles],
        senders: senders === null ? null : [...senders],
        channels: channels === null ? null : [...channels],
        fingerprint,
        key,
      })),
    },
    people: state.people.map(({ id, name, roles, fingerprint, key }) => ({
      id,
      name,
      roles,
      fingerprint,
      key,
    })),
    ledger: { size: head.size, root: head.root.toString('hex'), checkpoint: await desk.checkpoint() },
  }
}

async function judgedIn(desk: Desk, one: Consignment): Promise<CrossingRecord['evidence']> {
  const kept = await evidenceOf(desk, one)
  const digest = (one.verdict?.evidence ?? one.made?.evidence)?.digest ?? null
  if (kept === null || digest === null) return null
  const { policy, roots } = kept
  const items = kept.items.map(({ name, root, rules, pieces }) => ({
    name,
    root,
    rules,
    pieces: pieces.map(summaryOf),
  }))
  return { digest, policy, roots, items }
}

async function insideOf(
  desk: Desk,
  one: Consignment,
): Promise<Pick<CrossingRecord, 'evidence' | 'components'>> {
  const components = await componentsOf(desk, one, limits.changesRecorded)
  return { evidence: await judgedIn(desk, one), components }
}

async function verdictOf(desk: Desk, one: Consignment): Promise<CrossingRecord['verdict']> {
  const verdict = await desk.verdict(one)
  if (verdict === null || one.verdict === null) return null
  const { digest, at, scope } = one.verdict
  return { ...verdict, digest, at, scope }
}

async function partsOf(
  desk: Desk,
  one: Consignment,
): Promise<Pick<CrossingRecord, 'waybill' | 'items' | 'archives' | 'hosts' | 'content'>> {
  const { waybill, digest } = await readWaybill(desk, one)
  const carried = waybill.blobs.filter((blob) => blob.state === 'carried')
  const { requester, reason, digest: request } = waybill.request
  return {
    waybill: {
      digest,
      words: wordsOf(hexOf(digest)),
      sender: { id: deskIdOf(waybill.sender), name: waybill.sender.name },
      channel: waybill.channel,
      epoch: waybill.epoch,
      destinations: waybill.destinations.map(({ desk: id, sequence, previous }) => ({
        desk: id,
        sequence,
        previous,
      })),
      created: waybill.created,
      expires: waybill.expires,
      request: {
        requester,
        requesterName: waybill.people.find((person) => person.id === requester)?.name ?? requester,
        reason,
        digest: request,
      },
      policy: waybill.policy,
      trust: waybill.trust,
    },
    items: waybill.items,
    ...(await assessmentIn(desk, one.id, waybill)),
    content: {
      carried: carried.length,
      bytes: carried.reduce((total, blob) => total + blob.size, 0),
      omitted: waybill.blobs.filter((blob) => blob.state === 'omitted').length,
    },
  }
}

function landingOf({
  exports,
  landings,
  unfinished,
}: Consignment): Pick<CrossingRecord, 'exports' | 'landings' | 'unfinished'> {
  return {
    exports: exports.map(({ at, target, written, moved, bytes, blobs, seals, found }) => ({
      at,
      target,
      written: written.map(({ from, reference, digest }) => ({
        ...(from === undefined ? {} : { from }),
        reference,
        digest,
      })),
      ...(moved === undefined || moved.length === 0 ? {} : { moved }),
      bytes,
      blobs,
      ...(seals === undefined ? {} : { seals }),
      ...(found === undefined ? {} : { found }),
    })),
    ...(landings.length === 0
      ? {}
      : { landings: landings.map(({ keys, ...sealed }) => ({ ...sealed, keys: [...keys] })) }),
    ...(unfinished.length === 0
      ? {}
      : { unfinished: unfinished.map(({ missing, ...failed }) => ({ ...failed, missing: [...missing] })) }),
  }
}

function statementsOf(desk: Desk, one: Consignment): CrossingRecord['statements'] {
  const types = zRecord.shape.statements.element.shape.type
  return desk.lines.placesOf(one.id).flatMap((event) => {
    const type = types.safeParse(desk.lines.typeAt(event))
    if (!type.success) return []
    const statements = desk.lines.at(event)?.statements ?? []
    return statements.map((envelope) => ({ event, type: type.data, envelope }))
  })
}

/** What each sheet of paper made from a record carries. */
export function marksOf(record: CrossingRecord, digest: Digest, name: string): PaperPage['marks'] {
  const { marking, ledger } = record
  return { marking, name, record: digest, ledger: `${ledger.size} ${ledger.root}` }
}

function decisionOf({ decided, halves }: Consignment): CrossingRecord['decision'] {
  return {
    outcome: decided,
    halves: halves.map(({ person, name, roles, outcome, reason, causes, verdict, at, fingerprint }) => ({
      ...{ person, name, roles: [...roles], outcome, reason, causes: [...causes] },
      ...{ verdict, at, fingerprint },
    })),
  }
}

/** The record of a consignment as this desk's ledger tells it, and its digest. */
export async function crossingRecord(
  desk: Desk,
  one: Consignment,
): Promise<{ readonly record: CrossingRecord; readonly digest: Digest }> {
  await desk.prove(one.id)
  const { card, marking, founding } = desk.state
  const record = zRecord.parse({
    format: 'sallyport.record/v1',
    verifier: { name: 'Sallyport', version },
    // Of the newest event, not of this minute: JSON, page and PDF of one state are one record with one digest.
    asOf: desk.lines.at(desk.lines.size - 1)?.time.at ?? card.created,
    clock: 'this computer, not confirmed',
    marking: one.marking === '' ? marking : one.marking,
    desk: {
      id: desk.id,
      side: card.side,
      name: card.name,
      station: desk.station.key.fingerprint,
      founding,
      seal: desk.state.seal?.digest ?? null,
      card,
    },
    consignment: { id: one.id, name: one.name, state: one.state },
    ...(await partsOf(desk, one)),
    ...(await insideOf(desk, one)),
    signatures: await signaturesIn(desk, one),
    verdict: await verdictOf(desk, one),
    drive: one.verdict?.drive ?? null,
    decision: decisionOf(one),
    media: mediaOf(one),
    read: belonging(one.here).map(({ number, of, copy, at, drive }) => ({ number, of, copy, at, drive })),
    custody: recordedCustody(desk, one),
    ...landingOf(one),
    statements: statementsOf(desk, one),
    officers: officerActs(desk.state, one),
    revoked: revokedIn(desk.state, one),
    ...(await groundOf(desk)),
  })
  return { record, digest: digestOf(canonical(record)) }
}
