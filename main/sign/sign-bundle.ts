import { createHash } from 'node:crypto'
import { Failure } from '../platform/failure.ts'
import { readThrough } from '../platform/files.ts'
import { canonical } from '../platform/json.ts'
import type { Gate } from '../platform/network.ts'
import { bytesArtifact, digestArtifact, type Artifact } from '../sigstore/artifact.ts'
import { identityOf } from '../sigstore/identity.ts'
import { preAuthEncoding } from '../sigstore/pae.ts'
import { Refusal } from '../sigstore/refusal.ts'
import { inTotoType, readStatement } from '../sigstore/subject.ts'
import type { TrustedRoot } from '../sigstore/trusted-root.ts'
import { readVerifierKey, type HashName } from '../sigstore/verifier-key.ts'
import { verifyBundle, type Ask, type Proven } from '../sigstore/verify-bundle.ts'
import type { Certificate } from '../sigstore/x509/certificate.ts'
import { ephemeralSigner } from './key-file.ts'
import { requestCertificate } from './keyless/fulcio.ts'
import type { LogEntry } from './keyless/log-entry.ts'
import { logSignature, type Logged } from './keyless/rekor.ts'
import { requestTimestamp } from './keyless/timestamp.ts'
import type { Services } from './keyless/signing-config.ts'
import type { Token } from './keyless/token.ts'
import type { Signer } from './signer.ts'

/** What is signed: a file as it is, or an in-toto statement. */
export type ToSign =
  { readonly kind: 'file'; readonly path: string } | { readonly kind: 'statement'; readonly payload: Buffer }

/** Who signs: a key, or whoever a token names, with a key that lives for this signing. */
export type SignedBy =
  | { readonly kind: 'key'; readonly signer: Signer }
  | { readonly kind: 'token'; readonly token: Token; readonly authority: URL }

/** One signing. */
export interface Signing {
  readonly content: ToSign
  readonly by: SignedBy
  readonly services: Services
  /** A way to the services and to nothing else; not asked for without services. */
  readonly gate: Gate | null
  /** What the result is checked by. */
  readonly roots: readonly TrustedRoot[]
  readonly signal?: AbortSignal | undefined
}

/** What a signing gave: a Sigstore bundle v0.3, proven, and the bare signature in it. */
export interface SignedBundle {
  readonly bundle: Buffer
  readonly signature: Buffer
  readonly proven: Proven
  /** How much of it was asked for. */
  readonly asked: Asked
}

type Asked = Pick<Ask, 'logs' | 'times' | 'scts'>

/** A signature with everything that the rest is made from. */
interface Made {
  readonly signature: Buffer
  readonly digest: { readonly name: HashName; readonly value: Buffer }
  /** The member of the bundle: `messageSignature` or `dsseEnvelope`. */
  readonly content: Readonly<Record<string, unknown>>
  readonly envelope: string | null
  readonly artifact: Artifact
}

const algorithmNames = { sha256: 'SHA2_256', sha384: 'SHA2_384', sha512: 'SHA2_512' } as const

const detailNames = {
  p256: 'PKIX_ECDSA_P256_SHA_256',
  p384: 'PKIX_ECDSA_P384_SHA_384',
  p521: 'PKIX_ECDSA_P521_SHA_512',
  rsa3072: 'PKIX_RSA_PKCS1V15_3072_SHA256',
  rsa4096: 'PKIX_RSA_PKCS1V15_4096_SHA256',
  // A log takes an Ed25519 signature only over a digest.
  ed25519: 'PKIX_ED25519_PH',
} as const

const hashNames = { p256: 'sha256', p384: 'sha384', p521: 'sha512', ed25519: 'sha512' } as const

async function signFile(path: string, signer: Signer, logged: boolean, signal?: AbortSignal): Promise<Made> {
  const signing = signer.begin(logged)
  const plain = signer.key.algorithm === 'ed25519' && !logged
  const pieces: Buffer[] = []
  const take = (piece: Buffer): void => {
    signing.update(piece)
    if (plain) pieces.push(Buffer.from(piece))
  }
  await readThrough(path, take, signal)
  const { signature, algorithm, digest } = await signing.end()
  const messageDigest = { algorithm: algorithmNames[algorithm], digest: digest.toString('base64') }
  return {
    signature,
    digest: { name: algorithm, value: digest },
    content: { messageSignature: { messageDigest, signature: signature.toString('base64') } },
    envelope: null,
    // What was read is what was signed: the file is not read a second time, in which it could be another.
    artifact: plain
      ? bytesArtifact(Buffer.concat(pieces))
      : digestArtifact(algorithm, digest.toString('hex')),
  }
}

function subjectOf(payload: Buffer): Artifact {
  try {
    const { subjects } = readStatement(payload, inTotoType)
    for (const name of ['sha256', 'sha384', 'sha512'] as const) {
      const hex = subjects[0]?.digest[name]
      if (hex !== undefined) return digestArtifact(name, hex)
    }
    throw new Failure('statement-needed', { expected: 'a subject with a SHA-256', found: 'none' })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new Failure(
      'statement-needed',
      { expected: error.reason.expected, found: error.reason.found },
      error,
    )
  }
}

async function signStatement(payload: Buffer, signer: Signer): Promise<Made> {
  const artifact = subjectOf(payload)
  const message = preAuthEncoding(inTotoType, payload)
  const signature = await signer.sign(message)
  const { algorithm } = signer.key
  const name = algorithm in hashNames ? hashNames[algorithm as keyof typeof hashNames] : 'sha256'
  const dsseEnvelope = {
    payload: payload.toString('base64'),
    payloadType: inTotoType,
    signatures: [{ sig: signature.toString('base64') }],
  }
  return {
    signature,
    digest: { name, value: createHash(name).update(message).digest() },
    content: { dsseEnvelope },
    envelope: JSON.stringify(dsseEnvelope),
    artifact,
  }
}

