/*
 * Points of Curve25519 as Ed25519 writes them: 32 bytes, y in little endian, the highest bit the sign of x (RFC 8032,
 * 5.1.2). OpenSSL, BoringSSL and others differ on odd ones; here there is one answer, before a library is asked.
 */

const pointBytes = 32

const hex = (text: string): Buffer => Buffer.from(text, 'hex')

/** 2^255 − 19, little endian. */
const prime = hex('edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f')

/** The y of the eight points whose order divides 8: anybody can sign for them, or has done so. */
const smallOrder: readonly Buffer[] = [
  hex('0000000000000000000000000000000000000000000000000000000000000000'),
  hex('0100000000000000000000000000000000000000000000000000000000000000'),
  hex('ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f'),
  hex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'),
  hex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'),
]

function isBelow(value: Uint8Array, limit: Uint8Array): boolean {
  for (let i = pointBytes - 1; i >= 0; i--) {
    const [a = 0, b = 0] = [value[i], limit[i]]
    if (a !== b) return a < b
  }
  return false
}

/** What is wrong with the bytes of a point, in words; `null` where nothing is. Whether it is on the curve is not asked. */
export function problemOfPoint(bytes: Uint8Array): string | null {
  if (bytes.length !== pointBytes) return 'no point of Ed25519'
  const y = Uint8Array.from(bytes)
  y[pointBytes - 1] = (y[pointBytes - 1] ?? 0) & 0x7f
  if (!isBelow(y, prime)) return 'a point of Ed25519 that is not in canonical form'
  return smallOrder.some((one) => one.equals(y)) ? 'a point of Ed25519 of small order' : null
}

/** Whether a signature begins with a point that a signer can have made. */
export function hasSoundPoint(signature: Uint8Array): boolean {
  return problemOfPoint(signature.subarray(0, pointBytes)) === null
}
