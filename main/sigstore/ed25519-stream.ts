import { createHash, type Hash } from 'node:crypto'
import { ed25519 } from '@noble/curves/ed25519.js'
import { hasSoundPoint } from './ed25519-points.ts'

/*
 * Plain Ed25519 (RFC 8032, 5.1.7) over a message that is never held as a whole. Who signs must read the message twice;
 * who verifies needs SHA-512(R ‖ A ‖ M), which one reading gives.
 */

const { Point } = ed25519
const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`)

/** One check under way: give `hash` the whole message, then ask `fits`, once. */
export interface StreamedCheck {
  readonly hash: Hash
  readonly fits: () => boolean
}

/**
 * Begins to check a signature. The equation is the one without cofactor, as OpenSSL and BoringSSL have it: a signature
 * counts for a large file exactly when it would count for a small one.
 *
 * @param publicKey 32 bytes
 * @returns `null` where these 64 bytes are no signature that a signer can have made, over whatever message
 */
export function streamedCheck(publicKey: Uint8Array, signature: Uint8Array): StreamedCheck | null {
  const scalar = numberOf(signature.subarray(32))
  if (signature.length !== 64 || !hasSoundPoint(signature) || scalar >= Point.Fn.ORDER) return null
  const head = signature.subarray(0, 32)
  let minusKey: InstanceType<typeof Point>
  try {
    minusKey = Point.fromBytes(Uint8Array.from(publicKey)).negate()
  } catch {
    return null
  }
  const hash = createHash('sha512').update(head).update(publicKey)
  const fits = (): boolean => {
    const k = Point.Fn.create(numberOf(hash.digest()))
    const made = Point.BASE.multiplyUnsafe(scalar).add(minusKey.multiplyUnsafe(k))
    return Buffer.from(made.toBytes()).equals(head)
  }
  return { hash, fits }
}
