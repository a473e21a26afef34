import { z } from 'zod'
import { LongText } from '../platform/json.ts'
import { limits } from '../platform/limits.ts'
import type { LargePayload } from './large/payload.ts'
import { bundleJson, hashNames, readShape, withoutNulls, zBytes, zBytesOf, zInt64 } from './parse.ts'
import { Refusal } from './refusal.ts'
import type { HashName } from './verifier-key.ts'
import { isSelfIssued, readCertificate, type Certificate } from './x509/certificate.ts'

/** An entry of a transparency log, as a bundle carries it (signing.md, 1.1). Nothing in it is checked yet. */
export interface Entry {
  /** For Rekor v1 the global index that the promise binds, for v2 the index of the leaf. */
  readonly index: number
  readonly logId: Buffer
  readonly kind: string
  readonly version: string
  /** Seconds; means nothing without a promise. */
  readonly integratedTime: number
  readonly promise: Buffer | null
  readonly proof: Proof | null
  readonly body: Buffer
}

export interface Proof {
  readonly index: number
  readonly rootHash: Buffer
  readonly treeSize: number
  readonly hashes: readonly Buffer[]
  /** The C2SP signed note; `null` where an old bundle has none. */
  readonly checkpoint: string | null
}

export type Content =
  | {
      readonly kind: 'message'
      /** What the bundle says the digest of the artifact is: a hint, never a proof. */
      readonly digest: { readonly name: HashName; readonly value: Buffer } | null
      readonly signature: Buffer
    }
  | {
      readonly kind: 'envelope'
      /** In memory, or what went by of one that is too large for it. */
      readonly payload: Buffer | LargePayload
      readonly payloadType: string
      readonly signature: Buffer
    }

/** A Sigstore bundle, read strictly. */
export interface Bundle {
  readonly mediaType: string
  readonly version: '0.1' | '0.2' | '0.3'
  readonly signer:
    | { readonly kind: 'key'; readonly hint: string }
    | {
        readonly kind: 'certificate'
        readonly leaf: Certificate
        /** What stands above it and calls itself its own issuer: only an anchor of the trusted roots may. */
        readonly anchors: readonly Certificate[]
      }
  readonly entries: readonly Entry[]
  /** RFC 3161 TimeStampResp, DER. */
  readonly timestamps: readonly Buffer[]
  readonly content: Content
}

/** The four media types; each is compared as a whole. */
const mediaTypes: Readonly<Record<string, Bundle['version']>> = {
  'application/vnd.dev.sigstore.bundle+json;version=0.1': '0.1',
  'application/vnd.dev.sigstore.bundle+json;version=0.2': '0.2',
  'application/vnd.dev.sigstore.bundle+json;version=0.3': '0.3',
  'application/vnd.dev.sigstore.bundle.v0.3+json': '0.3',
}

const zCertificate = z.strictObject({ rawBytes: zBytes })

const zEntry = z.strictObject({
  logIndex: zInt64,
  logId: z.strictObject({ keyId: zBytes }),
  kindVersion: z.strictObject({ kind: z.string().max(64), version: z.string().max(64) }),
  integratedTime: zInt64,
  inclusionPromise: z.strictObject({ signedEntryTimestamp: zBytes }).optional(),
  inclusionProof: z
    .strictObject({
      logIndex: zInt64,
      rootHash: zBytes,
      treeSize: zInt64,
      hashes: z.array(zBytes).max(limits.proofHashes).default([]),
      checkpoint: z.strictObject({ envelope: z.string().max(limits.checkpointCharacters) }).optional(),
    })
    .optional(),
  canonicalizedBody: zBytesOf(limits.logBodyBytes),
})

