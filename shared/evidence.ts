import { z } from 'zod'
import { zReason } from './reason.ts'
import type { CheckId } from './text/checks.ts'
import { checkResults } from './verdict.ts'

/** Names of Fulcio's certificate extensions, arc 1.3.6.1.4.1.57264.1, by number (signing.md, 1.6). */
export const extensionNames: Readonly<Record<number, string>> = {
  1: 'issuer (old form)',
  2: 'trigger (old form)',
  3: 'commit (old form)',
  4: 'workflow (old form)',
  5: 'repository (old form)',
  6: 'ref (old form)',
  8: 'issuer',
  9: 'build signer',
  10: 'build signer digest',
  11: 'runner environment',
  12: 'source repository',
  13: 'source commit',
  14: 'source ref',
  15: 'source repository id',
  16: 'source owner',
  17: 'source owner id',
  18: 'build configuration',
  19: 'build configuration digest',
  20: 'build trigger',
  21: 'build run',
  22: 'repository visibility',
  23: 'deployment environment',
  24: 'token subject',
}

/** The extensions that a policy may pin, by the names it uses. */
export const pinNames = {
  'build-signer': 9,
  'build-signer-digest': 10,
  'runner-environment': 11,
  'source-repository': 12,
  'source-commit': 13,
  'source-ref': 14,
  'source-repository-id': 15,
  'source-owner': 16,
  'source-owner-id': 17,
  'build-configuration': 18,
  'build-configuration-digest': 19,
  'build-trigger': 20,
  'build-run': 21,
  'repository-visibility': 22,
  'deployment-environment': 23,
  'token-subject': 24,
} as const
export type PinName = keyof typeof pinNames

/** The checks that a policy can make of items. */
export const itemChecks = [
  'policy.item-rule',
  'policy.evidence',
  'policy.signature',
  'policy.provenance',
  'policy.sbom',
  'policy.freshness',
  'policy.forbidden',
  'policy.scan',
  'policy.summary',
  'policy.pinned',
  'policy.algorithms',
] as const satisfies readonly CheckId[]
const zItemCheckId = z.enum(itemChecks)

const zInstant = z.string()

/** Who signed: a key, or somebody for whom an authority made a certificate. Texts from outside are cleaned. */
export const zSignerProof = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('key'), fingerprint: z.string(), algorithm: z.string() }),
  z.strictObject({
    kind: z.literal('certificate'),
    /** SHA-256 of the certificate, hex. */
    fingerprint: z.string(),
    algorithm: z.string(),
    name: z.string(),
    issuer: z.string(),
    extensions: z.array(z.strictObject({ number: z.number(), name: z.string(), value: z.string() })),
    notBefore: zInstant,
    notAfter: zInstant,
    authority: z.string(),
    /** SHA-256 of the trust anchor, hex. */
    anchor: z.string(),
  }),
])

/** What a Sigstore bundle proved to the core, for people and for JSON. */
export const zProven = z.strictObject({
  mediaType: z.string(),
  signer: zSignerProof,
  /** The statement that was signed; `null` when the file itself was. */
  statement: z.strictObject({ predicateType: z.string(), subjects: z.number() }).nullable(),
  times: z.array(z.strictObject({ at: zInstant, by: z.string(), source: z.enum(['timestamp', 'log']) })),
  logs: z.array(z.strictObject({ log: z.string(), index: z.number(), kind: z.string() })),
  certificateLogs: z.array(z.strictObject({ log: z.string(), at: zInstant })),
  /** What was not asked for, or counted for nothing, in sentences. */
  notChecked: z.array(z.string()),
})
export type ProvenView = z.infer<typeof zProven>

/**
 * What a second, independent verifier (`@sigstore/verify`) says of something that is proven. Only `contradicts` counts;
 * `why` is empty where it agrees.
 */
export const zOpinion = z.strictObject({
  answer: z.enum(['agrees', 'cannot-judge', 'contradicts']),
  why: z.string(),
})
export type Opinion = z.infer<typeof zOpinion>

const zNamed = z.strictObject({ uri: z.string(), digest: z.string() })

/** SLSA provenance of version 0.2 or 1 in one shape (signing.md, 5.2). Every text is the builder's own word. */
export const zProvenance = z.strictObject({
  predicateType: z.string(),
  builder: z.string(),
  buildType: z.string(),
  /** From where, which ref, which commit; `null` where nothing is said. */
  source: z.strictObject({
    repository: z.string().nullable(),
    ref: z.string().nullable(),
    commit: z.string().nullable(),
  }),
  /** What the builder was asked for, as JSON text; cut after 4,096 characters. */
  parameters: z.string(),
  /** At most 100 of them. */
  dependencies: z.array(zNamed),
  dependencyCount: z.number(),
  startedOn: z.string().nullable(),
  finishedOn: z.string().nullable(),
  /** Where the certificate says otherwise, in sentences. Empty when it agrees or says nothing. */
  disagrees: z.array(z.string()),
})
export type Provenance = z.infer<typeof zProvenance>

