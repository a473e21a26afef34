import { zLookedInto } from './look.ts'
import { z } from 'zod'
import { outLevels, zDriveName } from './drives.ts'
import { zChangeView, zPeerView, zRevokedView, zRootView, zSealView } from './changes.ts'
import { sealStates } from './landing.ts'
import { zArrival, zHandOver, zMediumLabel } from './media.ts'
import { zPolicy } from './policy.ts'
import { zRendered } from './rendered.ts'
import { heldRows } from './rules/stream-memory.ts'
import { signingRoles, zDigest, zHex64, zRole, zSigningRole, zSize, zTime, zUuid } from './schema.ts'
import { zCounts, zVerdict, outcomes } from './verdict.ts'
import { zDeskCard, zItem } from './waybill.ts'

/* What the calls answer with: JSON-safe shapes for both faces. */

/** A key as people compare it: all 64 hex digits, and 16 words for its first 128 bits. */
export const zFingerprint = z.strictObject({ hex: zHex64, words: z.array(z.string()) })
export type Fingerprint = z.infer<typeof zFingerprint>

export const zPersonView = z.strictObject({
  id: z.string(),
  name: z.string(),
  roles: z.array(zRole),
  fingerprint: zFingerprint,
  algorithm: z.string(),
})
export type PersonView = z.infer<typeof zPersonView>

/** A trusted signer of the other side. `null` for sender or channels means any, which is a warning. */
export const zSignerView = z.strictObject({
  name: z.string(),
  roles: z.array(zSigningRole),
  senders: z.array(zHex64).nullable(),
  channels: z.array(z.string()).nullable(),
  fingerprint: zFingerprint,
  algorithm: z.string(),
})
export type SignerView = z.infer<typeof zSignerView>

export const zStreamView = z.strictObject({
  sender: zHex64,
  channel: z.string(),
  destination: zHex64,
  /** Low: the last released number. High: the last accepted one. */
  sequence: z.number(),
  digest: zDigest.nullable(),
  /** High: this desk was put back, and nobody has stated since how far the stream had come. */
  lost: z.boolean(),
})

/** A channel: its epoch in force, and on a high desk the sender whose it is; `null` while nothing was accepted on it. */
export const zChannelView = z.strictObject({
  channel: z.string(),
  epoch: z.number(),
  owner: zHex64.nullable(),
})

/** What holds a bundle in its stream now, and what a release of it would name. */
export const zHeldView = z.strictObject({
  row: z.enum(heldRows),
  why: z.string(),
  rests: z.strictObject({
    others: z.array(zDigest),
    missing: z.array(z.strictObject({ from: z.number(), to: z.number() })),
    end: z.strictObject({ digest: zDigest.nullable() }).nullable(),
    head: z.string().nullable(),
  }),
})
export type HeldView = z.infer<typeof zHeldView>

export const zClockView = z.strictObject({
  now: zTime,
  /** The highest time that accepted content proves; `null` where nothing was accepted yet. */
  floor: zTime.nullable(),
})

export const zDeskView = z.strictObject({
  id: zHex64,
  card: zDeskCard,
  station: zFingerprint,
  marking: z.string(),
  founding: z.boolean(),
  seal: zSealView.nullable(),
  /** Changes in force since the founding. */
  version: z.number(),
  /** Changes that wait for a second officer, and those that have become stale meanwhile. */
  changes: z.array(zChangeView),
  writable: z.boolean(),
  people: z.array(zPersonView),
  trust: z.array(zSignerView),
  roots: z.array(zRootView),
  peers: z.array(zPeerView),
  revoked: z.array(zRevokedView),
  policy: z.strictObject({ digest: zDigest, source: z.string(), document: zPolicy }),
  streams: z.array(zStreamView),
  channels: z.array(zChannelView),
  /** Desks whose names are known here. The name is proven: an id is computed from a card that holds it. */
  desks: z.array(z.strictObject({ id: zHex64, name: z.string() })),
  /** Content that two people named as the cause of a rejection and officers have not lifted since. */
  causes: z.array(zDigest),
  ledger: z.strictObject({ size: z.number(), root: z.string(), words: z.array(z.string()) }),
  clock: zClockView,
  /** That this account knows a newer head of this desk than its ledger has; only that can be recorded. */
  putBack: z
    .strictObject({
      kept: z.strictObject({ size: z.number(), root: zHex64 }),
      found: z.strictObject({ size: z.number(), root: zHex64 }),
    })
    .nullable(),
  /** What was done under older rules and newer ones would not allow, in sentences. */
  flags: z.array(z.strictObject({ sequence: z.number(), sentence: z.string() })),
  /** What opening the desk after a crash finished or discarded, in sentences; empty when there was nothing. */
  recovered: z.array(z.string()),
  /** What somebody who reads must know of the folder: that it is not this account's alone. */
  warnings: z.array(z.string()),
})
export type DeskView = z.infer<typeof zDeskView>

