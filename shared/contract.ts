import { z } from 'zod'
import { call, zAuthorities, zNothing, zPlace, zSecret, zSigner } from './calls.ts'
import { zJob } from './job.ts'
import { zPolicy } from './policy.ts'
import { zConsignmentEvidence, zEvidenceReport, zProven } from './evidence.ts'
import { zReason } from './reason.ts'
import { zEventPage, zEventQuestion, zRawEvent } from './ledger.ts'
import { zDigest, zHex64, zRole, zSigningRole, zUuid } from './schema.ts'
import { zSettings } from './settings.ts'
import { trustCalls } from './trust-calls.ts'
import { zCheckInput, zSignInput } from './signing.ts'
import { outcomes, zCheck, zCounts, zNotAsked } from './verdict.ts'
import {
  decisionOutcomes,
  zConsignmentLine,
  zConsignmentView,
  zDeskView,
  zExportView,
  zFingerprint,
  zLedgerCheck,
} from './views.ts'

/*
 * Every call and event between the engine and its faces. JSON-safe values only. A path never crosses: a place is
 * an opaque id that was registered by a dialog or by the command line, for one purpose and one session.
 */

export const purposes = [
  'desk',
  'request',
  /** The folder that a request's files lie in. */
  'folder',
  /** A file, or an OCI layout, that a request asks for. */
  'content',
  'layout',
  /** A desk's card (`desk.json`). */
  'card',
  'key',
  /** A Sigstore bundle or a raw signature. */
  'signature',
  /** A file that a signature is about. */
  'artifact',
  'trusted-root',
  'auth',
  'ca',
  'policy',
  /** A trust package, or a timestamp over one. */
  'package',
  'medium',
  'export',
  'report',
  /** A `signing_config.json`. */
  'services',
] as const
export type Purpose = (typeof purposes)[number]

export const reportFormats = ['json', 'html', 'pdf', 'csv'] as const
export const sheetKinds = ['label', 'custody'] as const
export const papers = ['a4', 'letter'] as const
export type Paper = (typeof papers)[number]

const zLabel = z.string().max(4096)
const zConsignmentId = z.strictObject({ id: zUuid })
const zAccess = { auth: zPlace.optional(), ca: zAuthorities }
const zStarted = z.strictObject({ job: z.string() })
const zKey = z.strictObject({ fingerprint: zFingerprint, algorithm: z.string() })

