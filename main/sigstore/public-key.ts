import { createPublicKey, verify, type KeyObject } from 'node:crypto'
import { sha256Hex } from '../platform/hash.ts'

/** The algorithms that keys of people and stations may have, and the digest each signs with (`null`: none of its own). */
const algorithms = {
  p256: 'sha256',
  p384: 'sha384',
  p521: 'sha512',
  rsa3072: 'sha256',
  rsa4096: 'sha256',
  ed25519: null,
} as const
export type Algorithm = keyof typeof algorithms

/** A public key in its one standard form, with what it is known by. */
export interface PublicKey {
  readonly algorithm: Algorithm
  /** SPKI DER. */
  readonly spki: Buffer
  /** SHA-256 of `spki`, hex. */
  readonly fingerprint: string
  readonly object: KeyObject
}

/** Why a key cannot be used: in words, for the fact `found`. */
export class KeyError extends Error {}

const curves: Readonly<Record<string, Algorithm>> = {
  prime256v1: 'p256',
  secp384r1: 'p384',
  secp521r1: 'p521',
}

/**
 * The algorithm of a key, or why it is none of ours.
 *
 * @throws KeyError
 */
export function algorithmOf(key: KeyObject): Algorithm {
  if (key.asymmetricKeyType === 'ed25519') return 'ed25519'
  if (key.asymmetricKeyType === 'ec') {
    const curve = key.asymmetricKeyDetails?.namedCurve ?? 'an unnamed curve'
    const algorithm = curves[curve]
    if (algorithm === undefined) throw new KeyError(`an elliptic curve key on ${curve}`)
    return algorithm
  }
  if (key.asymmetricKeyType === 'rsa') {
    const { modulusLength, publicExponent } = key.asymmetricKeyDetails ?? {}
    if (publicExponent !== 65537n) throw new KeyError('an RSA key with an unusual exponent')
    if (modulusLength === 3072) return 'rsa3072'
    if (modulusLength === 4096) return 'rsa4096'
    throw new KeyError(`an RSA key of ${modulusLength ?? 'unknown'} bits`)
  }
  throw new KeyError(`a key of type ${key.asymmetricKeyType ?? 'unknown'}`)
}

/** The digest to give to sign and verify. Always explicit: BoringSSL, under Electron, has no default. */
export function digestFor(algorithm: Algorithm): string | null {
  return algorithms[algorithm]
}

// One key must have one fingerprint, or a person could count twice: the form is made again from the bare key
// numbers, so that compressed points and explicit curve parameters do not pass.
function standardForm(key: KeyObject): Buffer {
  const bare = createPublicKey({ key: key.export({ format: 'jwk' }), format: 'jwk' })
  return bare.export({ type: 'spki', format: 'der' })
}

/**
 * A key from SPKI DER.
 *
 * @throws KeyError when it is not a key of ours in standard form
 */
export function readSpki(der: Uint8Array): PublicKey {
  let object: KeyObject
  let spki: Buffer
  try {
    object = createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' })
    spki = standardForm(object)
  } catch {
    throw new KeyError('not a public key')
  }
  const algorithm = algorithmOf(object)
  if (!spki.equals(der)) throw new KeyError('a public key that is not in standard form')
  return { algorithm, spki, fingerprint: sha256Hex(spki), object }
}

const pemForm = /^\s*-----BEGIN PUBLIC KEY-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END PUBLIC KEY-----\s*$/

/**
 * A key from PEM (one block `PUBLIC KEY`, nothing else).
 *
 * @throws KeyError
 */
export function readPem(text: string): PublicKey {
  const body = pemForm.exec(text)?.[1]
  if (body === undefined) throw new KeyError('not a PEM file with one PUBLIC KEY')
  return readSpki(Buffer.from(body, 'base64'))
}

/** The PEM of a key: 64 columns, LF, as `station.pub` must be byte for byte. */
export function pemOf(spki: Buffer): string {
  const lines = spki.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN PUBLIC KEY-----\n${lines.join('\n')}\n-----END PUBLIC KEY-----\n`
}

/** Whether `signature` is this key's signature over `data`. Never throws; anything unclear is `false`. */
export function verifies(key: PublicKey, data: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify(digestFor(key.algorithm), data, key.object, signature)
  } catch {
    return false
  }
}
