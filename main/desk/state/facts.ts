import { z } from 'zod'
import {
  zDigest,
  zHex64,
  zBase64,
  zName,
  zRole,
  zSigningRole,
  zSize,
  zKeptText,
  zTime,
  zUuid,
} from '../../../shared/schema.ts'
import { outcomes, zCounts } from '../../../shared/verdict.ts'
import { decisionOutcomes } from '../../../shared/views.ts'
import { zDeskCard } from '../../../shared/waybill.ts'
import { outLevels, zDriveName } from '../../../shared/drives.ts'
import { zChange } from './change.ts'
import { zPerson, zTrustedSigner } from './entries.ts'
import { sealStates } from '../../../shared/landing.ts'
import { landingFacts } from './landing-facts.ts'
import { mediaFacts } from './media-facts.ts'

/*
 * The facts of each type of event. State is replayed from these alone; files of the same content are caches. A type
 * or a field that this version does not know refuses the ledger, never passes it over.
 */

const zStream = z.strictObject({
  sender: zHex64,
  channel: zName,
  destination: zHex64,
  sequence: z.number().int().min(1),
  previous: zDigest.nullable(),
})

const zHead = z.strictObject({ size: zSize, root: zBase64 })
const of = { consignment: zUuid }
const about = { ...of, waybill: zDigest }
const zPath = z.string().max(4096)
const zSlice = z.strictObject({ name: z.string(), offset: zSize, size: zSize })
const zPart = zSlice.extend({ digest: zDigest })
const zMediumNumber = z.number().int().min(1).max(999)
/** Which one it is of the media that hold a bundle together; one alone in events of older versions. */
const zOneOf = { number: zMediumNumber.default(1), of: zMediumNumber.default(1) }
/** A medium that a reading was given, and whether all of it was as it must be. */
const zMediumRead = z.strictObject({
  number: zMediumNumber,
  of: zMediumNumber,
  copy: z.number().int().min(1),
  from: zSize,
  until: zSize,
  whole: z.boolean(),
  drive: zDriveName.nullable(),
})
const zOfficer = { number: z.number().int().min(1), person: zName, at: zTime }
/** The drive that a medium lay on; `null` for a plain folder, where it is not known, and in events of older versions. */
const zOnDrive = { drive: zDriveName.nullable().default(null) }
const zCode = z.strictObject({ ...of, code: z.string() })

/** What was judged of the items of a consignment: digest of the file, and fingerprints of roots and keys it stood on. */
const zRecordedEvidence = z.strictObject({ digest: zDigest, by: z.array(zHex64).max(1000) })
export type RecordedEvidence = z.infer<typeof zRecordedEvidence>

/** A void as a waybill tells it. */
const zTold = z.strictObject({ desk: zHex64, sequence: z.number().int().min(1), digest: zDigest })

const zSealed = z.strictObject({
  ...about,
  name: zName,
  channel: zName,
  epoch: z.number().int().min(1),
  created: zTime,
  expires: zTime,
  requester: zName,
  reason: zKeptText,
  marking: zKeptText,
  items: zSize,
  bytes: zSize,
  destinations: z.array(zStream).min(1),
  head: zHead,
  /** What this desk judged of the evidence of its items. */
  evidence: zRecordedEvidence.nullable().default(null),
  /** The voids that it tells; `null` in events of versions that did not record them. */
  voids: z.array(zTold).max(1000).nullable().default(null),
  /** The released waybill that it replaces, why, and whether that one's number is void now. */
  replaces: z
    .strictObject({ waybill: zDigest, reason: zKeptText, voided: z.boolean() })
    .nullable()
    .default(null),
})

