/*
 * A writer of DER that knows no rule of X.509: tests put together certificates, timestamps and requests with any
 * content and any flaw.
 */

function length(bytes: number): Buffer {
  if (bytes < 0x80) return Buffer.from([bytes])
  const hex = bytes.toString(16)
  const digits = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
  return Buffer.concat([Buffer.from([0x80 | digits.length]), digits])
}

/** One element: a tag byte and its parts. */
export function tlv(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from([tag]), length(body.length), body])
}

/** A SEQUENCE. */
export const sequence = (...parts: readonly Uint8Array[]): Buffer => tlv(0x30, ...parts)

/** A SET, its parts in the order in which they are given. */
export const set = (...parts: readonly Uint8Array[]): Buffer => tlv(0x31, ...parts)

/** An OCTET STRING. */
export const octets = (...parts: readonly Uint8Array[]): Buffer => tlv(0x04, ...parts)

/** A BIT STRING with `unused` unused bits at its end. */
export const bits = (bytes: Uint8Array, unused = 0): Buffer => tlv(0x03, Buffer.from([unused]), bytes)

/** A BOOLEAN. */
export const boolean = (value: boolean): Buffer => tlv(0x01, Buffer.from([value ? 0xff : 0x00]))

/** NULL. */
export const nothing: Buffer = tlv(0x05)

/** A UTF8String. */
export const utf8 = (text: string): Buffer => tlv(0x0c, Buffer.from(text, 'utf8'))

/** `[n]` around whole elements (EXPLICIT). */
export const explicit = (n: number, ...parts: readonly Uint8Array[]): Buffer => tlv(0xa0 | n, ...parts)

/** `[n]` in place of a primitive element's own tag (IMPLICIT). */
export const implicit = (n: number, bytes: Uint8Array): Buffer => tlv(0x80 | n, bytes)

/** An INTEGER from a number or from unsigned bytes. */
export function integer(value: bigint | number | Uint8Array): Buffer {
  if (typeof value !== 'object') {
    const hex = BigInt(value).toString(16)
    return integer(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex'))
  }
  let start = 0
  while (start < value.length - 1 && value[start] === 0) start += 1
  const bytes = value.subarray(start)
  return (bytes[0] ?? 0) >= 0x80 ? tlv(0x02, Buffer.from([0]), bytes) : tlv(0x02, bytes)
}

/** An OBJECT IDENTIFIER from its dotted form. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const digits = [arc & 0x7f]
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      digits.unshift(0x80 | (left & 0x7f))
    return digits
  })
  return tlv(0x06, Buffer.from(bytes))
}

const digitsOf = (date: Date): string => date.toISOString().replace(/\.\d+Z$|[-:T]/g, '')

/** A GeneralizedTime, whole seconds. */
export const generalizedTime = (date: Date): Buffer => tlv(0x18, Buffer.from(`${digitsOf(date)}Z`, 'latin1'))

/** A Time as in X.509: UTCTime up to 2049, GeneralizedTime after it. */
export function time(date: Date): Buffer {
  const year = date.getUTCFullYear()
  if (year < 1950 || year > 2049) return generalizedTime(date)
  return tlv(0x17, Buffer.from(`${digitsOf(date).slice(2)}Z`, 'latin1'))
}

/** The elements inside one element; for taking apart what a test made itself. */
export function partsOf(element: Uint8Array): readonly Buffer[] {
  const bytes = Buffer.from(element)
  const whole = spanOf(bytes, 0)
  const parts: Buffer[] = []
  for (let at = whole.body; at < whole.end;) {
    const { end } = spanOf(bytes, at)
    parts.push(bytes.subarray(at, end))
    at = end
  }
  return parts
}

/** What an element holds, without its tag and length. */
export function bodyOf(element: Uint8Array): Buffer {
  const bytes = Buffer.from(element)
  return bytes.subarray(spanOf(bytes, 0).body)
}

function spanOf(bytes: Buffer, at: number): { readonly body: number; readonly end: number } {
  const first = bytes[at + 1] ?? 0
  const count = first < 0x80 ? 0 : first & 0x7f
  const size = count === 0 ? first : bytes.readUIntBE(at + 2, count)
  return { body: at + 2 + count, end: at + 2 + count + size }
}
