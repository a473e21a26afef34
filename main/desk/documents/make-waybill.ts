import type { Digest } from '../../../shared/digest.ts'
import type { ItemEvidence } from '../../../shared/evidence.ts'
import { zLookedInto } from '../../../shared/look.ts'
import { zRendered } from '../../../shared/rendered.ts'
import { zBlob, zItem, type Blob, type Waybill } from '../../../shared/waybill.ts'
import { z } from 'zod'
import { latestExpiry, lifetimeIn } from '../../../shared/rules/expiry.ts'
import { zDigest, zHex64, zName, zText, zTime } from '../../../shared/schema.ts'
import { indexBytes } from '../../bundle/index-json.ts'
import {
  provenanceMediaType,
  provenanceOf,
  provenanceSubject,
  provenanceType,
} from '../../bundle/provenance.ts'
import { deskIdOf, madeWaybill, type MadeWaybill } from '../../bundle/waybill.ts'
import { summaryOf } from '../../evidence/summary.ts'
import { digestOf } from '../../platform/hash.ts'
import { canonical, parseCanonical } from '../../platform/json.ts'
import { version } from '../../platform/version.ts'
import { signStatement } from '../../sign/signer.ts'
import type { Blobs } from '../../store/blobs.ts'
import { trustDigest } from '../../trust/signers.ts'
import { judgeItems } from '../../verify/checks/evidence.ts'
import type { Desk } from '../desk.ts'
import { checkLifetime } from '../judging/request-checks.ts'
import { evidenceGround, keepEvidence, readerOf } from '../judging/evidence.ts'
import { waybillFile } from '../disk/waybill.ts'
import { Failure } from '../../platform/failure.ts'
import type { Consignment } from '../state/consignment.ts'
import { epochOf } from '../state/order.ts'
import { nextIn, releasedWaybills, replacedBy, type Replaces } from '../state/streams.ts'

/** `collected.json`: what collecting gave, so that a waybill can be made again without fetching anything. */
export const zCollection = z.strictObject({
  format: z.literal('sallyport.collection/v1'),
  name: zName,
  reason: zText,
  requester: zName,
  destinations: z.array(zHex64).min(1),
  channel: zName,
  marking: zText,
  expires: zTime.nullable(),
  request: zDigest,
  items: z.array(zItem),
  blobs: z.array(zBlob),
  sources: z.array(z.strictObject({ reference: z.string(), digest: zDigest, from: z.string() })),
  /** Every host that was asked; collections from before do not say. */
  hosts: z.array(z.string()).default([]),
  /** What was found in archives; collections from before have none. */
  archives: z.array(zLookedInto).default([]),
  /** What programs put together; collections from before were not rendered. */
  rendered: z.array(zRendered).default([]),
})
export type Collection = z.infer<typeof zCollection>

const signing = ['transfer-agent', 'release-authority', 'witness'] as const
/** Heads of earlier waybills for which a waybill brings proofs. */
const mostProofs = 64

function judgedOf(items: readonly ItemEvidence[], root: Digest): object {
  const judged = items.find((item) => item.root === root)
  return {
    judged: (judged?.pieces ?? []).map(summaryOf),
    rules: (judged?.rules ?? []).map(({ id, result, found }) => ({ id, result, found })),
  }
}

/** `assessment`: what this desk found and showed to the signers. The other side judges anew, by its own trust. */
function assessmentOf(collection: Collection, judged: readonly ItemEvidence[]): Buffer {
  return canonical({
    format: 'sallyport.assessment/v1',
    sources: collection.sources,
    hosts: collection.hosts,
    items: collection.items.map(({ reference, root, evidence, findings }) => ({
      reference,
      root: root.digest,
      evidence: evidence.length,
      ...judgedOf(judged, root.digest),
      findings,
    })),
    archives: collection.archives,
    rendered: collection.rendered,
    omitted: collection.blobs.filter((blob) => blob.state === 'omitted').map((blob) => blob.digest),
    notAsked: ['malware scan'],
  })
}

