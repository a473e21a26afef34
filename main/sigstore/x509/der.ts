/*
 * A strict reader of DER (X.690, 10 and 11): definite lengths in their shortest form, one-byte tags, no bytes left
 * over. Everything that it reads is copied from nowhere and kept as a view of the input.
 */

/** Why bytes are not the DER that we take. */
export class DerError extends Error {}

export interface Der {
  readonly tag: number
  /** The whole element, tag and length included. */
  readonly raw: Buffer
  readonly content: Buffer
}

/** The universal tags that X.509, CMS and RFC 3161 use. */
export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  nothing: 0x05,
  oid: 0x06,
  utf8: 0x0c,
  ia5: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const

/** The tag of `[n]`, constructed or primitive. */
export const context = (n: number, constructed = true): number => (constructed ? 0xa0 : 0x80) | n

function readAt(bytes: Buffer, at: number): Der {
  const tag = bytes[at]
  const first = bytes[at + 1]
  if (tag === undefined || first === undefined) throw new DerError('cut off')
  if ((tag & 0x1f) === 0x1f) throw new DerError('a tag of several bytes')
  let start = at + 2
  let length = first
  if (first >= 0x80) {
    const count = first & 0x7f
    if (count === 0 || count > 4) throw new DerError('an indefinite or huge length')
    length = 0
    for (let i = 0; i < count; i++) length = length * 256 + (bytes[start + i] ?? 0)
    if (length < 0x80 || length < 2 ** (8 * (count - 1)))
      throw new DerError('a length that is not the shortest')
    start += count
  }
  const end = start + length
  if (end > bytes.length) throw new DerError('cut off')
  return { tag, raw: bytes.subarray(at, end), content: bytes.subarray(start, end) }
}

/**
 * Reads one element that fills `bytes`.
 *
 * @throws DerError
 */
export function readDer(bytes: Buffer): Der {
  const der = readAt(bytes, 0)
  if (der.raw.length !== bytes.length) throw new DerError('bytes after the end')
  return der
}

/** The elements inside a constructed one. @throws DerError */
export function inside(der: Der): Der[] {
  if ((der.tag & 0x20) === 0) throw new DerError('not constructed')
  const found: Der[] = []
  for (let at = 0; at < der.content.length;) {
    const one = readAt(der.content, at)
    found.push(one)
    at += one.raw.length
  }
  return found
}

/** Asks for one tag. @throws DerError */
export function expectTag(der: Der | undefined, tag: number): Der {
  if (der === undefined) throw new DerError(`element 0x${tag.toString(16)} is missing`)
  if (der.tag !== tag) throw new DerError(`tag 0x${der.tag.toString(16)} instead of 0x${tag.toString(16)}`)
  return der
}

/** The elements of a SEQUENCE. @throws DerError */
export function sequence(der: Der | undefined): Der[] {
  return inside(expectTag(der, tags.sequence))
}

/** An OBJECT IDENTIFIER in dotted form. @throws DerError */
export function oid(der: Der | undefined): string {
  const { content } = expectTag(der, tags.oid)
  // Before the loop: its work grows with the square of the length.
  if (content.length > 64) throw new DerError('not an object identifier')
  const parts: bigint[] = []
  let value = 0n
  let open = false
  for (const byte of content) {
    if (!open && byte === 0x80) throw new DerError('an object identifier that is not the shortest')
    value = (value << 7n) | BigInt(byte & 0x7f)
    open = byte >= 0x80
    if (!open) {
      parts.push(value)
      value = 0n
    }
  }
  const head = parts[0]
  if (open || head === undefined) throw new DerError('not an object identifier')
  const first = head < 80n ? head / 40n : 2n
  return [first, head - first * 40n, ...parts.slice(1)].join('.')
}

