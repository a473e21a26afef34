import { z } from 'zod'
import type { ReasonCode } from '../../shared/reason.ts'
import { JsonError, parseStrict, type Json } from '../platform/json.ts'
import { Refusal } from './refusal.ts'

/* What the parsers of bundles and trusted roots share: proto3 JSON, read more strictly than its mapping asks. */

/** Standard base64 that encodes back to itself: no blanks, no other alphabet, no spare bits. */
export const zBytes = z.string().transform(strictBytes)

function strictBytes(text: string, check: z.RefinementCtx): Buffer {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.toString('base64') !== text) check.addIssue({ code: 'custom', message: 'not standard base64' })
  return bytes
}

/** The same of at most so many bytes: what is parsed further must not be large. */
export const zBytesOf = (most: number): typeof zBytes =>
  z
    .string()
    .max(Math.ceil(most / 3) * 4, `at most ${most} bytes`)
    .transform(strictBytes)

/** A proto3 int64: a decimal string; absent means 0. Only what a JavaScript number holds exactly. */
export const zInt64 = z
  .string()
  .regex(/^(?:0|[1-9]\d{0,15})$/, 'not a decimal number that is 0 or above')
  .transform(Number)
  .refine(Number.isSafeInteger, 'a number that is too large')
  .default(0)

/** What proto3 JSON may leave out or state as null, which means the same. */
export const maybe = <Shape extends z.ZodType>(shape: Shape): z.ZodOptional<z.ZodNullable<Shape>> =>
  shape.nullable().optional()

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

/** Takes JSON as a shape. @throws Refusal with one of the given codes */
export function readShape<Shape extends z.ZodType>(
  json: Json,
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
