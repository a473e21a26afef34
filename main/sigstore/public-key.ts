import { verify, type KeyObject } from 'node:crypto'
import { hasSoundPoint } from './ed25519-points.ts'
import { readKeyFile } from './key-forms.ts'
import { kindOf, readVerifierKey, UnknownKey, type KeyKind } from './verifier-key.ts'

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

// What others may still sign with (RSA 2048) people and stations of ours may not.
function ours(kind: KeyKind): Algorithm {
  if (kind === 'rsa2048') throw new KeyError('an RSA key of 2048 bits')
  return kind
}

function asKeyError<Value>(read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    throw error instanceof UnknownKey ? new KeyError(error.message) : error
  }
}

/**
 * The algorithm of a key, or why it is none of ours.
 *
 * @throws KeyError
 */
export function algorithmOf(key: KeyObject): Algorithm {
  return ours(asKeyError(() => kindOf(key)))
}

/** The digest to give to sign and verify. Always explicit: BoringSSL, under Electron, has no default. */
export function digestFor(algorithm: Algorithm): string | null {
  return algorithms[algorithm]
}

/**
 * A key from SPKI DER.
 *
 * @throws KeyError when it is not a key of ours in standard form
 */
export function readSpki(der: Uint8Array): PublicKey {
  const { kind, ...key } = asKeyError(() => readVerifierKey(Buffer.from(der)))
  return { algorithm: ours(kind), ...key }
}

/**
 * A key from a file, in whichever everyday form.
 *
 * @throws KeyError
 */
export function readPublicKeyFile(bytes: Buffer): PublicKey {
  const { kind, ...key } = asKeyError(() => readKeyFile(bytes))
  return { algorithm: ours(kind), ...key }
}

/** The PEM of a key: 64 columns, LF, as `station.pub` must be byte for byte. */
export function pemOf(spki: Buffer): string {
  const lines = spki.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN PUBLIC KEY-----\n${lines.join('\n')}\n-----END PUBLIC KEY-----\n`
}

/** Whether `signature` is this key's signature over `data`. Never throws; anything unclear is `false`. */
export function verifies(key: PublicKey, data: Uint8Array, signature: Uint8Array): boolean {
  try {
    if (key.algorithm === 'ed25519' && !hasSoundPoint(signature)) return false
    return verify(digestFor(key.algorithm), data, key.object, signature)
  } catch {
    return false
  }
}