/** A non-negative INTEGER. @throws DerError */
export function natural(der: Der | undefined): bigint {
  const { content } = expectTag(der, tags.integer)
  const [first, second] = content
  if (first === undefined || first >= 0x80) throw new DerError('not a natural number')
  if (first === 0 && second !== undefined && second < 0x80)
    throw new DerError('a number that is not the shortest')
  if (content.length > 64) throw new DerError('a number that is too large')
  return BigInt(`0x${content.toString('hex')}`)
}

/** An INTEGER of either sign. @throws DerError */
export function integer(der: Der | undefined): bigint {
  const { content } = expectTag(der, tags.integer)
  const [first, second = 0] = content
  if (first === undefined || content.length > 64) throw new DerError('not a number')
  const spare = first === 0 ? second < 0x80 : first === 0xff && second >= 0x80
  if (content.length > 1 && spare) throw new DerError('a number that is not the shortest')
  return BigInt.asIntN(content.length * 8, BigInt(`0x${content.toString('hex')}`))
}

/** A BOOLEAN. @throws DerError */
export function boolean(der: Der): boolean {
  const { content } = expectTag(der, tags.boolean)
  if (content.length !== 1 || (content[0] !== 0 && content[0] !== 0xff)) throw new DerError('not a boolean')
  return content[0] === 0xff
}

/** A BIT STRING of whole bytes. @throws DerError */
export function wholeBits(der: Der | undefined): Buffer {
  const { content } = expectTag(der, tags.bitString)
  if (content[0] !== 0) throw new DerError('a bit string with unused bits')
  return content.subarray(1)
}

/**
 * The numbers of the bits that are set in a named-bit list, which ends with one that is (X.690, 11.2.2).
 *
 * @throws DerError
 */
export function namedBits(der: Der): ReadonlySet<number> {
  const { content } = expectTag(der, tags.bitString)
  const [unused, ...bytes] = content
  const least = (bytes.at(-1) ?? 0) & 0xff
  const fits = bytes.length === 0 ? unused === 0 : least !== 0 && unused === 31 - Math.clz32(least & -least)
  if (!fits) throw new DerError('a list of bits that is not the shortest')
  return new Set(bytes.flatMap((byte, at) => bitsOf(byte).map((bit) => at * 8 + bit)))
}

const bitsOf = (byte: number): number[] =>
  [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => (byte & (0x80 >> bit)) !== 0)

/** Text in UTF-8. @throws DerError */
export function utf8(content: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content)
  } catch {
    throw new DerError('not UTF-8')
  }
}

/** The end of the year 9999, in milliseconds: the last time that has a form in certificates. */
export const lastTime = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

const utc = /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/
const generalized = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(?:\.(\d{1,9}))?Z$/

/** A UTCTime or GeneralizedTime in UTC, in milliseconds (X.690, 11.7 and 11.8). @throws DerError */
export function time(der: Der | undefined): number {
  const isUtc = der?.tag === tags.utcTime
  const text = expectTag(der, isUtc ? tags.utcTime : tags.generalizedTime).content.toString('latin1')
  const match = (isUtc ? utc : generalized).exec(text)
  if (match === null) throw new DerError('not a time in UTC')
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '', fraction = ''] = match
  if (fraction.endsWith('0')) throw new DerError('a fraction of a second that is not the shortest')
  const full = isUtc ? (Number(year) < 50 ? `20${year}` : `19${year}`) : year
  const milliseconds = fraction.padEnd(3, '0').slice(0, 3)
  const iso = `${full}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}Z`
  const at = Date.parse(iso)
  // Date.parse takes 31 February for 3 March.
  if (Number.isNaN(at) || new Date(at).toISOString() !== iso) throw new DerError('not a time that exists')
  return at
}

/**
 * A time of a certificate: UTCTime up to 2049, from then on GeneralizedTime without a fraction (RFC 5280, 4.1.2.5).
 *
 * @throws DerError
 */
export function certificateTime(der: Der | undefined): number {
  const at = time(der)
  const long = der?.tag === tags.generalizedTime
  if (long && (new Date(at).getUTCFullYear() < 2050 || der.content.includes('.')))
    throw new DerError('a time of another form than certificates have')
  return at
}