interface Attached {
  readonly id: string
  readonly collection: Collection
  readonly request: Buffer
  readonly created: string
  readonly index: Digest
  /** What this desk judged of the evidence. */
  readonly judged: readonly ItemEvidence[]
}

function provenanceFor(desk: Desk, { id, collection, created, index }: Attached): Promise<Buffer> {
  const { name, channel, request, sources } = collection
  const station = desk.station.key.fingerprint
  const making = { consignment: id, name, channel, request, created, version, station, sources }
  return signStatement(desk.station, [provenanceSubject(index)], provenanceType, provenanceOf(making))
}

async function attach(desk: Desk, attached: Attached, store: Blobs): Promise<Waybill['attachments']> {
  const { collection, request, judged } = attached
  const files = [
    { role: 'request' as const, bytes: request, mediaType: 'application/yaml' },
    { role: 'assessment' as const, bytes: assessmentOf(collection, judged), mediaType: 'application/json' },
    {
      role: 'policy' as const,
      bytes: Buffer.from(desk.state.policy.source, 'utf8'),
      mediaType: 'application/yaml',
    },
    {
      role: 'provenance' as const,
      bytes: await provenanceFor(desk, attached),
      mediaType: provenanceMediaType,
    },
  ]
  const attachments: Waybill['attachments'] = []
  for (const { role, bytes, mediaType } of files) {
    const { digest, size } = await store.putBytes(bytes)
    attachments.push({ role, digest, size, mediaType })
  }
  return attachments
}

// An attachment may be a blob of the content as well: then it is early.
function withAttachments(blobs: readonly Blob[], attachments: Waybill['attachments']): Blob[] {
  const all = new Map<Digest, Blob>(blobs.map((blob) => [blob.digest, blob]))
  for (const { digest, size } of attachments) all.set(digest, { digest, size, state: 'carried', early: true })
  return [...all.values()].sort((a, b) => (a.digest < b.digest ? -1 : 1))
}

/** As many voids as a waybill may tell. */
const mostVoids = 1000

function destinationsOf(
  desk: Desk,
  { channel, destinations: desks }: Collection,
  replaces: Replaces | null,
): Pick<Waybill, 'destinations' | 'voided'> {
  const { numbers, voids } = nextIn(desk.state, channel, desks, replaces)
  if (voids.length > mostVoids) {
    throw new Failure('voids-full', { channel, found: voids.length, expected: mostVoids })
  }
  return { destinations: numbers.map((one) => ({ ...one, base: null })), voided: voids }
}

async function ledgerOf(desk: Desk): Promise<Waybill['ledger']> {
  const heads = new Map<number, string>()
  for (const { made } of releasedWaybills(desk.state)) heads.set(made.head.size, made.head.root)
  const newest = [...heads].sort(([a], [b]) => b - a).slice(0, mostProofs)
  return {
    checkpoint: await desk.checkpoint(),
    witnessed: [],
    proofs: newest
      .map(([size, root]) => ({
        size,
        root,
        hashes: desk.proof(size).map((hash) => hash.toString('base64')),
      }))
      .sort((a, b) => a.size - b.size),
  }
}

function expiryOf(desk: Desk, collection: Collection, created: string): string {
  const lifetime = lifetimeIn(desk.state.policy.document, collection.channel)
  const { expires } = collection
  if (expires === null) return latestExpiry(created, lifetime)
  checkLifetime(expires, created, lifetime)
  return expires
}

