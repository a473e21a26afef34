import {
  constants,
  createHash,
  createVerify,
  publicDecrypt,
  verify,
  type Hash,
  type Verify,
} from 'node:crypto'
import { p256, p384, p521 } from '@noble/curves/nist.js'
import { isDerSignature } from './ecdsa.ts'
import { hasSoundPoint } from './ed25519-points.ts'
import { verifyDigest } from './ed25519ph.ts'
import type { HashName, KeyKind, VerifierKey } from './verifier-key.ts'

/** How a signature was made: `pure` Ed25519 signs the message itself, everything else a digest of it. */
export interface Scheme {
  readonly form: 'ecdsa' | 'rsa-pkcs1' | 'rsa-pss' | 'pure' | 'ed25519ph'
  readonly hash: HashName
  /** Of RSA-PSS: a salt of any length counts, as FIPS 186-5 and RFC 8017 leave it open; else one as long as the digest. */
  readonly anySalt?: true
}

const formWords: Readonly<Record<Scheme['form'], string>> = {
  ecdsa: 'ECDSA',
  'rsa-pkcs1': 'RSA PKCS#1',
  'rsa-pss': 'RSA-PSS',
  pure: 'Ed25519',
  ed25519ph: 'Ed25519ph',
}

/** A scheme, for people. */
export const schemeWords = ({ form, hash }: Scheme): string =>
  form === 'pure' ? formWords.pure : `${formWords[form]} with SHA-${hash.slice(3)}`

/** The `PublicKeyDetails` of protobuf-specs that say an algorithm that we take, and for which kind of key. */
const details: Readonly<Record<string, { readonly kind: KeyKind; readonly scheme: Scheme }>> = {
  PKIX_ECDSA_P256_SHA_256: { kind: 'p256', scheme: { form: 'ecdsa', hash: 'sha256' } },
  PKIX_ECDSA_P384_SHA_384: { kind: 'p384', scheme: { form: 'ecdsa', hash: 'sha384' } },
  PKIX_ECDSA_P384_SHA_256: { kind: 'p384', scheme: { form: 'ecdsa', hash: 'sha256' } },
  PKIX_ECDSA_P521_SHA_512: { kind: 'p521', scheme: { form: 'ecdsa', hash: 'sha512' } },
  PKIX_ECDSA_P521_SHA_256: { kind: 'p521', scheme: { form: 'ecdsa', hash: 'sha256' } },
  PKIX_RSA_PKCS1V15_2048_SHA256: { kind: 'rsa2048', scheme: { form: 'rsa-pkcs1', hash: 'sha256' } },
  PKIX_RSA_PKCS1V15_3072_SHA256: { kind: 'rsa3072', scheme: { form: 'rsa-pkcs1', hash: 'sha256' } },
  PKIX_RSA_PKCS1V15_4096_SHA256: { kind: 'rsa4096', scheme: { form: 'rsa-pkcs1', hash: 'sha256' } },
  PKIX_RSA_PSS_2048_SHA256: { kind: 'rsa2048', scheme: { form: 'rsa-pss', hash: 'sha256' } },
  PKIX_RSA_PSS_3072_SHA256: { kind: 'rsa3072', scheme: { form: 'rsa-pss', hash: 'sha256' } },
  PKIX_RSA_PSS_4096_SHA256: { kind: 'rsa4096', scheme: { form: 'rsa-pss', hash: 'sha256' } },
  PKIX_ED25519: { kind: 'ed25519', scheme: { form: 'pure', hash: 'sha512' } },
  PKIX_ED25519_PH: { kind: 'ed25519', scheme: { form: 'ed25519ph', hash: 'sha512' } },
}

/** The scheme that `PublicKeyDetails` names for a key of this kind; `null` when it names none of ours or another kind. */
export function schemeOfDetails(name: string, kind: KeyKind): Scheme | null {
  const entry = Object.hasOwn(details, name) ? details[name] : undefined
  return entry?.kind === kind ? entry.scheme : null
}

/** The scheme of a key of this kind over a digest of this name, where nothing else is said. */
export function schemeOf(kind: KeyKind, hash: HashName): Scheme {
  if (kind === 'ed25519') return { form: 'ed25519ph', hash: 'sha512' }
  return { form: kind.startsWith('rsa') ? 'rsa-pkcs1' : 'ecdsa', hash }
}

const curves = { p256, p384, p521 } as const

const digestInfo: Readonly<Record<HashName, string>> = {
  sha256: '3031300d060960864801650304020105000420',
  sha384: '3041300d060960864801650304020205000430',
  sha512: '3051300d060960864801650304020305000440',
}