export const consignmentStates = [
  'collected',
  'signing',
  'released',
  'written',
  'read-back',
  'dropped',
  'arrived',
  'deciding',
  'held',
  'accepted',
  'rejected',
  'exported',
  'closed',
] as const
export type ConsignmentState = (typeof consignmentStates)[number]

export const zConsignmentLine = z.strictObject({
  id: zUuid,
  name: z.string(),
  state: z.enum(consignmentStates),
  waybill: zDigest.nullable(),
  sender: z.strictObject({ id: zHex64, name: z.string() }).nullable(),
  channel: z.string().nullable(),
  sequence: z.number().nullable(),
  created: zTime.nullable(),
  expires: zTime.nullable(),
  items: z.number(),
  bytes: zSize,
  outcome: z.enum(outcomes).nullable(),
  counts: zCounts.nullable(),
  /** Keys that signed or decided it and were revoked since. */
  revoked: z.array(zRevokedView),
  updated: zTime,
})
export type ConsignmentLine = z.infer<typeof zConsignmentLine>

export const zSignatureView = z.strictObject({
  person: z.string(),
  name: z.string(),
  role: zSigningRole,
  at: zTime,
  fingerprint: zFingerprint,
  /** What they attested. */
  sentence: z.string(),
})

/** A signature that a waybill still lacks: what it will say, who can give it, and who cannot and why. */
export const zAskView = z.strictObject({
  role: zSigningRole,
  sentence: z.string(),
  may: z.array(z.string()),
  mayNot: z.array(z.strictObject({ person: z.string(), why: z.string() })),
})
export type AskView = z.infer<typeof zAskView>

/** What a verdict stands on besides the medium. */
export const groundParts = ['policy', 'trust', 'revocations', 'roots', 'people'] as const
export type GroundPart = (typeof groundParts)[number]

export const decisionOutcomes = ['accept', 'reject', 'hold'] as const
export type DecisionOutcome = (typeof decisionOutcomes)[number]

export const zDecisionSignature = z.strictObject({
  person: z.string(),
  name: z.string(),
  roles: z.array(zRole),
  outcome: z.enum(decisionOutcomes),
  reason: z.string().nullable(),
  /** What they named as the cause of a rejection: it counts once both name it. */
  causes: z.array(zDigest),
  at: zTime,
  fingerprint: zFingerprint,
})

/** One person's half of an exception from a check, as the rule about exceptions reads it. */
const zOverrideHalf = z.strictObject({
  person: z.string(),
  name: z.string(),
  roles: z.array(zRole),
  fingerprint: zHex64,
  check: z.string(),
  /** `null`: whatever the check is about. */
  subject: z.string().nullable(),
  until: zTime,
  reason: z.string(),
})

export const zExportView = z.strictObject({
  at: zTime,
  target: z.string(),
  /** `from`: the reference of the item; `null` in records of before. */
  written: z.array(z.strictObject({ from: z.string().nullable(), reference: z.string(), digest: zDigest })),
  /** Tags that held something else before. */
  moved: z.array(z.strictObject({ reference: z.string(), before: z.string() })),
  /** What the registry warned of, in sentences. */
  warned: z.array(z.string()),
  bytes: zSize,
  blobs: z.number(),
  /** What of the content is not there, in sentences. */
  left: z.array(z.string()),
  /** Of a registry: what became of seals, and how many things were found there again; not there in records of before. */
  seals: z.enum(sealStates).optional(),
  found: zSize.optional(),
})

/** That what landed at a target is sealed, or whose signature is still missing. */
export const zSealedView = z.strictObject({
  target: z.string(),
  by: z.enum(['station', 'deciders']),
  /** Fingerprints of the keys that signed. */
  keys: z.array(zHex64),
  /** Manifests that the seals are about. */
  count: z.number(),
  at: zTime,
})

/** The steps of a consignment's journey at either side. */
export const stepIds = [
  'request',
  'collect',
  'authenticity',
  'approve',
  'write',
  'readback',
  'handover',
  'receive',
  'verify',
  'decide',
  'export',
  'close',
] as const
export type StepId = (typeof stepIds)[number]

export const zStepView = z.strictObject({
  id: z.enum(stepIds),
  /** Its name. */
  step: z.string(),
  /** `failed`: it was done and did not pass; `silent`: nothing was asked, so nothing passed. */
  state: z.enum(['done', 'failed', 'silent', 'current', 'waiting', 'stopped']),
  /** What the step established, or why it waits: one line. */
  result: z.string(),
  at: zTime.nullable(),
  by: z.string().nullable(),
})
export type StepView = z.infer<typeof zStepView>