const zBundle = z.strictObject({
  mediaType: z.string(),
  verificationMaterial: z.strictObject({
    publicKey: z.strictObject({ hint: z.string().max(1024).default('') }).optional(),
    x509CertificateChain: z.strictObject({ certificates: z.array(zCertificate).min(1).max(10) }).optional(),
    certificate: zCertificate.optional(),
    tlogEntries: z.array(zEntry).max(limits.logEntries).default([]),
    timestampVerificationData: z
      .strictObject({
        rfc3161Timestamps: z
          .array(z.strictObject({ signedTimestamp: zBytes }))
          .max(limits.timestamps)
          .default([]),
      })
      .optional(),
  }),
  messageSignature: z
    .strictObject({
      messageDigest: z
        .strictObject({ algorithm: z.string().optional(), digest: zBytes.optional() })
        .optional(),
      signature: zBytes,
    })
    .optional(),
  dsseEnvelope: z
    .strictObject({
      payload: zBytes,
      payloadType: z.string().max(1024),
      signatures: z.array(z.strictObject({ sig: zBytes, keyid: z.string().max(1024).default('') })).length(1),
    })
    .optional(),
})
type Parsed = z.output<typeof zBundle>

const codes = { shape: 'bundle.shape', base64: 'bundle.base64' } as const

function entryOf(entry: z.output<typeof zEntry>): Entry {
  const proof = entry.inclusionProof
  // In proto3 an empty text is one that is not there.
  const checkpoint = proof?.checkpoint?.envelope || null
  return {
    index: entry.logIndex,
    logId: entry.logId.keyId,
    ...entry.kindVersion,
    integratedTime: entry.integratedTime,
    promise: entry.inclusionPromise?.signedEntryTimestamp ?? null,
    proof:
      proof === undefined
        ? null
        : {
            index: proof.logIndex,
            rootHash: proof.rootHash,
            treeSize: proof.treeSize,
            hashes: proof.hashes,
            checkpoint,
          },
    body: entry.canonicalizedBody,
  }
}

function contentOf({ messageSignature, dsseEnvelope }: Parsed, hint: string | null): Content {
  const message = messageSignature ?? null
  const envelope = dsseEnvelope ?? null
  if ((message === null) === (envelope === null)) {
    throw new Refusal(
      'bundle.shape',
      'one of messageSignature and dsseEnvelope',
      message === null ? 'neither' : 'both',
    )
  }
  if (envelope !== null) {
    const [signature] = envelope.signatures
    // The id is not signed; one that contradicts the hint is there to make two readers see two keys.
    const keyid = signature?.keyid ?? ''
    if (hint !== null && keyid !== '' && keyid !== hint) {
      throw new Refusal('bundle.key-id', `the key id “${hint}”, as in the hint, or none`, keyid)
    }
    return {
      kind: 'envelope',
      payload: envelope.payload,
      payloadType: envelope.payloadType,
      signature: signature?.sig ?? Buffer.alloc(0),
    }
  }
  const { algorithm, digest } = message?.messageDigest ?? {}
  const signature = message?.signature ?? Buffer.alloc(0)
  // cosign writes an empty object where it has no digest.
  if (algorithm === undefined && digest === undefined) return { kind: 'message', digest: null, signature }
  const name = Object.hasOwn(hashNames, algorithm ?? '')
    ? hashNames[algorithm as keyof typeof hashNames]
    : undefined
  if (name === undefined || digest?.length !== Number(name.slice(3)) / 8) {
    throw new Refusal('bundle.shape', 'a digest by SHA2_256, SHA2_384 or SHA2_512', algorithm ?? 'none')
  }
  return { kind: 'message', digest: { name, value: digest }, signature }
}

/**
 * In which form a bundle of version 0.3 may have a certificate: alone, as the format demands, or also with its chain, as
 * `model_signing` writes it (1.1.1, `_signing/sign_certificate.py`). Nothing above the certificate itself is believed.
 */
export type CertificateForm = 'alone' | 'chain-too'

