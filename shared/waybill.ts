import { z } from 'zod'
import {
  zAnyReference,
  zBase64,
  zDigest,
  zHex64,
  zKeptText,
  zMediaType,
  zName,
  zRole,
  zSize,
  zText,
  zTime,
} from './schema.ts'

/** `desk.json`: made once, never changed. The desk's id is the SHA-256 of its canonical form. */
export const zDeskCard = z.strictObject({
  format: z.literal('sallyport.desk/v1'),
  side: z.enum(['low', 'high']),
  name: zKeptText,
  created: zTime,
  nonce: zHex64,
  /** The station's public key, SPKI DER in base64. */
  station: zBase64,
})
export type DeskCard = z.infer<typeof zDeskCard>

export const zDescriptor = z.strictObject({
  mediaType: zMediaType,
  digest: zDigest,
  size: zSize,
  artifactType: zMediaType.nullable(),
})

export const zEvidence = z.strictObject({
  digest: zDigest,
  size: zSize,
  mediaType: zMediaType,
  artifactType: zMediaType.nullable(),
  subject: zDigest,
})
export type Evidence = z.infer<typeof zEvidence>

/** Something that went wrong while collecting and that every signer and reader shall see. */
export const zFinding = z.strictObject({ code: zName, subject: z.string().max(500), detail: zText })
export type Finding = z.infer<typeof zFinding>

export const itemKinds = [
  'image',
  'artifact',
  'file',
  'chart',
  'manifests',
  'folder',
  'git',
  'model',
] as const
export type ItemKind = (typeof itemKinds)[number]

/** Pieces of evidence that an item may have; a request asks for 64 unless it says another number. */
export const mostEvidence = 1000

export const zItem = z.strictObject({
  name: zAnyReference,
  kind: z.enum(itemKinds),
  reference: zAnyReference,
  root: zDescriptor,
  version: zName.nullable(),
  platforms: z.array(zName).max(1000),
  evidence: z.array(zEvidence).max(mostEvidence),
  findings: z.array(zFinding).max(200),
})
export type Item = z.infer<typeof zItem>

export const zBlob = z.strictObject({
  digest: zDigest,
  size: zSize,
  state: z.enum(['carried', 'assumed', 'omitted']),
  early: z.boolean(),
})
export type Blob = z.infer<typeof zBlob>

export const zWaybillPerson = z.strictObject({
  id: zName,
  name: zText,
  fingerprint: zHex64,
  roles: z.array(zRole).max(7),
})

export const zDestination = z.strictObject({
  desk: zHex64,
  sequence: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
  previous: zDigest.nullable(),
  base: zDigest.nullable(),
})

export const zAttachment = z.strictObject({
  role: z.enum(['request', 'assessment', 'provenance', 'policy']),
  digest: zDigest,
  size: zSize,
  mediaType: zMediaType,
})

/** A consistency proof (RFC 6962, 2.1.2) from the ledger head of an earlier released waybill; hashes in base64. */
export const zProof = z.strictObject({ size: zSize, root: zBase64, hashes: z.array(zBase64).max(64) })

export const zWaybillLedger = z.strictObject({
  checkpoint: z.string().max(4096),
  witnessed: z.array(z.strictObject({ desk: zHex64, checkpoint: z.string().max(4096) })).max(1000),
  proofs: z.array(zProof).max(64),
})

/** `waybill.json` (bundle.md, "Waybill"): what people sign. Its SHA-256 is the bundle's identity. */
export const zWaybill = z.strictObject({
  format: z.literal('sallyport.waybill/v1'),
  name: zName,
  created: zTime,
  expires: zTime,
  sender: zDeskCard,
  channel: zName,
  epoch: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
  destinations: z.array(zDestination).min(1).max(1000),
  voided: z
    .array(
      z.strictObject({ desk: zHex64, sequence: z.number().int().min(1), digest: zDigest, reason: zText }),
    )
    .max(1000),
  people: z.array(zWaybillPerson).max(1000),
  marking: zText,
  request: z.strictObject({ ticket: zName.nullable(), reason: zText, requester: zName, digest: zDigest }),
  policy: zDigest,
  trust: zDigest,
  ledger: zWaybillLedger,
  attachments: z.array(zAttachment).max(4),
  index: z.strictObject({ digest: zDigest, size: zSize }),
  items: z.array(zItem).min(1).max(10_000),
  blobs: z.array(zBlob).max(100_000),
  removed: z.array(z.strictObject({ name: zAnyReference, reason: zText })).max(10_000),
})
export type Waybill = z.infer<typeof zWaybill>