function peopleOf(desk: Desk, requester: string): Waybill['people'] {
  return desk.state.people
    .filter((person) => person.id === requester || signing.some((role) => person.roles.includes(role)))
    .map(({ id, name, fingerprint, roles }) => ({ id, name, fingerprint, roles: [...roles] }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** Makes the waybill of a collection with the numbers that are next, and keeps what it needs in the store. */
async function waybillOf(
  desk: Desk,
  id: string,
  collection: Collection,
  request: Buffer,
  judged: readonly ItemEvidence[],
  replaces: Replaces | null,
): Promise<MadeWaybill> {
  const store = await desk.store()
  const index = indexBytes(collection.items)
  const created = desk.now()
  const attached = { id, collection, request, created, index: digestOf(index), judged }
  const attachments = await attach(desk, attached, store)
  await store.flush()
  const { state } = desk
  return madeWaybill({
    format: 'sallyport.waybill/v1',
    name: collection.name,
    created,
    expires: expiryOf(desk, collection, created),
    sender: state.card,
    channel: collection.channel,
    epoch: epochOf(state.order, collection.channel),
    ...destinationsOf(desk, collection, replaces),
    people: peopleOf(desk, collection.requester),
    marking: collection.marking,
    request: {
      ticket: null,
      reason: collection.reason,
      requester: collection.requester,
      digest: collection.request,
    },
    policy: state.policy.digest,
    trust: trustDigest(state.trust),
    ledger: await ledgerOf(desk),
    attachments,
    index: { digest: digestOf(index), size: index.length },
    items: collection.items,
    blobs: withAttachments(collection.blobs, attachments),
    removed: [],
  })
}

/** Whether a consignment was given up while its waybill was made, or before and nobody had released it. */
function givenUp(desk: Desk, id: string, before: Consignment['dropped']): boolean {
  const one = desk.state.consignments.get(id)
  return one !== undefined && one.dropped !== null && (one.releasedAt === null || one.dropped !== before)
}

/**
 * Makes the waybill of a consignment: waybill, event, and the waybill's file. Earlier signatures do not carry over.
 *
 * @throws Failure `bad-input` for an expiry that the policy does not allow; `voids-full`; `waybill-old` for one that was
 *   given up meanwhile
 */
export async function makeWaybill(desk: Desk, id: string): Promise<MadeWaybill> {
  const dropped = desk.state.consignments.get(id)?.dropped ?? null
  const collection = zCollection.parse(parseCanonical(await desk.readIn(id, 'collected.json')))
  const request = await desk.readIn(id, 'request.yaml')
  const judged = await judgeItems(collection.items, await readerOf(desk, id), evidenceGround(desk))
  const before = desk.state.consignments.get(id)
  const replaces = before === undefined ? null : replacedBy(desk.state, before, desk.now())
  const made = await waybillOf(desk, id, collection, request, judged, replaces)
  const evidence = await keepEvidence(desk, id, judged)
  const { waybill, digest } = made
  const head = desk.head()
  const carried = waybill.blobs.filter((blob) => blob.state === 'carried')
  // Given up meanwhile: nobody is asked to sign what was made of it.
  if (givenUp(desk, id, dropped)) throw new Failure('waybill-old', { found: 'it was given up meanwhile', id })
  // The file first, under a name of its own: the event that names its digest puts it in force.
  await desk.writeIn(id, waybillFile(digest), made.bytes)
  await desk.record(
    'waybill.sealed',
    {
      consignment: id,
      waybill: digest,
      name: waybill.name,
      channel: waybill.channel,
      epoch: waybill.epoch,
      created: waybill.created,
      expires: waybill.expires,
      requester: waybill.request.requester,
      reason: waybill.request.reason,
      marking: waybill.marking,
      items: waybill.items.length,
      bytes: carried.reduce((total, blob) => total + blob.size, 0),
      destinations: waybill.destinations.map(({ desk: destination, sequence, previous }) => ({
        sender: deskIdOf(waybill.sender),
        channel: waybill.channel,
        destination,
        sequence,
        previous,
      })),
      head: { size: head.size, root: head.root.toString('base64') },
      evidence,
      voids: waybill.voided.map(({ desk: told, sequence, digest: voided }) => {
        return { desk: told, sequence, digest: voided }
      }),
      replaces,
    },
    { subjects: [digest] },
  )
  return made
}