// Everything that would only be refused after a signature has gone into a log is refused before.
function checkPlan({ content, by, services, roots }: Signing): void {
  const asked = services.logs.length + services.timestamps.length
  const needed = (expected: string): Failure => new Failure('service-needed', { expected })
  if ((asked > 0 || by.kind === 'token') && roots.length === 0)
    throw needed('a trusted root to check the result by')
  const timed = services.timestamps.length > 0 || services.logs.some(({ version }) => version === 1)
  if (by.kind === 'token' && !timed) {
    throw needed('a timestamp authority: the certificate lives for minutes')
  }
  if (by.kind === 'token' && services.logs.length === 0) throw needed('a transparency log')
  if (content.kind !== 'statement' || by.kind !== 'key' || by.signer.key.algorithm !== 'ed25519') return
  const second = services.logs.find(({ version }) => version === 2)
  if (second !== undefined) throw new Failure('key-not-for-log', { host: second.url.host, found: 'Ed25519' })
}

interface Witnessed {
  readonly entries: readonly LogEntry[]
  readonly timestamps: readonly Buffer[]
}

async function witness(
  signing: Signing,
  made: Made,
  signer: Signer,
  leaf: Certificate | null,
): Promise<Witnessed> {
  const { gate, services, signal } = signing
  if (gate === null) return { entries: [], timestamps: [] }
  const timestamps: Buffer[] = []
  for (const { url } of services.timestamps)
    timestamps.push(await requestTimestamp(gate, url, made.signature, signal))
  const key = readVerifierKey(signer.key.spki)
  const logged: Logged = {
    signature: made.signature,
    digest: made.digest,
    verifier: leaf === null ? { key } : { certificate: leaf },
    details: detailNames[signer.key.algorithm],
    envelope: made.envelope,
  }
  const entries: LogEntry[] = []
  for (const log of services.logs) entries.push(await logSignature(gate, log, logged, signal))
  return { entries, timestamps }
}

function assemble(
  made: Made,
  { entries, timestamps }: Witnessed,
  signer: Signer,
  leaf: Certificate | null,
): Buffer {
  const hint = Buffer.from(signer.key.fingerprint, 'hex').toString('base64')
  const rfc3161Timestamps = timestamps.map((one) => ({ signedTimestamp: one.toString('base64') }))
  return canonical({
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: {
      ...(leaf === null
        ? { publicKey: { hint } }
        : { certificate: { rawBytes: leaf.der.toString('base64') } }),
      ...(entries.length === 0 ? {} : { tlogEntries: entries }),
      ...(timestamps.length === 0 ? {} : { timestampVerificationData: { rfc3161Timestamps } }),
    },
    ...made.content,
  })
}

async function prove(
  bundle: Buffer,
  signing: Signing,
  made: Made,
  signer: Signer,
  leaf: Certificate | null,
): Promise<{ readonly proven: Proven; readonly asked: Asked }> {
  const { roots, services } = signing
  const asked = {
    logs: services.logs.length > 0 ? 1 : 0,
    times: leaf !== null || services.timestamps.length > 0 ? 1 : 0,
    scts: leaf !== null && roots.some((root) => root.certificateLogs.length > 0) ? 1 : 0,
  }
  const identity = leaf === null ? null : identityOf(leaf)
  const verdict = await verifyBundle(bundle, made.artifact, {
    roots,
    key: leaf === null ? readVerifierKey(signer.key.spki) : null,
    identity: identity === null ? null : { san: identity.name.value, issuer: identity.issuer ?? '' },
    ...asked,
  })
  if (!verdict.ok) {
    const { code, expected, found } = verdict.reason
    throw new Failure('signature-unproven', { expected, found: `${code}: ${found}` })
  }
  const { unknown } = verdict.proven
  if (unknown.entries + unknown.timestamps > 0) {
    const expected = 'only logs and authorities of the trusted root'
    throw new Failure('signature-unproven', {
      expected,
      found: `${unknown.entries + unknown.timestamps} others`,
    })
  }
  return { proven: verdict.proven, asked }
}

/**
 * Signs, has the signature stamped and logged as the services say, and verifies the whole before giving it back.
 *
 * @throws Failure `sign-*`, `service-*`, `token-*`, `log-entry-exists`, `key-not-for-log`, `statement-needed`,
 * `signature-unproven`, `file-unreadable`, `cancelled`, of the gate
 */
export async function signBundle(signing: Signing): Promise<SignedBundle> {
  checkPlan(signing)
  const { by, content, gate, services, signal } = signing
  if (content.kind === 'statement') subjectOf(content.payload)
  const signer = by.kind === 'key' ? by.signer : await ephemeralSigner()
  const leaf =
    by.kind === 'key' || gate === null
      ? null
      : await requestCertificate(gate, by.authority, by.token, signer, signal)
  if (by.kind === 'token' && leaf === null) throw new Failure('service-needed', { expected: 'a network' })
  const made =
    content.kind === 'file'
      ? await signFile(content.path, signer, services.logs.length > 0, signal)
      : await signStatement(content.payload, signer)
  const witnessed = await witness(signing, made, signer, leaf)
  const bundle = assemble(made, witnessed, signer, leaf)
  return { bundle, signature: made.signature, ...(await prove(bundle, signing, made, signer, leaf)) }
}
