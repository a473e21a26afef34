import { z } from 'zod'
import { limits } from '../platform/limits.ts'
import type { Json } from '../platform/json.ts'
import type { Digests } from './artifact.ts'
import { readShape, strictJson } from './parse.ts'
import { Refusal } from './refusal.ts'

/** An in-toto Statement of anybody (signing.md, 5.1). */
export interface Statement {
  readonly type: string
  readonly subjects: readonly { readonly name: string; readonly digest: Readonly<Record<string, string>> }[]
  readonly predicateType: string
  readonly predicate: Json
}

/** The payload type of in-toto statements; no other one is read. */
export const inTotoType = 'application/vnd.in-toto+json'
const types = ['https://in-toto.io/Statement/v1', 'https://in-toto.io/Statement/v0.1'] as const

const zStatement = z.object({
  _type: z.string(),
  subject: z
    .array(
      z.object({
        name: z.string().max(4096).default(''),
        digest: z
          .record(z.string().max(64), z.string().max(512))
          .refine((digests) => Object.keys(digests).length <= limits.digestsPerSubject, 'too many digests'),
      }),
    )
    .min(1)
    .max(limits.subjects),
  predicateType: z.string().min(1).max(2048),
  predicate: z.unknown().optional(),
})

/** Demands the one type of payload that is read. @throws Refusal `statement.type` */
export function checkPayloadType(payloadType: string): void {
  if (payloadType !== inTotoType) throw new Refusal('statement.type', inTotoType, payloadType)
}

/**
 * Reads the payload of an envelope as a statement. Unknown fields are allowed, as in-toto asks; double ones are not.
 *
 * @throws Refusal `statement.*`
 */
export function readStatement(payload: Buffer, payloadType: string): Statement {
  checkPayloadType(payloadType)
  const json = strictJson(payload, 'statement.form', limits.statementValues)
  const codes = { shape: 'statement.form', base64: 'statement.form' } as const
  const read = readShape(json, zStatement, 'an in-toto statement', codes)
  if (!types.some((type) => type === read._type))
    throw new Refusal('statement.type', types.join(' or '), read._type)
  return {
    type: read._type,
    subjects: read.subject,
    predicateType: read.predicateType,
    predicate: (json as { predicate?: Json }).predicate ?? null,
  }
}

const strong = ['sha256', 'sha384', 'sha512'] as const

/**
 * Demands that the statement is about the artifact: a subject of which at least one strong digest is the artifact's,
 * and no strong digest that can be compared is another's (in-toto, DigestSet).
 *
 * @throws Refusal `statement.other-subject`, `statement.weak-digest`
 */
export function checkSubject(statement: Statement, artifact: Digests): void {
  const known = strong.flatMap((name) => {
    const value = artifact[name]
    return value === undefined ? [] : [{ name, hex: value.toString('hex') }]
  })
  const about = statement.subjects.some(({ digest }) => {
    const both = known.filter(({ name }) => Object.hasOwn(digest, name))
    return both.length > 0 && both.every(({ name, hex }) => digest[name] === hex)
  })
  if (about) return
  const named = statement.subjects.flatMap(({ digest }) => Object.entries(digest))
  const expected = known.map(({ name, hex }) => `${name}:${hex}`).join(', ')
  if (!named.some(([name]) => strong.some((one) => one === name))) {
    throw new Refusal(
      'statement.weak-digest',
      'a subject by SHA-256, SHA-384 or SHA-512',
      named.map(([name]) => name).join(', '),
    )
  }
  const found = named.slice(0, 3).map(([name, hex]) => `${name}:${hex}`)
  throw new Refusal('statement.other-subject', expected, found.join(', '))
}
