import { z } from 'zod'
import type { ReasonCode } from '../../shared/reason.ts'
import { JsonError, LongText, parseInPlace, parseStrict, type Json } from '../platform/json.ts'
import { limits } from '../platform/limits.ts'
import { Refusal } from './refusal.ts'

/* What the parsers of bundles and trusted roots share: proto3 JSON, read more strictly than its mapping asks. */

/** A text that is still base64: a string, or one that was left where it stands. */
export const zEncoded = z.custom<string | LongText>(
  (value) => typeof value === 'string' || value instanceof LongText,
  'not a text',
)

/** Standard base64 that encodes back to itself: no blanks, no other alphabet, no spare bits. */
export const zBytes = zEncoded.transform((text, check) => {
  const bytes = text instanceof LongText ? longBytes(text.bytes) : Buffer.from(text, 'base64')
  const same = bytes !== null && (text instanceof LongText || bytes.toString('base64') === text)
  if (!same) check.addIssue({ code: 'custom', message: 'not standard base64' })
  return bytes ?? Buffer.alloc(0)
})

const alphabet = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')
/** What each sign of standard base64 stands for; 0xff for what is none. */
export const sextets = new Uint8Array(256).fill(0xff)
for (const [value, sign] of alphabet.entries()) sextets[sign] = value

/** The same of a long text, sign by sign: what comes out is all the memory that it takes. */
function longBytes(text: Buffer): Buffer | null {
  if (text.length % 4 !== 0) return null
  const padding = text.at(-1) !== 0x3d ? 0 : text.at(-2) !== 0x3d ? 1 : 2
  const signs = text.length - padding
  const bytes = Buffer.allocUnsafeSlow((text.length / 4) * 3 - padding)
  let [held, bits, done] = [0, 0, 0]
  for (let at = 0; at < signs; at += 1) {
    const sextet = sextets[text[at] ?? 0] ?? 0xff
    if (sextet === 0xff) return null
    held = ((held << 6) | sextet) & 0xffff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    bytes[done] = held >> bits
    done += 1
  }
  // What is left over of the last sign must be nothing: else two texts would be the same bytes.
  return (held & ((1 << bits) - 1)) === 0 ? bytes : null
}

/** The same of at most so many bytes: what is parsed further must not be large. */
export const zBytesOf = (most: number): z.ZodPipe<typeof zEncoded, typeof zBytes> => {
  const fits = (text: string | LongText): boolean =>
    (text instanceof LongText ? text.bytes.length : text.length) <= Math.ceil(most / 3) * 4
  return zEncoded.refine(fits, { message: `at most ${most} bytes`, abort: true }).pipe(zBytes)
}

/** A proto3 int64: a decimal string; absent means 0. Only what a JavaScript number holds exactly. */
export const zInt64 = z
  .string()
  .regex(/^(?:0|[1-9]\d{0,15})$/, 'not a decimal number that is 0 or above')
  .transform(Number)
  .refine(Number.isSafeInteger, 'a number that is too large')
  .default(0)

/**
 * JSON of protobuf without the members that are null: that is how it may write what is not there (proto3, JSON mapping),
 * also of what must be there. A null in a list stands for nothing, and no shape takes it. Never for files of our own.
 */
export function withoutNulls(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(withoutNulls)
  if (typeof json !== 'object' || json === null || json instanceof LongText) return json
  const kept = Object.entries(json).filter(([, value]) => value !== null)
  return Object.fromEntries(kept.map(([name, value]) => [name, withoutNulls(value)]))
}

/** The digests of `HashAlgorithm` that we take. */
export const hashNames = { SHA2_256: 'sha256', SHA2_384: 'sha384', SHA2_512: 'sha512' } as const

interface Codes {
  readonly shape: ReasonCode
  readonly base64: ReasonCode
}

/** Parses bytes as JSON, strictly: UTF-8, no duplicate names, nothing after the end. @throws Refusal */
export function strictJson(bytes: Uint8Array, code: ReasonCode, most?: number): Json {
  try {
    return parseStrict(bytes, most)
  } catch (error) {
    if (error instanceof JsonError) throw new Refusal(code, 'one JSON document, strictly', error.message)
    throw error
  }
}

/** The same of a bundle or an envelope: what is long in them is base64, and stays where it stands. @throws Refusal */
export function bundleJson(bytes: Uint8Array): unknown {
  try {
    const { bundleValues: values, longTextBytes: longText, bundleTextBytes: texts } = limits
    return parseInPlace(bytes, { values, longText, texts })
  } catch (error) {
    if (error instanceof JsonError) {
      throw new Refusal('bundle.json', 'one JSON document, strictly', error.message)
    }
    throw error
  }
}

/** Takes JSON as a shape. @throws Refusal with one of the given codes */
export function readShape<Shape extends z.ZodType>(
  json: unknown,
  shape: Shape,
  what: string,
  codes: Codes,
): z.output<Shape> {
  const parsed = shape.safeParse(json)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const where = issue?.path.join('.') ?? ''
  const code = issue?.message === 'not standard base64' ? codes.base64 : codes.shape
  throw new Refusal(
    code,
    what,
    `${where === '' ? 'the document' : where}: ${issue?.message ?? 'not as expected'}`,
  )
}
