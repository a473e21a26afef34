import { createHash } from 'node:crypto'
import { fromBase64, fromHex, textOf } from '../../platform/text-forms.ts'
import type { Artifact, Digests } from '../artifact.ts'
import { derOfNumbers, isDerSignature } from '../ecdsa.ts'
import { streamedCheck } from '../ed25519-stream.ts'
import { Refusal } from '../refusal.ts'
import { verifiesDigest, type Scheme } from '../signature.ts'
import { keyWords, type HashName, type VerifierKey } from '../verifier-key.ts'
import { formOf } from './forms.ts'
import { checkSshSignature, readSshSignature, type SshSignature } from './sshsig.ts'

const hashes: readonly HashName[] = ['sha256', 'sha384', 'sha512']
const points = { p256: 32, p384: 48, p521: 66 } as const

// The key is the one that somebody chose, so every way in which such keys sign files may be tried.
function schemesOf({ kind }: VerifierKey): readonly Scheme[] {
  if (kind === 'ed25519') {
    return [
      { form: 'pure', hash: 'sha512' },
      { form: 'ed25519ph', hash: 'sha512' },
    ]
  }
  if (kind in points) return hashes.map((hash) => ({ form: 'ecdsa', hash }))
  return hashes.flatMap((hash): Scheme[] => [
    { form: 'rsa-pkcs1', hash },
    { form: 'rsa-pss', hash, anySalt: true },
  ])
}

/** The bytes in the form in which this key signs, where they can be a signature by it at all. */
function fitting(key: VerifierKey, bytes: Buffer): Buffer | null {
  if (key.kind === 'ed25519') return bytes.length === 64 ? bytes : null
  if (!(key.kind in points)) return bytes.length === Number(key.kind.slice(3)) / 8 ? bytes : null
  if (isDerSignature(key.kind, bytes)) return bytes
  // Two numbers of fixed length, as JSON web signatures, PKCS#11 and .NET have them (IEEE P1363).
  const size = points[key.kind as keyof typeof points]
  return bytes.length === 2 * size ? derOfNumbers(bytes.subarray(0, size), bytes.subarray(size)) : null
}

function lookOf(pieces: readonly Buffer[]): string {
  const inside = pieces.at(-1) ?? Buffer.alloc(0)
  const bytes = `${inside.length} bytes`
  if ((['p256', 'p384', 'p521'] as const).some((kind) => isDerSignature(kind, inside))) {
    return `${bytes} that look like a signature by an elliptic curve key (ECDSA)`
  }
  if (inside.length === 64) return `${bytes}, as a signature by an Ed25519 key has`
  if ([128, 256, 384, 512, 1024].includes(inside.length)) {
    return `${bytes}, as a signature by an RSA key of ${inside.length * 8} bits has`
  }
  return `${bytes} that no signature by such a key has`
}

interface Candidate {
  readonly key: VerifierKey
  readonly signatures: readonly Buffer[]
}

// One reading for all keys and every way of theirs; of what is not here its digest is all that can be asked.
async function whatFits(artifact: Artifact, candidates: readonly Candidate[]): Promise<Fitting | null> {
  const plain = candidates.flatMap(({ key, signatures }) => {
    if (key.kind !== 'ed25519') return []
    const checks = signatures.map((one) => streamedCheck(key.spki.subarray(-32), one))
    return checks.filter((one) => one !== null).map((check) => ({ key, check }))
  })
  const names = [...new Set(candidates.flatMap(({ key }) => schemesOf(key).map(({ hash }) => hash)))]
  const sinks = names.map((name) => createHash(name))
  const whole = plain.length > 0 && (await artifact.feed([...sinks, ...plain.map(({ check }) => check.hash)]))
  const digests = whole
    ? (Object.fromEntries(names.map((name, i) => [name, sinks[i]?.digest()])) as Digests)
    : await artifact.digests(new Set(names))
  const pure = whole ? plain.find(({ check }) => check.fits()) : undefined
  if (pure !== undefined) return { key: pure.key, scheme: { form: 'pure', hash: 'sha512' } }
  for (const { key, signatures } of candidates) {
    const scheme = schemesOf(key).find(({ form, hash, ...more }) => {
      const digest = digests[hash]
      if (form === 'pure' || digest === undefined) return false
      return signatures.some((one) => verifiesDigest(key, { form, hash, ...more }, digest, one))
    })
    if (scheme !== undefined) return { key, scheme }
  }
  return null
}

/** A key that made a bare signature, and how. */
export interface Fitting {
  readonly key: VerifierKey
  readonly scheme: Scheme
}

async function sshFits(
  ssh: SshSignature,
  artifact: Artifact,
  keys: readonly VerifierKey[],
): Promise<Fitting | null> {
  for (const key of keys) {
    try {
      return { key, scheme: await checkSshSignature(ssh, artifact, key) }
    } catch (error) {
      if (!(error instanceof Refusal) || error.reason.code !== 'signature.no-fit') throw error
    }
  }
  return null
}

/** The bytes, and what they are the base64 or hexadecimal of as a whole. */
function piecesOf(bytes: Buffer, text: string | null): readonly Buffer[] {
  const decoded = text === null ? [] : [fromBase64(text), fromHex(text)]
  return [bytes, ...decoded.filter((one) => one !== null)]
}

/**
 * Which of these keys made a bare signature over the whole of something, which is read once at most, in constant memory:
 * bytes, or base64 or hexadecimal of them as a whole; by any scheme that such keys sign files with; or an SSH signature.
 *
 * @returns `null` where it fits none of them
 * @throws Refusal `signature.form` for what is a signature of another form, or none
 */
export async function fittingKey(
  artifact: Artifact,
  keys: readonly VerifierKey[],
  bytes: Buffer,
): Promise<Fitting | null> {
  const text = textOf(bytes)
  const ssh = readSshSignature(bytes, text)
  if (ssh !== null) return sshFits(ssh, artifact, keys)
  const pieces = piecesOf(bytes, text)
  const candidates = keys
    .map((key) => ({ key, signatures: pieces.flatMap((one) => fitting(key, one) ?? []) }))
    .filter(({ signatures }) => signatures.length > 0)
  const found = candidates.length === 0 ? null : await whatFits(artifact, candidates)
  const form = found === null ? formOf(pieces) : null
  if (form !== null) {
    throw new Refusal('signature.form', 'a bare signature: its bytes, or base64 of them', form)
  }
  return found
}

/**
 * Demands that a bare signature is this key's. A refusal never says that it is false: it may be by another key, over
 * another file or in a form that is not read.
 *
 * @throws Refusal `signature.form`, `signature.no-fit`
 */
export async function checkBareSignature(
  artifact: Artifact,
  key: VerifierKey,
  bytes: Buffer,
): Promise<Scheme> {
  const text = textOf(bytes)
  const ssh = readSshSignature(bytes, text)
  if (ssh !== null) return checkSshSignature(ssh, artifact, key)
  const found = await fittingKey(artifact, [key], bytes)
  if (found !== null) return found.scheme
  const pieces = piecesOf(bytes, text)
  const expected = `a signature by the ${keyWords(key.kind)} key ${key.fingerprint}`
  const isOne = pieces.some((one) => fitting(key, one) !== null)
  const said = isOne
    ? 'one that is not by this key over this file, by SHA-256, SHA-384 or SHA-512'
    : lookOf(pieces)
  throw new Refusal('signature.no-fit', expected, said)
}
