import { createHash } from 'node:crypto'
import { fromBase64, fromHex, textOf } from '../../platform/text-forms.ts'
import type { Artifact, Digests } from '../artifact.ts'
import { derOfNumbers, isDerSignature } from '../ecdsa.ts'
import { streamedCheck } from '../ed25519-stream.ts'
import { Refusal } from '../refusal.ts'
import { verifiesDigest, type Scheme } from '../signature.ts'
import { keyWords, type HashName, type VerifierKey } from '../verifier-key.ts'
import { formOf } from './forms.ts'
import { checkSshSignature, readSshSignature } from './sshsig.ts'

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

async function schemeThatFits(
  artifact: Artifact,
  key: VerifierKey,
  signatures: readonly Buffer[],
): Promise<Scheme | null> {
  const raw = key.spki.subarray(-32)
  const streamed = key.kind === 'ed25519' ? signatures.map((one) => streamedCheck(raw, one)) : []
  const plain = streamed.filter((one) => one !== null)
  const schemes = schemesOf(key)
  const names = [...new Set(schemes.map(({ hash }) => hash))]
  const sinks = names.map((name) => createHash(name))
  await artifact.feed([...sinks, ...plain.map(({ hash }) => hash)])
  const digests = Object.fromEntries(names.map((name, i) => [name, sinks[i]?.digest()])) as Digests
  const [pure] = schemes
  if (pure?.form === 'pure' && plain.some(({ fits }) => fits())) return pure
  const fits = (scheme: Scheme): boolean => {
    const digest = digests[scheme.hash]
    return digest !== undefined && signatures.some((one) => verifiesDigest(key, scheme, digest, one))
  }
  return schemes.find((scheme) => scheme.form !== 'pure' && fits(scheme)) ?? null
}

/**
 * Demands that a bare signature is this key's over the whole file, which is read once at most, in constant memory:
 * bytes, or base64 or hexadecimal of them as a whole; by any scheme that such keys sign files with; or an SSH signature.
 * A refusal never says that it is false: it may be by another key, over another file or in a form that is not read.
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
  const decoded = text === null ? [] : [fromBase64(text), fromHex(text)]
  const pieces = [bytes, ...decoded.filter((one) => one !== null)]
  const signatures = pieces.flatMap((one) => fitting(key, one) ?? [])
  const scheme = signatures.length === 0 ? null : await schemeThatFits(artifact, key, signatures)
  if (scheme !== null) return scheme
  const form = formOf(pieces)
  if (form !== null) {
    throw new Refusal('signature.form', 'a bare signature: its bytes, or base64 of them', form)
  }
  const expected = `a signature by the ${keyWords(key.kind)} key ${key.fingerprint}`
  const found =
    signatures.length === 0
      ? lookOf(pieces)
      : 'one that is not by this key over this file, by SHA-256, SHA-384 or SHA-512'
  throw new Refusal('signature.no-fit', expected, found)
}
