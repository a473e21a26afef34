import { tags } from './der.ts'

/*
 * The writer beside the reader (X.690, 10): definite lengths in their shortest form, one-byte tags. What is written
 * here is sent, stored, or held against bytes that somebody else signed.
 */

function lengthOf(size: number): Buffer {
  if (size < 0x80) return Buffer.from([size])
  const digits = size.toString(16)
  const bytes = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex')
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes])
}

/** One element: a tag byte and its parts. */
export function element(tag: number, ...parts: readonly Buffer[]): Buffer {
  const size = parts.reduce((sum, part) => sum + part.length, 0)
  return Buffer.concat([Buffer.from([tag]), lengthOf(size), ...parts])
}

/** A SEQUENCE. */
export const sequence = (...parts: readonly Buffer[]): Buffer => element(tags.sequence, ...parts)

/** An OCTET STRING. */
export const octets = (bytes: Buffer): Buffer => element(tags.octetString, bytes)

/** An OBJECT IDENTIFIER from its content in hex. */
export const oid = (hex: string): Buffer => element(tags.oid, Buffer.from(hex, 'hex'))

/** NULL. */
export const nothing = element(tags.nothing)

/** An INTEGER from unsigned bytes without a leading zero. */
export function natural(bytes: Buffer): Buffer {
  const padding = Buffer.alloc((bytes[0] ?? 0) >= 0x80 ? 1 : 0)
  return element(tags.integer, padding, bytes)
}