/** A software bill of materials in one shape. */
export const zSbom = z.strictObject({
  predicateType: z.string(),
  /** `SPDX 2.3`, `SPDX 3.0.1`, `CycloneDX 1.6`. */
  format: z.string(),
  name: z.string().nullable(),
  created: z.string().nullable(),
  tools: z.array(z.string()),
  components: z.number(),
  /** Whether the document itself names the digest of its subject as what it describes. */
  describes: z.enum(['subject', 'another', 'not-said']),
})
export type Sbom = z.infer<typeof zSbom>

/**
 * `bad`: somebody whom this desk knows contradicts it. `unknown`: nobody known vouches for it, or it is not in a form
 * that is read. What was kept before there were these two words says `refused`.
 */
export const zPieceResult = z.preprocess(
  (said) => (said === 'refused' ? 'bad' : said),
  z.enum(['proven', 'bad', 'unknown']),
)

/** One signature or attestation that was found for a manifest, and what it proves. */
export const zEvidencePiece = z.strictObject({
  form: z.enum([
    'bundle',
    'bundle-set',
    'cosign-signature',
    'cosign-attestation',
    'file-signature',
    'model-signature',
  ]),
  /** The manifest that carries it, the blob that it is, the manifest that it speaks for. */
  manifest: z.string(),
  layer: z.string(),
  subject: z.string(),
  /** An attestation never counts as a signature. Only a proven piece is what it says. */
  kind: z.enum(['signature', 'attestation']),
  predicateType: z.string().nullable(),
  result: zPieceResult,
  reason: zReason.nullable(),
  proven: zProven.nullable(),
  provenance: zProvenance.nullable(),
  sbom: zSbom.nullable(),
  /** What a scan, a verification summary or a statement about vulnerabilities says, in a line; `null` for all else. */
  says: z.string().nullable().default(null),
  /** Why the statement, though proven, could not be read as what it says it is. */
  unreadable: zReason.nullable(),
  /** `null` for what is not proven, and for what was judged before there was a second verifier. */
  opinion: zOpinion.nullable().default(null),
})
export type EvidencePiece = z.infer<typeof zEvidencePiece>

/** Everything that was found for an image or artifact, and what each piece proves. */
export const zEvidenceReport = z.strictObject({
  reference: z.string(),
  digest: z.string(),
  /** The manifests that were asked about: the item itself, and those below it. */
  subjects: z.array(z.string()),
  pieces: z.array(zEvidencePiece),
  /** What was found and is no signature: attachments without one, forms that are not read. It proves nothing. */
  others: z.array(z.strictObject({ manifest: z.string(), subject: z.string(), what: z.string() })),
  findings: z.array(z.string()),
})
export type EvidenceReport = z.infer<typeof zEvidenceReport>

/** What the policy of a desk made of one item, and every piece of evidence that it was made from. */
export const zItemEvidence = z.strictObject({
  name: z.string(),
  kind: z.string(),
  /** Digest of the item itself. */
  root: z.string(),
  rules: z.array(
    z.strictObject({
      id: zItemCheckId,
      result: z.enum(checkResults),
      expected: z.string(),
      found: z.string(),
      reason: z.string(),
      /** Digests of the evidence that it stands on. */
      evidence: z.array(z.string()).default([]),
    }),
  ),
  pieces: z.array(zEvidencePiece),
})
export type ItemEvidence = z.infer<typeof zItemEvidence>

/** What a desk judged of a consignment, by which policy and roots; kept with the consignment, its digest in the ledger. */
export const zConsignmentEvidence = z.strictObject({
  format: z.literal('sallyport.evidence/v1'),
  policy: z.string(),
  roots: z.array(z.string()),
  /** Fingerprints of the keys that the policy names and that are not revoked. */
  keys: z.array(z.string()),
  items: z.array(zItemEvidence),
})
export type ConsignmentEvidence = z.infer<typeof zConsignmentEvidence>

/** One piece of evidence in a record: who signed, which build, which bill of materials, and what it came to. */
export const zEvidenceSummary = z.strictObject({
  blob: z.string(),
  subject: z.string(),
  kind: z.enum(['signature', 'attestation']),
  type: z.string().nullable(),
  result: zPieceResult,
  /** Code of the reason, where it is not proven or cannot be read. */
  reason: z.string().nullable(),
  signer: z.string().nullable(),
  times: z.array(z.string()),
  build: z.string().nullable(),
  sbom: z.string().nullable(),
  /** What a scan, a verification summary or a statement about vulnerabilities says. */
  says: z.string().optional(),
  /** What it does not prove, in sentences. */
  notChecked: z.array(z.string()),
})
export type EvidenceSummary = z.infer<typeof zEvidenceSummary>
