import { z } from 'zod'
import {
  zBase64,
  zDigest,
  zHex64,
  zRole,
  zSigningRole,
  zSize,
  zKeptText,
  zTime,
  zUuid,
} from '../../shared/schema.ts'
import { outLevels, zDriveName } from '../../shared/drives.ts'
import { zLookedInto } from '../../shared/look.ts'
import { zRendered } from '../../shared/rendered.ts'
import { zItemComponents } from '../../shared/components.ts'
import { zVerdict } from '../../shared/verdict.ts'
import { zEvidenceSummary, zItemEvidence } from '../../shared/evidence.ts'
import { zRevokedView } from '../../shared/changes.ts'
import { sealStates } from '../../shared/landing.ts'
import { consignmentStates, decisionOutcomes, zSealedView } from '../../shared/views.ts'
import { zDeskCard, zItem } from '../../shared/waybill.ts'

import { zRecordedCustody } from './record-media.ts'

export const recordPredicate = 'urn:sallyport:record:v1'

const zKeyOf = { fingerprint: zHex64 }

/**
 * The record of a crossing at one desk: the predicate of the signed JSON report. Modelled on the SLSA verification
 * summary: who verified, when, what, by which policy, with which result. HTML and PDF are made from it alone.
 */
export const zRecord = z.strictObject({
  format: z.literal('sallyport.record/v1'),
  verifier: z.strictObject({ name: z.literal('Sallyport'), version: z.string() }),
  /** Time of the newest event in the ledger that this record is made from. */
  asOf: zTime,
  clock: z.literal('this computer, not confirmed'),
  marking: z.string(),
  desk: z.strictObject({
    id: zHex64,
    side: z.enum(['low', 'high']),
    name: zKeptText,
    station: zHex64,
    founding: z.boolean(),
    /** Digest of the statement by which officers sealed the desk; `null` while it is founding. */
    seal: zDigest.nullable(),
    /** What the desk's id and its station's key are computed from. */
    card: zDeskCard,
  }),
  consignment: z.strictObject({ id: zUuid, name: z.string(), state: z.enum(consignmentStates) }),
  waybill: z.strictObject({
    digest: zDigest,
    words: z.array(z.string()),
    sender: z.strictObject({ id: zHex64, name: zKeptText }),
    channel: z.string(),
    epoch: z.number(),
    destinations: z.array(
      z.strictObject({ desk: zHex64, sequence: z.number(), previous: zDigest.nullable() }),
    ),
    created: zTime,
    expires: zTime,
    request: z.strictObject({
      requester: z.string(),
      requesterName: z.string(),
      reason: z.string(),
      digest: zDigest,
    }),
    policy: zDigest,
    trust: zDigest,
  }),
  items: z.array(zItem),
  /** What the low side found in archives that travel bit for bit, as its people signed it. */
  archives: z.array(zLookedInto),
  /** Hosts that the low side asked for the content, as its people signed it. */
  hosts: z.array(z.string()),
  /** What programs put together there. */
  rendered: z.array(zRendered),
  /** What this desk judged of the evidence, by its own roots and policy; `null` where nothing was judged. */
  evidence: z
    .strictObject({
      digest: zDigest,
      policy: z.string(),
      roots: z.array(z.string()),
      items: z.array(
        z.strictObject({
          name: z.string(),
          root: z.string(),
          rules: zItemEvidence.shape.rules,
          pieces: z.array(zEvidenceSummary),
        }),
      ),
    })
    .nullable(),
  /** What changed inside each item since the last one, by bills of materials that somebody known signed. */
  components: z.array(zItemComponents),
  content: z.strictObject({ carried: zSize, bytes: zSize, omitted: zSize }),
  signatures: z.array(
    z.strictObject({
      role: zSigningRole,
      person: z.string(),
      name: z.string(),
      at: zTime,
      sentence: z.string(),
      ...zKeyOf,
    }),
  ),
  verdict: zVerdict.extend({ digest: zDigest, at: zTime, scope: z.enum(['medium', 'tar']) }).nullable(),
  /** The drive that the verdict’s medium was read from, where that is known. */
  drive: zDriveName.nullable(),
  decision: z.strictObject({
    outcome: z.enum(decisionOutcomes).nullable(),
    halves: z.array(
      z.strictObject({
        person: z.string(),
        name: z.string(),
        roles: z.array(zRole),
        outcome: z.enum(decisionOutcomes),
        reason: z.string().nullable(),
        causes: z.array(zDigest),
        verdict: zDigest,
        at: zTime,
        ...zKeyOf,
      }),
    ),
  }),
  media: z.array(
    z.strictObject({
      at: zTime,
      folder: z.string(),
      /** Which one it is of the media that hold the bundle together. */
      number: z.number().default(1),
      of: z.number().default(1),
      copy: z.number(),
      /** Which writing it was. */
      run: zUuid,
      record: zDigest,
      parts: z.array(z.strictObject({ name: z.string(), size: zSize, digest: zDigest })),
      readBack: z.string().nullable(),
      /** How far it was seen that it had been out before it was read back; `null` where nobody looked. */
      out: z.enum(outLevels).nullable(),
      /** The drive that it was written to; `null` for a plain folder, or where it is not known. */
      drive: zDriveName.nullable(),
    }),
  ),
  /** High: media of a bundle on several that were read whole, each when and where; none of a bundle on one. */
  read: z
    .array(
      z.strictObject({
        number: z.number(),
        of: z.number(),
        copy: z.number(),
        at: zTime,
        drive: zDriveName.nullable(),
      }),
    )
    .default([]),
  /** What the register says of them, hand-overs, seals, arrivals, and how long this is kept. */
  custody: zRecordedCustody,
  exports: z.array(
    z.strictObject({
      at: zTime,
      target: z.string(),
      /** `from`: the reference of the item; left out where it is not on record. */
      written: z.array(
        z.strictObject({ from: z.string().optional(), reference: z.string(), digest: zDigest }),
      ),
      /** Tags that held something else before; left out where none did. */
      moved: z.array(z.strictObject({ reference: z.string(), before: zDigest })).optional(),
      blobs: zSize,
      bytes: zSize,
      /** Of a registry: what became of seals, and how many things were found there again as readers look for them. */
      seals: z.enum(sealStates).optional(),
      found: zSize.optional(),
    }),
  ),
  /** Seals at targets, and exports that failed or were stopped; left out where there are none. */
  landings: z.array(zSealedView).optional(),
  unfinished: z
    .array(z.strictObject({ target: z.string(), code: z.string(), missing: z.array(z.string()), at: zTime }))
    .optional(),
  policy: z.strictObject({ digest: zDigest, version: z.number(), source: z.string() }),
  trust: z.strictObject({
    digest: zDigest,
    signers: z.array(
      z.strictObject({
        name: z.string(),
        roles: z.array(zSigningRole),
        senders: z.array(zHex64).nullable(),
        channels: z.array(z.string()).nullable(),
        key: zBase64,
        ...zKeyOf,
      }),
    ),
  }),
  people: z.array(
    z.strictObject({ id: z.string(), name: z.string(), roles: z.array(zRole), key: zBase64, ...zKeyOf }),
  ),
  /**
   * What people signed themselves about this crossing, whole: canonical Sigstore bundles of in-toto statements, each
   * checked with the signer's key without believing this desk. `event`: its place in the ledger, from 0.
   */
  statements: z.array(
    z.strictObject({
      event: zSize,
      type: z.enum(['approval.signed', 'decision.signed', 'override.signed', 'landing.signed']),
      envelope: z.string(),
    }),
  ),
  /** What officers did about its stream, and that the desk was put back: when, who, in words. */
  officers: z.array(z.strictObject({ at: zTime, by: z.array(z.string()), sentence: z.string() })),
  /** Keys that signed or decided this crossing and were revoked since. */
  revoked: z.array(zRevokedView),
  ledger: z.strictObject({ size: zSize, root: z.string(), checkpoint: z.string() }),
})
export type CrossingRecord = z.infer<typeof zRecord>