// RFC 8017, 8.2.2: the encoded message is made again and compared as a whole, so nothing in it is parsed.
function isPkcs1(encoded: Buffer, digest: Buffer, hash: HashName): boolean {
  const tail = Buffer.concat([Buffer.from(digestInfo[hash], 'hex'), digest])
  const padding = Buffer.alloc(encoded.length - tail.length - 3, 0xff)
  return Buffer.concat([Buffer.from([0, 1]), padding, Buffer.from([0]), tail]).equals(encoded)
}

function mask(seed: Buffer, length: number, hash: HashName): Buffer {
  const blocks: Buffer[] = []
  for (let i = 0, made = 0; made < length; i++) {
    const block = createHash(hash)
      .update(seed)
      .update(Buffer.from([0, 0, i >> 8, i & 0xff]))
      .digest()
    blocks.push(block)
    made += block.length
  }
  return Buffer.concat(blocks).subarray(0, length)
}

// RFC 8017, 9.1.2; as Sigstore uses it the salt is as long as the digest.
function isPss(encoded: Buffer, digest: Buffer, { hash, anySalt }: Scheme): boolean {
  const size = digest.length
  const masked = encoded.subarray(0, encoded.length - size - 1)
  const check = encoded.subarray(encoded.length - size - 1, -1)
  if (encoded.at(-1) !== 0xbc || masked.length < size + 2 || ((masked[0] ?? 0x80) & 0x80) !== 0) return false
  const bytes = mask(check, masked.length, hash)
  const db = Buffer.from(masked.map((byte, i) => byte ^ (bytes[i] ?? 0)))
  db[0] = (db[0] ?? 0) & 0x7f
  const zeros = anySalt === true ? db.findIndex((byte) => byte !== 0) : db.length - size - 1
  if (zeros < 0 || db.subarray(0, zeros).some((byte) => byte !== 0) || db[zeros] !== 1) return false
  const salt = db.subarray(zeros + 1)
  return createHash(hash).update(Buffer.alloc(8)).update(digest).update(salt).digest().equals(check)
}

function rsaOfDigest(key: VerifierKey, scheme: Scheme, digest: Buffer, signature: Buffer): boolean {
  const bits = key.object.asymmetricKeyDetails?.modulusLength ?? 0
  if (signature.length !== bits / 8) return false
  const encoded = publicDecrypt({ key: key.object, padding: constants.RSA_NO_PADDING }, signature)
  return scheme.form === 'rsa-pss' ? isPss(encoded, digest, scheme) : isPkcs1(encoded, digest, scheme.hash)
}

/**
 * Whether `signature` was made by this key over a message with this digest. Node cannot check a signature of a ready
 * digest, so the curves are `@noble/curves` and RSA is opened with Node and compared here. Never throws.
 */
export function verifiesDigest(key: VerifierKey, scheme: Scheme, digest: Buffer, signature: Buffer): boolean {
  try {
    if (scheme.form === 'ed25519ph') {
      return hasSoundPoint(signature) && verifyDigest(key.spki.subarray(-32), digest, signature)
    }
    if (scheme.form === 'rsa-pkcs1' || scheme.form === 'rsa-pss') {
      return rsaOfDigest(key, scheme, digest, signature)
    }
    if (scheme.form === 'pure' || !(key.kind in curves)) return false
    const kind = key.kind as keyof typeof curves
    if (!isDerSignature(kind, signature)) return false
    const size = { p256: 65, p384: 97, p521: 133 }[kind]
    return curves[kind].verify(signature, digest, key.spki.subarray(-size), {
      prehash: false,
      lowS: false,
      format: 'der',
    })
  } catch {
    return false
  }
}

function fed<Sink extends Hash | Verify>(sink: Sink, pieces: readonly Buffer[]): Sink {
  for (const piece of pieces) sink.update(piece)
  return sink
}

/** The digest of a message in memory, given in pieces. */
export function digestOfPieces(pieces: readonly Buffer[], name: HashName): Buffer {
  return fed(createHash(name), pieces).digest()
}

/**
 * Whether `signature` was made by this key over a message, whole or in pieces. The digest is always explicit. Never
 * throws.
 */
export function verifiesMessage(
  key: VerifierKey,
  scheme: Scheme,
  message: Buffer | readonly Buffer[],
  signature: Buffer,
): boolean {
  const pieces = Buffer.isBuffer(message) ? [message] : message
  try {
    if (scheme.form === 'pure') {
      return (
        key.kind === 'ed25519' &&
        hasSoundPoint(signature) &&
        verify(null, Buffer.concat(pieces), key.object, signature)
      )
    }
    if (scheme.form === 'ecdsa') {
      if (!isDerSignature(key.kind, signature)) return false
      return fed(createVerify(scheme.hash), pieces).verify(key.object, signature)
    }
    return verifiesDigest(key, scheme, digestOfPieces(pieces, scheme.hash), signature)
  } catch {
    return false
  }
}