/** The media of a consignment on their way. */
const zCustodyView = z.strictObject({
  /** What the register calls the medium of a writing, where its drive is in it. */
  labels: z.array(z.strictObject({ run: zUuid, label: zMediumLabel })),
  handed: z.array(zHandOver),
  arrivals: z.array(zArrival),
  /** A seal differed, and no security officer has cleared it. */
  alarm: z.boolean(),
})
export type CustodyView = z.infer<typeof zCustodyView>

/** Everything about one consignment that a page shows. */
export const zConsignmentView = zConsignmentLine.extend({
  waybillWords: z.array(z.string()),
  marking: z.string(),
  reason: z.string().nullable(),
  requester: z.string().nullable(),
  destinations: z.array(zHex64),
  content: z.array(zItem),
  /** What the low side found in the archives among them: signed with the waybill. */
  archives: z.array(zLookedInto),
  /** Hosts that the low side asked for the content: signed with the waybill; none where an older desk made it. */
  hosts: z.array(z.string()),
  /** What programs of others put together of it, to find the images that it names. */
  rendered: z.array(zRendered),
  carried: z.strictObject({ blobs: z.number(), bytes: zSize, omitted: z.number() }),
  signatures: z.array(zSignatureView),
  missing: z.array(z.enum(signingRoles)),
  /** One for each of `missing`, in its order. People by their ids. */
  asks: z.array(zAskView),
  /** What was learned of something accepted since: withdrawn by its sender, or contradicted. Plain sentences. */
  flags: z.array(z.string()),
  /** Why this waybill no longer counts and has to be made again; `null` while it counts. */
  stale: z.string().nullable(),
  /** High: what holds it by the order at this moment and two officers can release; `null` where nothing does. */
  held: zHeldView.nullable(),
  /** High: what its verdict stands on and was changed since, while it is not decided; then it has to be judged again. */
  outdated: z.array(z.strictObject({ what: z.enum(groundParts), at: zTime })),
  scope: z.enum(['medium', 'tar']).nullable(),
  /** Low: the media that the bundle is laid on, and the copies of each that are not known to be wrong; none of one alone. */
  plan: z.array(z.strictObject({ number: z.number(), size: zSize, good: z.number(), readBack: z.number() })),
  /** High: media of a bundle on several that are here; `null` where one takes it. */
  here: z
    .strictObject({
      of: z.number(),
      media: z.array(z.strictObject({ number: z.number(), copy: z.number(), at: zTime })),
    })
    .nullable(),
  /** High: the drive that it was read from, where that is known. */
  drive: zDriveName.nullable(),
  verdict: zVerdict.nullable(),
  /** Signatures under the verdict that stands; the decision once two people agree. */
  decisions: z.array(zDecisionSignature),
  decided: z.enum(decisionOutcomes).nullable(),
  /** People who must sign each outcome before it stands, by the policy that is in force now. */
  needed: z.strictObject({ accept: z.number(), reject: z.number(), hold: z.number() }),
  /** High: halves of exceptions from its checks, the first first. */
  overrides: z.array(zOverrideHalf),
  exports: z.array(zExportView),
  /** High: seals at targets, the last first; who signed for a target, by name and with which key. */
  landings: z.array(zSealedView),
  sealing: z.array(
    z.strictObject({ target: z.string(), person: z.string(), fingerprint: zHex64, at: zTime }),
  ),
  /** High: exports that failed or were stopped, the last first, with what was missing there. */
  unfinished: z.array(
    z.strictObject({ target: z.string(), code: z.string(), missing: z.array(z.string()), at: zTime }),
  ),
  media: z.array(
    z.strictObject({
      at: zTime,
      folder: z.string(),
      /** Which one it is of the media that hold the bundle together; 1 of 1 where one takes it. */
      number: z.number(),
      of: z.number(),
      copy: z.number(),
      run: zUuid,
      state: z.enum(['writing', 'written', 'failed']),
      parts: z.array(z.strictObject({ name: z.string(), size: zSize, digest: zDigest.nullable() })),
      readBack: z.enum(outcomes).nullable(),
      /** How far it was seen that it had been out before it was read back. */
      out: z.enum(outLevels).nullable(),
      /** The drive that it was written to; `null` for a plain folder, or where it is not known. */
      drive: zDriveName.nullable(),
    }),
  ),
  custody: zCustodyView,
  steps: z.array(zStepView),
})
export type ConsignmentView = z.infer<typeof zConsignmentView>

export const zLedgerCheck = z.strictObject({
  intact: z.boolean(),
  size: z.number(),
  root: z.string(),
  words: z.array(z.string()),
  /** The first bad line, from 1, and what is wrong with it. */
  bad: z.strictObject({ line: z.number(), expected: z.string(), found: z.string() }).nullable(),
  /** Cached files that do not match what the ledger says. */
  differing: z.array(z.string()),
})
export type LedgerCheck = z.infer<typeof zLedgerCheck>
