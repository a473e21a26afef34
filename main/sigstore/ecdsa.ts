import type { KeyKind } from './verifier-key.ts'
import { natural, sequence } from './x509/der-write.ts'

const orders: Partial<Record<KeyKind, bigint>> = {
  p256: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  p384: BigInt(
    '0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
  ),
  p521: BigInt(
    '0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409',
  ),
}

function integer(value: bigint): Buffer {
  const hex = value.toString(16)
  return natural(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex'))
}

const encode = (r: bigint, s: bigint): Buffer => sequence(integer(r), integer(s))

// A lenient read: the strict part is that encoding it again must give the same bytes.
function decode(der: Buffer): { r: bigint; s: bigint } | null {
  const start = der[1] === 0x81 ? 3 : 2
  const rLength = der[start + 1] ?? 0
  const r = der.subarray(start + 2, start + 2 + rLength)
  const s = der.subarray(start + 4 + rLength)
  if (r.length === 0 || s.length === 0) return null
  return { r: BigInt(`0x${r.toString('hex')}`), s: BigInt(`0x${s.toString('hex')}`) }
}

/** The DER of an ECDSA signature whose two numbers stand side by side. */
export const derOfNumbers = (r: Buffer, s: Buffer): Buffer =>
  encode(BigInt(`0x${r.toString('hex')}`), BigInt(`0x${s.toString('hex')}`))

/** The same ECDSA signature with the smaller of its two possible `s`, so that one signature has one form. */
export function lowS(algorithm: KeyKind, signature: Buffer): Buffer {
  const order = orders[algorithm]
  const parts = order === undefined ? null : decode(signature)
  if (order === undefined || parts === null) return signature
  return encode(parts.r, parts.s > order / 2n ? order - parts.s : parts.s)
}

/** Whether an ECDSA signature is strict DER with both numbers between 0 and the order; of others, that is all. */
export function isDerSignature(algorithm: KeyKind, signature: Buffer): boolean {
  const order = orders[algorithm]
  if (order === undefined) return true
  const parts = decode(signature)
  if (parts === null || parts.r <= 0n || parts.s <= 0n || parts.r >= order || parts.s >= order) return false
  return encode(parts.r, parts.s).equals(signature)
}

/** Whether a signature has its one standard form: strict DER and low `s` for ECDSA; others have only one. */
export function isStandardForm(algorithm: KeyKind, signature: Buffer): boolean {
  const order = orders[algorithm]
  if (order === undefined) return true
  const parts = decode(signature)
  return isDerSignature(algorithm, signature) && parts !== null && parts.s <= order / 2n
}
