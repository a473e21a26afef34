import { bits, boolean, explicit, implicit, integer, octets, oid, sequence, tlv, utf8 } from './der.ts'
import { keyIdentifier } from './key.ts'

/** One extension: its identifier, the DER of its value, and whether it is critical. */
export function extension(dotted: string, value: Buffer, critical = false): Buffer {
  return critical ? sequence(oid(dotted), boolean(true), octets(value)) : sequence(oid(dotted), octets(value))
}

/** Basic constraints. */
export function basicConstraints(ca: boolean, pathLength?: number, critical = true): Buffer {
  const parts = [...(ca ? [boolean(true)] : []), ...(pathLength === undefined ? [] : [integer(pathLength)])]
  return extension('2.5.29.19', sequence(...parts), critical)
}

/** Bits of key usage, by their number. */
export const usage = {
  digitalSignature: 0,
  contentCommitment: 1,
  keyEncipherment: 2,
  keyCertSign: 5,
  cRLSign: 6,
} as const

/** Key usage with the named bits. */
export function keyUsage(...names: readonly (keyof typeof usage)[]): Buffer {
  const numbers = names.map((name): number => usage[name])
  const byte = numbers.reduce((sum, n) => sum | (0x80 >> n), 0)
  return extension('2.5.29.15', bits(Buffer.from([byte]), 7 - Math.max(...numbers)), true)
}

/** Purposes of extended key usage. */
export const purposes = {
  codeSigning: '1.3.6.1.5.5.7.3.3',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  any: '2.5.29.37.0',
} as const

/** Extended key usage. */
export function extendedKeyUsage(names: readonly (keyof typeof purposes)[], critical = false): Buffer {
  return extension('2.5.29.37', sequence(...names.map((name) => oid(purposes[name]))), critical)
}

/** Names for a subject alternative name. */
export const generalName = {
  email: (text: string): Buffer => implicit(1, Buffer.from(text, 'utf8')),
  dns: (text: string): Buffer => implicit(2, Buffer.from(text, 'utf8')),
  uri: (text: string): Buffer => implicit(6, Buffer.from(text, 'utf8')),
  /** Fulcio's user name (1.3.6.1.4.1.57264.1.7). */
  other: (text: string, dotted = '1.3.6.1.4.1.57264.1.7'): Buffer =>
    tlv(0xa0, oid(dotted), explicit(0, utf8(text))),
} as const

/** Subject alternative names, in order. */
export function subjectAltName(names: readonly Buffer[], critical = true): Buffer {
  return extension('2.5.29.17', sequence(...names), critical)
}

/** The subject key identifier of a key (SHA-1 of its SPKI; any value serves). */
export function subjectKeyIdentifier(spki: Uint8Array): Buffer {
  return extension('2.5.29.14', octets(keyIdentifier(spki)))
}

/** The authority key identifier that goes with {@link subjectKeyIdentifier}. */
export function authorityKeyIdentifier(spki: Uint8Array): Buffer {
  return extension('2.5.29.35', sequence(implicit(0, keyIdentifier(spki))))
}

/** A Fulcio extension (arc 1.3.6.1.4.1.57264.1): raw text up to number 6, a UTF8String above. */
export function fulcioExtension(n: number, text: string): Buffer {
  const value = n <= 6 ? Buffer.from(text, 'utf8') : utf8(text)
  return extension(`1.3.6.1.4.1.57264.1.${n}`, value)
}

/** The issuer of an identity as Fulcio states it: both forms. */
export function fulcioIssuer(issuer: string): readonly Buffer[] {
  return [fulcioExtension(1, issuer), fulcioExtension(8, issuer)]
}

/** The poison of a precertificate (RFC 6962). */
export const poison: Buffer = extension('1.3.6.1.4.1.11129.2.4.3', tlv(0x05), true)

/** Signed certificate timestamps, as embedded in a certificate. */
export function sctList(scts: readonly Uint8Array[]): Buffer {
  const prefixed = scts.map((sct) => Buffer.concat([uint16(sct.length), sct]))
  const all = Buffer.concat(prefixed)
  return extension('1.3.6.1.4.1.11129.2.4.2', octets(uint16(all.length), all))
}

const uint16 = (n: number): Buffer => Buffer.from([n >> 8, n & 0xff])
