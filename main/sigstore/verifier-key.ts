import { createPublicKey, type KeyObject } from 'node:crypto'
import { sha256Hex } from '../platform/hash.ts'
import { nameOfKeyFile } from './key-names.ts'
import { problemOfPoint } from './ed25519-points.ts'

/** The digests that signatures here are made over. */
export type HashName = 'sha256' | 'sha384' | 'sha512'

/**
 * The algorithm table (signing.md, 10.1): every kind of key that the core takes in bundles, certificates, logs and
 * timestamps of others. What is not in it (RSA below 2048, secp256k1, brainpool, DSA, Ed448) is refused by name.
 */
const table = {
  p256: { hashes: ['sha256'], words: 'ECDSA P-256' },
  // A smaller digest than the curve's is deprecated and met in the field.
  p384: { hashes: ['sha384', 'sha256'], words: 'ECDSA P-384' },
  p521: { hashes: ['sha512', 'sha256'], words: 'ECDSA P-521' },
  rsa2048: { hashes: ['sha256'], words: 'RSA 2048' },
  rsa3072: { hashes: ['sha256'], words: 'RSA 3072' },
  rsa4096: { hashes: ['sha256'], words: 'RSA 4096' },
  ed25519: { hashes: ['sha512'], words: 'Ed25519' },
} as const
export type KeyKind = keyof typeof table

/** A public key of somebody else, in its one standard form. */
export interface VerifierKey {
  readonly kind: KeyKind
  /** SPKI DER. */
  readonly spki: Buffer
  /** SHA-256 of `spki`, hex. */
  readonly fingerprint: string
  readonly object: KeyObject
}

/** Why a key is none that the table has, in words. */
export class UnknownKey extends Error {}

const curves: Readonly<Record<string, KeyKind>> = { prime256v1: 'p256', secp384r1: 'p384', secp521r1: 'p521' }
const moduli: Readonly<Record<number, KeyKind>> = { 2048: 'rsa2048', 3072: 'rsa3072', 4096: 'rsa4096' }

/** Which row of the table a key is. @throws UnknownKey */
export function kindOf(key: KeyObject): KeyKind {
  const details = key.asymmetricKeyDetails ?? {}
  if (key.asymmetricKeyType === 'ed25519') return 'ed25519'
  if (key.asymmetricKeyType === 'ec') {
    const kind = curves[details.namedCurve ?? '']
    if (kind === undefined)
      throw new UnknownKey(`an elliptic curve key on ${details.namedCurve ?? 'an unnamed curve'}`)
    return kind
  }
  if (key.asymmetricKeyType === 'rsa') {
    const kind = moduli[details.modulusLength ?? 0]
    if (kind === undefined) {
      const bits = details.modulusLength ?? 'unknown'
      throw new UnknownKey(`an RSA key of ${bits} bits; those of 2048, 3072 and 4096 are taken`)
    }
    if (details.publicExponent !== 65537n) throw new UnknownKey('an RSA key with an unusual exponent')
    return kind
  }
  throw new UnknownKey(`a key of type ${key.asymmetricKeyType ?? 'unknown'}`)
}

/**
 * A key from SPKI DER. One key must have one fingerprint: the form is made again from the bare numbers, so that
 * compressed points and explicit curve parameters do not pass.
 *
 * @throws UnknownKey
 */
export function readVerifierKey(der: Buffer): VerifierKey {
  let object: KeyObject
  try {
    object = createPublicKey({ key: der, format: 'der', type: 'spki' })
  } catch {
    throw new UnknownKey('not a public key')
  }
  const kind = kindOf(object)
  let spki: Buffer
  try {
    const bare = createPublicKey({ key: object.export({ format: 'jwk' }), format: 'jwk' })
    spki = bare.export({ type: 'spki', format: 'der' })
  } catch {
    throw new UnknownKey('not a public key')
  }
  if (!spki.equals(der)) throw new UnknownKey('a public key that is not in standard form')
  // A key of small order has no secret half: anybody can make what some libraries take for its signature.
  const odd = kind === 'ed25519' ? problemOfPoint(spki.subarray(-32)) : null
  if (odd !== null) throw new UnknownKey(odd)
  return { kind, spki, fingerprint: sha256Hex(spki), object }
}

const pemForm = /^\s*-----BEGIN PUBLIC KEY-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END PUBLIC KEY-----\s*$/

/** A key from a PEM file with one block `PUBLIC KEY`. @throws UnknownKey */
export function readVerifierPem(text: string): VerifierKey {
  const body = pemForm.exec(text)?.[1]
  if (body !== undefined) return readVerifierKey(Buffer.from(body, 'base64'))
  const found = nameOfKeyFile(Buffer.from(text))
  throw new UnknownKey(`not a PEM with one PUBLIC KEY alone${found === null ? '' : `: ${found}`}`)
}

/** The name of a kind of key, for people. */
export function keyWords(kind: KeyKind): string {
  return table[kind].words
}

/** The digests that a key of this kind may sign with, the one it signs with by default first. */
export function hashesOf(kind: KeyKind): readonly HashName[] {
  return table[kind].hashes
}