const zArtifactDigest = z.string().regex(/^(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/)
/** How many operators, never how many entries. */
const zThreshold = z.number().int().min(0).max(16)

/** The text of a request: YAML, at most 1 MiB. */
const zRequestText = z.string().max(1024 * 1024)

/** What is wrong with a request, and where: `path` as in `items.2.image`, '' for the whole. */
export const zRequestProblem = z.strictObject({
  path: z.string(),
  line: z.number(),
  column: z.number(),
  expected: z.string(),
  found: z.string(),
})
export type RequestProblem = z.infer<typeof zRequestProblem>

export const zPolicyPreview = z.strictObject({
  version: z.number(),
  digest: zDigest,
  source: z.string(),
  document: zPolicy,
})

export const zWritePlan = z.strictObject({
  /** Name of the folder that will be made on the medium. */
  folder: z.string(),
  copy: z.number(),
  /** Bytes; `null` where the file system does not say. */
  free: z.number().nullable(),
  needed: z.number(),
  /** The largest file that the medium takes; `null`: no limit known. */
  largest: z.number().nullable(),
  parts: z.array(z.strictObject({ name: z.string(), size: z.number() })),
})

export const zVerified = z.strictObject({
  id: zUuid.optional(),
  scope: z.enum(['medium', 'tar']),
  waybill: zDigest.nullable(),
  outcome: z.enum(outcomes),
  counts: zCounts,
  notAsked: z.array(zNotAsked),
  checks: z.array(zCheck),
})
export type Verified = z.infer<typeof zVerified>

export const zCollected = z.strictObject({
  id: zUuid,
  waybill: zDigest,
  words: z.array(z.string()),
  items: z.number(),
  blobs: z.number(),
  bytes: z.number(),
  findings: z.number(),
})
export const zWritten = z.strictObject({
  id: zUuid,
  folder: z.string(),
  medium: z.strictObject({
    n: z.number(),
    of: z.number(),
    copy: z.number(),
    run: z.string(),
    digest: zDigest,
  }),
  parts: z.array(z.strictObject({ name: z.string(), size: z.number(), sha256: zHex64 })),
})
const zSaved = z.strictObject({ id: zUuid, file: z.string(), sha256: zHex64 })
export const zExported = zExportView.extend({ id: zUuid })

export const contract = {
  calls: {
    /** Asks the person at the screen for a place. `place` is null when they cancelled. */
    'place.choose': call(
      z.strictObject({ purpose: z.enum(purposes), title: zLabel.optional() }),
      z.strictObject({ place: zPlace.nullable(), label: z.string() }),
    ),

    'desk.create': call(
      z.strictObject({
        place: zPlace,
        side: z.enum(['low', 'high']),
        name: z.string(),
        marking: z.string().optional(),
      }),
      z.strictObject({ id: zHex64, side: z.enum(['low', 'high']), name: z.string(), station: zFingerprint }),
    ),
    'desk.open': call(z.strictObject({ place: zPlace, mode: z.enum(['read', 'write']) }), zDeskView),
    'desk.close': call(zNothing, zNothing),
    'desk.show': call(zNothing, zDeskView),

    /** What another desk's card says. Nothing of it is trusted by being read. */
    'card.read': call(
      z.strictObject({ place: zPlace }),
      z.strictObject({ id: zFingerprint, side: z.enum(['low', 'high']), name: z.string() }),
    ),
    /** Saves this desk's card, to be carried to the other side. */
    'card.save': call(z.strictObject({ place: zPlace }), z.strictObject({ file: z.string() })),

    'key.create': call(
      z.strictObject({
        place: zPlace,
        algorithm: z.enum(['p256', 'p384', 'p521', 'rsa3072', 'rsa4096', 'ed25519']),
        /** Default: `pkcs8`. */
        form: z.enum(['pkcs8', 'cosign']).optional(),
        passphrase: zSecret,
      }),
      /** `public`: the place of the public key, for `person.add`. */
      zKey.extend({ public: zPlace }),
    ),
    'key.show': call(z.strictObject({ place: zPlace }), zKey),

    'evidence.show': call(
      z.strictObject({
        /** `registry.example/team/app:1`, or the place of an OCI layout with a tag or digest of it. */
        image: z.union([
          z.string().min(1).max(1024),
          z.strictObject({ layout: zPlace, name: z.string().max(300) }),
        ]),
        /** None: the roots of the open desk, and without a desk the public root that is built in. */
        roots: z.array(zPlace).max(16),
        keys: z.array(zPlace).max(64),
        plainHttp: z.boolean(),
        ...zAccess,
      }),
      zEvidenceReport,
    ),
    'signature.check': call(
      z.strictObject({
        bundle: zPlace,
        artifact: z.union([z.strictObject({ place: zPlace }), z.strictObject({ digest: zArtifactDigest })]),
        signer: z.union([
          z.strictObject({ key: zPlace }),
          z.strictObject({ identity: z.string().min(1).max(4096), issuer: z.string().min(1).max(4096) }),
        ]),
        /** None: the root of the public instance that is built in. */
        roots: z.array(zPlace).max(16),
        logs: zThreshold,
        times: zThreshold,
        scts: zThreshold,
        predicateType: z.string().min(1).max(2048).optional(),
      }),
      z.strictObject({ accepted: z.boolean(), reason: zReason.nullable(), proven: zProven.nullable() }),
    ),

    ...trustCalls,

    /** What a policy file says, before it is put in force. */
    'policy.preview': call(z.strictObject({ place: zPlace }), zPolicyPreview),

    /** A request file, to go on with in the window. `folder` is the place its files lie in. */
    'request.open': call(
      z.strictObject({ place: zPlace }),
      z.strictObject({ text: zRequestText, folder: zPlace, label: z.string() }),
    ),
    /** Everything that is wrong with a request as far as it is written. */
    'request.check': call(
      z.strictObject({ text: zRequestText }),
      z.strictObject({ problems: z.array(zRequestProblem) }),
    ),
    /** How a request names a chosen file or layout. Without a folder the request's folder becomes the one it lies in. */
    'request.name': call(
      z.strictObject({ place: zPlace, kind: z.enum(['content', 'layout']), folder: zPlace.nullable() }),
      z.strictObject({ reference: z.string(), folder: zPlace, label: z.string() }),
    ),
    /** The request of a consignment, as it was collected. */
    'request.show': call(zConsignmentId, z.strictObject({ id: zUuid, text: zRequestText })),

    /**
     * Long; result: zCollected. `patient`: when an item fails the work waits for `job.retry` or `job.cancel` and keeps
     * what the others have, instead of ending.
     */
    'collect.start': call(
      z.strictObject({
        request: z.union([zPlace, z.strictObject({ text: zRequestText, folder: zPlace.nullable() })]),
        patient: z.boolean().optional(),
        ...zAccess,
      }),
      zStarted,
    ),
    /** Makes the waybill of a collected consignment again, with the next number. Long; result: zCollected. */
    'waybill.make': call(zConsignmentId, zStarted),
    'consignment.list': call(zNothing, z.strictObject({ consignments: z.array(zConsignmentLine) })),
    /** What this desk judged of the evidence of each item; `null` when nothing was judged yet. */
    'consignment.evidence': call(
      zConsignmentId,
      z.strictObject({ evidence: zConsignmentEvidence.nullable() }),
    ),
    /** One piece of evidence as it was carried: JSON text, cut after 256 KiB. */
    'consignment.blob': call(
      z.strictObject({ id: zUuid, blob: zDigest }),
      z.strictObject({ text: z.string(), size: z.number(), cut: z.boolean() }),
    ),
    'consignment.show': call(zConsignmentId, zConsignmentView),
    'consignment.drop': call(z.strictObject({ id: zUuid, reason: z.string() }), zConsignmentId),
    /** Ends the work on a consignment: nothing more is written or exported, and its content is no longer kept from pruning. */
    'consignment.close': call(zConsignmentId, zConsignmentId),
    'approval.sign': call(
      z.strictObject({ id: zUuid, role: zSigningRole, ...zSigner }),
      z.strictObject({
        id: zUuid,
        waybill: zDigest,
        signatures: z.array(z.strictObject({ person: z.string(), role: zSigningRole, at: z.string() })),
        missing: z.array(zSigningRole),
      }),
    ),
    /** What a writing would do: nothing is written. */
    'write.plan': call(
      z.strictObject({ id: zUuid, to: zPlace, partSize: z.number().int().min(1).optional() }),
      zWritePlan,
    ),
    /** Long; result: zWritten. */
    'write.start': call(
      z.strictObject({ id: zUuid, to: zPlace, partSize: z.number().int().min(1).optional() }),
      zStarted,
    ),
    /** Long; result: zVerified. */
    'readback.start': call(z.strictObject({ medium: zPlace }), zStarted),
    /** Long; result: zVerified. */
    'verify.start': call(z.strictObject({ medium: zPlace }), zStarted),
    'decision.sign': call(
      z.strictObject({
        id: zUuid,
        outcome: z.enum(decisionOutcomes),
        reason: z.string().optional(),
        causes: z.array(zDigest).max(100),
        ...zSigner,
      }),
      z.strictObject({
        id: zUuid,
        outcome: z.enum(decisionOutcomes).nullable(),
        people: z.array(z.string()),
        missing: z.number(),
      }),
    ),
    /** Long; result: zExported. */
    'export.start': call(
      z.strictObject({
        id: zUuid,
        target: z.discriminatedUnion('kind', [
          z.strictObject({ kind: z.literal('oci-layout'), place: zPlace }),
          z.strictObject({ kind: z.literal('dir'), place: zPlace }),
          z.strictObject({
            kind: z.literal('registry'),
            host: z.string().max(300),
            prefix: z.string().max(200),
          }),
        ]),
        ...zAccess,
      }),
      zStarted,
    ),
    /** The report as it is printed, for the window. */
    'report.show': call(zConsignmentId, z.strictObject({ id: zUuid, html: z.string(), digest: zDigest })),
    /**
     * Saves the report; `pdf` needs the desktop app, and only there the paper counts. Without a place it goes to the
     * desk's own `reports/`.
     */
    'report.save': call(
      z.strictObject({
        id: zUuid,
        format: z.enum(reportFormats),
        paper: z.enum(papers).default('a4'),
        place: zPlace.optional(),
      }),
      zSaved,
    ),
    /** Saves a sheet for the media that may leave, those read back: labels, or the custody sheet. Low only. */
    'sheet.save': call(
      z.strictObject({
        id: zUuid,
        kind: z.enum(sheetKinds),
        format: z.enum(['html', 'pdf']),
        paper: z.enum(papers).default('a4'),
        place: zPlace.optional(),
      }),
      zSaved,
    ),
    'prune.run': call(
      zNothing,
      z.strictObject({ consignments: z.array(zUuid), blobs: z.number(), bytes: z.number() }),
    ),
    /** Of the open desk, or of the one at `place`: a damaged ledger cannot be opened, but can be checked. */
    'ledger.verify': call(z.strictObject({ place: zPlace.optional() }), zLedgerCheck),

    /** The events that match, as people read them. */
    'ledger.events': call(zEventQuestion, zEventPage),
    /** One event as it stands in the ledger. */
    'ledger.event': call(z.strictObject({ sequence: z.number().int().min(1) }), zRawEvent),

    /** Signs a file (shared/signing.ts). Long; result: zSigned. */
    'sign.start': call(zSignInput, zStarted),
    /** Checks a file against a public key, by a bundle or a bare signature. Long; result: zChecked. */
    'check.start': call(zCheckInput, zStarted),

    /** How the window looks, and which version of the app this is. */
    'settings.show': call(zNothing, z.strictObject({ settings: zSettings, version: z.string() })),
    'settings.set': call(z.strictObject({ settings: zSettings }), zNothing),

    'job.list': call(zNothing, z.strictObject({ jobs: z.array(zJob) })),
    /** Answers when the work has ended. */
    'job.wait': call(z.strictObject({ job: z.string() }), zJob),
    /** Has the failed item of a patient job tried again. */
    'job.retry': call(z.strictObject({ job: z.string(), item: z.string().max(1000) }), zNothing),
    'job.cancel': call(z.strictObject({ job: z.string() }), zNothing),
  },
  events: {
    /** At most five a second for one job, and on each change of step or state. */
    job: zJob,
    /** Something at the desk changed: ask again for what is shown. */
    desk: z.strictObject({ id: zHex64.nullable() }),
    /** Who last proved a key in this window. */
    proved: z.strictObject({ person: z.string(), name: z.string(), roles: z.array(zRole) }),
  },
} as const

type Calls = (typeof contract)['calls']
export type CallName = keyof Calls
export type CallInput<Name extends CallName> = z.input<Calls[Name]['in']>
export type CallOutput<Name extends CallName> = z.output<Calls[Name]['out']>
export type EventName = keyof (typeof contract)['events']
export type EventValue<Name extends EventName> = z.output<(typeof contract)['events'][Name]>
