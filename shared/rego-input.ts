import { z } from 'zod'

/*
 * What a rule set of Rego is asked: one document, made anew for every question. A member may be added under the same
 * version; what one means never changes under it.
 */

const zSigner = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('key'), fingerprint: z.string() }),
  z.strictObject({
    kind: z.literal('certificate'),
    fingerprint: z.string(),
    name: z.string(),
    issuer: z.string(),
  }),
])

const zPiece = z.strictObject({
  /** Digest of the blob that it is, and of the manifest that it speaks for. */
  layer: z.string(),
  subject: z.string(),
  form: z.string(),
  kind: z.enum(['signature', 'attestation']),
  predicateType: z.string().nullable(),
  /** `proven`, `bad`, `unknown`; only what is proven is what it says. */
  result: z.enum(['proven', 'bad', 'unknown']),
  /** Code of the reason, where it is not proven. */
  reason: z.string().nullable(),
  signer: zSigner.nullable(),
  /** Times that known logs and authorities state. */
  times: z.array(z.string()),
  logs: z.number(),
  /** What a proven statement says of a build. */
  build: z
    .strictObject({
      builder: z.string(),
      buildType: z.string(),
      repository: z.string().nullable(),
      ref: z.string().nullable(),
      commit: z.string().nullable(),
      startedOn: z.string().nullable(),
      finishedOn: z.string().nullable(),
    })
    .nullable(),
  /** What a proven bill of materials says. */
  sbom: z
    .strictObject({
      format: z.string(),
      created: z.string().nullable(),
      components: z.number(),
      describes: z.enum(['subject', 'another', 'not-said']),
    })
    .nullable(),
})

const zRegoItem = z.strictObject({
  name: z.string(),
  kind: z.string(),
  reference: z.string(),
  root: z.strictObject({ digest: z.string(), mediaType: z.string(), size: z.number() }),
  version: z.string().nullable(),
  platforms: z.array(z.string()),
  findings: z.array(z.strictObject({ code: z.string(), subject: z.string(), detail: z.string() })),
  /** What the rules of the policy came to for it. */
  rules: z.array(z.strictObject({ id: z.string(), result: z.string(), reason: z.string() })),
  evidence: z.array(zPiece),
})

/** The document that a rule set is asked about. */
export const zRegoInput = z.strictObject({
  format: z.literal('sallyport.rego-input/v1'),
  /** The clock of this desk. A rule set has no other. */
  now: z.string(),
  /** The latest time that accepted content proves. */
  floor: z.string().nullable(),
  policy: z.strictObject({ version: z.number() }),
  waybill: z.strictObject({
    name: z.string(),
    created: z.string(),
    expires: z.string(),
    /** Id of the desk that made it. */
    sender: z.string(),
    channel: z.string(),
    epoch: z.number(),
    destinations: z.array(
      z.strictObject({ desk: z.string(), sequence: z.number(), previous: z.string().nullable() }),
    ),
    marking: z.string(),
    ticket: z.string().nullable(),
    reason: z.string(),
    requester: z.string(),
    people: z.array(
      z.strictObject({
        id: z.string(),
        name: z.string(),
        fingerprint: z.string(),
        roles: z.array(z.string()),
      }),
    ),
    blobs: z.strictObject({ count: z.number(), bytes: z.number() }),
    removed: z.array(z.strictObject({ name: z.string(), reason: z.string() })),
  }),
  items: z.array(zRegoItem),
})
export type RegoInput = z.infer<typeof zRegoInput>
