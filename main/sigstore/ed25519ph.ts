import { createHash } from 'node:crypto'
import { eddsa } from '@noble/curves/abstract/edwards.js'
import { ed25519 } from '@noble/curves/ed25519.js'

/*
 * Ed25519ph (RFC 8032, 5.1), which Node lacks: what logs take for a file. The digest comes in from outside, so that a
 * file of any size is read as a stream.
 */

function clamp(bytes: Uint8Array): Uint8Array {
  bytes[0] = (bytes[0] ?? 0) & 248
  bytes[31] = ((bytes[31] ?? 0) & 127) | 64
  return bytes
}

const sha512 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha512').update(bytes).digest())

const separator = Buffer.concat([
  Buffer.from('SigEd25519 no Ed25519 collisions', 'latin1'),
  Buffer.from([1, 0]),
])

const overDigest = eddsa(ed25519.Point, sha512, {
  adjustScalarBytes: clamp,
  domain: (data: Uint8Array) => Buffer.concat([separator, data]),
  prehash: (digest: Uint8Array) => digest,
  zip215: false,
})

/** Signs the SHA-512 of a message with the 32 secret bytes of an Ed25519 key. */
export function signDigest(secret: Uint8Array, digest: Uint8Array): Buffer {
  return Buffer.from(overDigest.sign(digest, secret))
}

/** Whether `signature` is the key's Ed25519ph signature over a message of this SHA-512. Never throws. */
export function verifyDigest(publicKey: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean {
  try {
    return overDigest.verify(signature, digest, publicKey)
  } catch {
    return false
  }
}