export const facts = {
  'desk.created': z.strictObject({ card: zDeskCard }),
  'desk.marking': z.strictObject({ marking: zKeptText }),
  'desk.recovered': z.strictObject({ what: z.array(z.string()).max(10_000) }),
  'person.added': z.strictObject({ person: zPerson }),
  'trust.added': z.strictObject({ signer: zTrustedSigner }),
  'policy.set': z.strictObject({ version: z.number().int().min(1), digest: zDigest, source: z.string() }),
  /** A change that has no type of its own, while the desk is founding and one person makes it. */
  'change.made': z.strictObject({ change: zChange }),
  /** What one officer asks for. The statement is theirs. */
  'change.proposed': z.strictObject({
    ...zOfficer,
    version: z.number().int().min(1),
    before: zDigest,
    change: zChange,
  }),
  /** With this second officer's statement the change is in force. */
  'change.signed': z.strictObject(zOfficer),
  'change.withdrawn': z.strictObject(zOfficer),
  'collect.started': z.strictObject({ ...of, name: zName, request: zDigest }),
  'collect.failed': zCode,
  'waybill.sealed': zSealed,
  'approval.signed': z.strictObject({
    ...about,
    role: zSigningRole,
    person: zName,
    at: zTime,
    released: z.boolean(),
  }),
  'consignment.dropped': z.strictObject({ ...of, reason: zKeptText, voided: z.boolean() }),
  'consignment.closed': z.strictObject(of),
  /** How a bundle is laid on several media: kept from the first on, so that each can be made again alone. */
  'write.planned': z.strictObject({
    ...about,
    plan: zUuid,
    /** Bytes of the whole tar. */
    size: zSize,
    /** Percent of recovery data on each; `null`: none. */
    parity: z.number().int().min(1).max(50).nullable(),
    media: z
      .array(z.strictObject({ parts: z.array(zSlice).min(1).max(999) }))
      .min(2)
      .max(999),
  }),
  'write.started': z.strictObject({
    ...about,
    run: zUuid,
    /** `null`: one medium alone. */
    plan: zUuid.nullable().default(null),
    ...zOneOf,
    copy: z.number().int().min(1),
    folder: zPath,
    signatures: zDigest,
    parts: z.array(zSlice).min(1),
    ...zOnDrive,
    /** That its drive was not in the register, where the policy only warns of that. */
    unregistered: z.boolean().default(false),
  }),
  'write.done': z.strictObject({
    ...about,
    run: zUuid,
    ...zOneOf,
    copy: z.number().int().min(1),
    folder: zPath,
    medium: zDigest,
    parts: z.array(zPart),
  }),
  /** A damaged medium was repaired to a copy, by its recovery data. */
  'repair.done': z.strictObject({
    consignment: zUuid.nullable(),
    waybill: zDigest,
    run: zUuid,
    ...zOneOf,
    copy: z.number().int().min(1),
    folder: zPath,
    /** Names of the files that were not as they were written. */
    damaged: z.array(z.string().max(100)).max(1100),
    /** The program that did it, and whether it was kept from any network meanwhile. */
    program: zDigest,
    silent: z.boolean(),
    ...zOnDrive,
  }),
  'write.failed': z.strictObject({ ...about, run: zUuid, code: z.string() }),
  'readback.done': z.strictObject({
    consignment: zUuid.nullable(),
    waybill: zDigest.nullable(),
    run: zUuid.nullable(),
    scope: z.enum(['medium', 'tar']),
    outcome: z.enum(outcomes),
    counts: zCounts,
    verdict: zDigest,
    ...zOnDrive,
    /** How far this session saw that it had been out; `null` in events of versions that did not look. */
    out: z.enum(outLevels).nullable().default(null),
  }),
  'waybill.seen': z.strictObject({
    ...about,
    stream: zStream.nullable(),
    name: zName,
    senderName: zKeptText,
    epoch: z.number().int().min(1),
    created: zTime,
    expires: zTime,
    items: zSize,
    bytes: zSize,
    marking: zKeptText,
    requester: zName,
    reason: zKeptText,
    destinations: z.array(zHex64),
    voids: z.array(z.strictObject({ sequence: z.number().int().min(1), digest: zDigest })),
    head: zHead.nullable(),
    /** Fingerprints of the keys whose signatures counted. */
    signers: z.array(zHex64).max(8).default([]),
    /** Whether it is remembered in its stream: every line trusted for it, attested, and addressed to this desk. */
    counted: z.boolean().default(true),
  }),
  'verify.done': z.strictObject({
    consignment: zUuid.nullable(),
    waybill: zDigest.nullable(),
    scope: z.enum(['medium', 'tar']),
    outcome: z.enum(outcomes),
    counts: zCounts,
    verdict: zDigest,
    /** What was judged of the items; `null` when reading stopped before. */
    evidence: zRecordedEvidence.nullable().default(null),
    /** Media of a bundle on several; `null` where it lies on one, and where nothing of a medium was read. */
    media: z.array(zMediumRead).max(999).nullable().default(null),
    /** Whether what came together from all of them was as it must be; `null` while some are missing. */
    joined: z.boolean().nullable().default(null),
    ...zOnDrive,
    /** Whether it was judged anew, without reading a medium. */
    again: z.boolean().default(false),
  }),
  'decision.signed': z.strictObject({
    ...about,
    verdict: zDigest,
    outcome: z.enum(decisionOutcomes),
    person: zName,
    name: zKeptText,
    roles: z.array(zRole),
    reason: zKeptText.nullable(),
    causes: z.array(zDigest),
    at: zTime,
    /** Set by the half that makes the decision stand. */
    decided: z.enum(decisionOutcomes).nullable(),
  }),
  /** Half of an exception from a check; with the second half that fits it is in force until its time. */
  'override.signed': z.strictObject({
    ...about,
    verdict: zDigest,
    check: z.string().max(100),
    subject: z.string().max(2000).nullable(),
    until: zTime,
    reason: zKeptText,
    person: zName,
    name: zKeptText,
    roles: z.array(zRole),
    at: zTime,
    /** Set by the half that makes it stand. */
    stands: z.boolean(),
  }),
  'content.moved': z.strictObject({ ...about, blobs: zSize, bytes: zSize }),
  'export.started': z.strictObject({
    ...about,
    target: zPath,
    ...zOnDrive,
    unregistered: z.boolean().default(false),
  }),
  'export.done': z.strictObject({
    ...about,
    target: zPath,
    written: z.array(z.strictObject({ from: z.string().optional(), reference: z.string(), digest: zDigest })),
    moved: z.array(z.strictObject({ reference: z.string(), before: zDigest })).optional(),
    warned: z.array(z.string()).optional(),
    bytes: zSize,
    blobs: zSize,
    left: z.array(z.string()).default([]),
    /** Of a registry: what became of seals, and how many things were found there again as readers look for them. */
    seals: z.enum(sealStates).optional(),
    found: zSize.optional(),
    /** Of a medium: which writing it was, and the digest of its record. */
    medium: z
      .strictObject({
        run: zUuid,
        copy: z.number().int().min(1),
        folder: zPath,
        record: zDigest,
        ...zOnDrive,
      })
      .optional(),
  }),
  'export.failed': z.strictObject({
    ...about,
    target: zPath,
    code: z.string(),
    /** What was not found at the target when it was read again, in sentences. */
    missing: z.array(z.string().max(1000)).max(100).optional(),
  }),
  'prune.done': z.strictObject({ consignments: z.array(zUuid), blobs: zSize, bytes: zSize }),
  ...landingFacts,
  ...mediaFacts,
} as const

export type EventType = keyof typeof facts
export type FactsOf<Type extends EventType> = z.output<(typeof facts)[Type]>
/** An event with its facts in their own shape. */
export type Recorded = {
  [Type in EventType]: { readonly type: Type; readonly facts: FactsOf<Type> }
}[EventType]

export function isEventType(type: string): type is EventType {
  return Object.hasOwn(facts, type)
}