function signerOf(parsed: Parsed, version: Bundle['version'], form: CertificateForm): Bundle['signer'] {
  const { publicKey, x509CertificateChain, certificate } = parsed.verificationMaterial
  const given = [publicKey, x509CertificateChain, certificate].filter((one) => one !== undefined)
  if (given.length !== 1) {
    throw new Refusal(
      'bundle.shape',
      'one of publicKey, x509CertificateChain and certificate',
      String(given.length),
    )
  }
  if (publicKey) return { kind: 'key', hint: publicKey.hint }
  const asVersioned = (version === '0.3') === Boolean(certificate)
  if (!asVersioned && (version !== '0.3' || form === 'alone')) {
    const expected = version === '0.3' ? 'a single certificate' : 'a certificate chain'
    throw new Refusal(
      'bundle.version-form',
      `${expected}, as bundles of version ${version} have it`,
      'the other form',
    )
  }
  const chain = (certificate ? [certificate] : (x509CertificateChain?.certificates ?? [])).map((one) =>
    readCertificate(one.rawBytes),
  )
  const [leaf, ...above] = chain
  if (leaf === undefined) throw new Refusal('bundle.shape', 'a certificate', 'none')
  return { kind: 'certificate', leaf, anchors: above.filter(isSelfIssued) }
}

// Which parts an entry must have is a matter of the bundle's version (signing.md, 1.1).
function checkEntries(entries: readonly Entry[], version: Bundle['version']): void {
  for (const entry of entries) {
    if (version === '0.1' && entry.promise === null) {
      throw new Refusal(
        'log.promise-missing',
        'an inclusion promise, as bundles of version 0.1 have it',
        'none',
      )
    }
    if (version !== '0.1' && (entry.proof?.checkpoint ?? null) === null) {
      const found = entry.proof === null ? 'no proof' : 'a proof without a checkpoint'
      throw new Refusal('log.proof-missing', 'an inclusion proof with a checkpoint', found)
    }
  }
}

// Twice the same looks like two witnesses to whoever counts, and gives one bundle many forms.
function checkOnce(of: string, all: readonly string[]): void {
  if (new Set(all).size === all.length) return
  throw new Refusal('bundle.twice', `each ${of} once`, 'one that stands twice')
}

/**
 * Reads a Sigstore bundle of any published version.
 *
 * @throws Refusal `bundle.*`, `certificate.form`, `certificate.algorithm`, `log.promise-missing`, `log.proof-missing`
 */
export function readBundle(bytes: Uint8Array, form: CertificateForm = 'alone'): Bundle {
  if (bytes.length > limits.sigstoreBundleBytes) {
    throw new Refusal(
      'bundle.too-large',
      `at most ${limits.sigstoreBundleBytes} bytes`,
      `${bytes.length} bytes`,
    )
  }
  return bundleOfJson(withoutNulls(bundleJson(bytes)), form)
}

/**
 * The same of JSON that was parsed strictly and whose nulls were taken out.
 *
 * @throws what {@link readBundle} throws
 */
export function bundleOfJson(json: unknown, form: CertificateForm = 'alone'): Bundle {
  const mediaType = (json as { mediaType?: unknown } | null)?.mediaType
  const version =
    typeof mediaType === 'string' && Object.hasOwn(mediaTypes, mediaType) ? mediaTypes[mediaType] : undefined
  if ((typeof mediaType === 'string' || mediaType instanceof LongText) && version === undefined) {
    const found = typeof mediaType === 'string' ? mediaType : `a text of ${mediaType.bytes.length} bytes`
    throw new Refusal('bundle.media-type', Object.keys(mediaTypes).join(', '), found)
  }
  const parsed = readShape(json, zBundle, 'a Sigstore bundle', codes)
  if (version === undefined)
    throw new Refusal('bundle.media-type', Object.keys(mediaTypes).join(', '), 'none')
  const signer = signerOf(parsed, version, form)
  const entries = parsed.verificationMaterial.tlogEntries.map(entryOf)
  checkEntries(entries, version)
  const { rfc3161Timestamps: stamps = [] } = parsed.verificationMaterial.timestampVerificationData ?? {}
  const timestamps = stamps.map((one) => one.signedTimestamp)
  checkOnce(
    'place in a log',
    entries.map(({ logId, index }) => `${logId.toString('hex')} ${index}`),
  )
  checkOnce(
    'timestamp',
    timestamps.map((one) => one.toString('base64')),
  )
  return {
    mediaType: parsed.mediaType,
    version,
    signer,
    entries,
    timestamps,
    content: contentOf(parsed, signer.kind === 'key' ? signer.hint : null),
  }
}
