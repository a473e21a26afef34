import { limits } from '../platform/limits.ts'
import type { Artifact, Digests } from './artifact.ts'
import type { Content } from './bundle-file.ts'
import type { ProvenEntry } from './log/entry.ts'
import { streamedCheck } from './ed25519-stream.ts'
import { LargePayload } from './large/payload.ts'
import { signedPieces } from './pae.ts'
import { needsMore, Refusal } from './refusal.ts'
import {
  digestOfPieces,
  schemeOf,
  schemeOfDetails,
  verifiesDigest,
  verifiesMessage,
  type Scheme,
} from './signature.ts'
import { hashesOf, keyWords, type HashName, type VerifierKey } from './verifier-key.ts'

type Envelope = Extract<Content, { readonly kind: 'envelope' }>

const digested = new WeakMap<Envelope, Map<string, Buffer>>()

/**
 * The digest of what is signed of an envelope, or of its payload. Many keys and entries may ask for that of something
 * large: it is made once for each envelope.
 */
export function digestOfEnvelope(content: Envelope, of: 'message' | 'payload', name: HashName): Buffer {
  if (content.payload instanceof LargePayload) return content.payload.digest(of, name)
  const known = digested.get(content) ?? new Map<string, Buffer>()
  digested.set(content, known)
  const pieces = of === 'payload' ? [content.payload] : signedPieces(content.payloadType, content.payload)
  const digest = known.get(`${of} ${name}`) ?? digestOfPieces(pieces, name)
  known.set(`${of} ${name}`, digest)
  return digest
}

// Which of many keys signed something large is found by its digest; what is small is as quick to check whole.
function verifiesEnvelope(content: Envelope, key: VerifierKey, scheme: Scheme): boolean {
  const { payload, payloadType, signature } = content
  if (payload instanceof LargePayload) {
    if (scheme.form === 'pure') return key.kind === 'ed25519' && payload.isSignedBy(key)
    return verifiesDigest(key, scheme, payload.digest('message', scheme.hash), signature)
  }
  if (scheme.form === 'pure' || payload.length <= limits.introductionBytes)
    return verifiesMessage(key, scheme, signedPieces(payloadType, payload), signature)
  return verifiesDigest(key, scheme, digestOfEnvelope(content, 'message', scheme.hash), signature)
}

function allowed(key: VerifierKey, name: HashName): HashName {
  if (!hashesOf(key.kind).includes(name)) {
    throw new Refusal(
      'algorithm.digest',
      `${hashesOf(key.kind).join(' or ')} with ${keyWords(key.kind)}`,
      name,
    )
  }
  return name
}

/**
 * How the signature must have been made: as the log says where one says it, else as the kind of key and the digest
 * that the bundle names have it.
 *
 * @throws Refusal `algorithm.*`
 */
export function schemeUsed(
  content: Content,
  key: VerifierKey,
  entries: readonly ProvenEntry[],
): Scheme | null {
  const said = [...new Set(entries.flatMap(({ logged }) => logged.keyDetails ?? []))]
  const [first] = said
  if (first !== undefined) {
    const scheme = schemeOfDetails(first, key.kind)
    if (scheme === null || said.length > 1) {
      throw new Refusal('algorithm.key', `one algorithm for ${keyWords(key.kind)}`, said.join(', '))
    }
    return scheme
  }
  // Where nothing is said of an envelope, its digest is found by trying the few that the key may use.
  if (content.kind === 'envelope') return null
  if (key.kind === 'ed25519') {
    return content.digest?.name === 'sha512'
      ? schemeOf('ed25519', 'sha512')
      : { form: 'pure', hash: 'sha512' }
  }
  return schemeOf(key.kind, allowed(key, content.digest?.name ?? hashesOf(key.kind)[0] ?? 'sha256'))
}

const badSignature = (key: VerifierKey): Refusal =>
  new Refusal(
    'signature.bad',
    `a signature by the ${keyWords(key.kind)} key ${key.fingerprint}`,
    'one that this key did not make over this content',
  )

/**
 * Demands that the artifact is the one that a message signature names. The hint is not signed, but a bundle that
 * names another artifact is about another artifact, and that is the plainest thing to say.
 *
 * @throws Refusal `artifact.differs`, `artifact.not-whole`
 */
export function checkHint(content: Content, digests: Digests): void {
  if (content.kind !== 'message' || content.digest === null) return
  const { name, value } = content.digest
  const own = digests[name]
  if (own === undefined) throw needsMore(`its ${name}`)
  if (own.equals(value)) return
  throw new Refusal('artifact.differs', `${name}:${value.toString('hex')}`, `${name}:${own.toString('hex')}`)
}

async function checkMessage(
  signature: Buffer,
  key: VerifierKey,
  scheme: Scheme,
  digests: Digests,
  artifact: Artifact,
): Promise<void> {
  if (scheme.form === 'pure') {
    const check = key.kind === 'ed25519' ? streamedCheck(key.spki.subarray(-32), signature) : null
    if (!(await artifact.feed(check === null ? [] : [check.hash]))) throw needsMore('the whole file')
    if (check?.fits() !== true) throw badSignature(key)
    return
  }
  const digest = digests[allowed(key, scheme.hash)]
  if (digest === undefined) throw needsMore(`its ${scheme.hash}`)
  if (!verifiesDigest(key, scheme, digest, signature)) throw badSignature(key)
}

/**
 * Demands that the key signed the content: the artifact by its digest, or the envelope.
 *
 * @returns the scheme that it was signed with
 * @throws Refusal `signature.bad`, `artifact.*`, `algorithm.digest`
 */
export async function checkSignature(
  content: Content,
  key: VerifierKey,
  scheme: Scheme | null,
  digests: Digests,
  artifact: Artifact,
): Promise<Scheme> {
  if (content.kind === 'message') {
    const used = scheme ?? schemeOf(key.kind, 'sha256')
    await checkMessage(content.signature, key, used, digests, artifact)
    return used
  }
  const tried: readonly Scheme[] =
    scheme !== null
      ? [scheme]
      : key.kind === 'ed25519'
        ? [{ form: 'pure', hash: 'sha512' }]
        : hashesOf(key.kind).map((hash) => schemeOf(key.kind, hash))
  const used = tried.find((one) => verifiesEnvelope(content, key, one))
  if (used === undefined) throw badSignature(key)
  return used
}
