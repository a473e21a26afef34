import { z } from 'zod'
import { hexOf, type Digest } from '../../shared/digest.ts'
import { zHex64 } from '../../shared/schema.ts'
import { canonical, parseCanonical } from '../platform/json.ts'
import { EnvelopeError } from './envelope.ts'

const statementV1 = 'https://in-toto.io/Statement/v1'

/** A thing that a statement is about. */
export interface Subject {
  readonly name: string
  readonly digest: Digest
}

const zStatement = z.strictObject({
  _type: z.literal(statementV1),
  subject: z
    .array(z.strictObject({ name: z.string(), digest: z.strictObject({ sha256: zHex64 }) }))
    .min(1)
    .max(16),
  predicateType: z.string(),
  predicate: z.unknown(),
})

/** An in-toto Statement v1 of ours, as its canonical payload bytes. */
export function statementBytes(
  subjects: readonly Subject[],
  predicateType: string,
  predicate: unknown,
): Buffer {
  return canonical({
    _type: statementV1,
    subject: subjects.map(({ name, digest }) => ({ name, digest: { sha256: hexOf(digest) } })),
    predicateType,
    predicate,
  })
}

/**
 * Parses a payload as a statement of the given type; its predicate as the given shape.
 *
 * @throws EnvelopeError
 */
export function parseStatement<Shape extends z.ZodType>(
  payload: Buffer,
  predicateType: string,
  shape: Shape,
): { readonly subjects: readonly Subject[]; readonly predicate: z.output<Shape> } {
  let value: unknown
  try {
    value = parseCanonical(payload)
  } catch (error) {
    throw new EnvelopeError(`the statement: ${error instanceof Error ? error.message : 'not JSON'}`)
  }
  const statement = zStatement.safeParse(value)
  if (!statement.success) throw new EnvelopeError('not an in-toto statement v1 as expected')
  if (statement.data.predicateType !== predicateType) {
    throw new EnvelopeError(`a statement of type ${statement.data.predicateType.slice(0, 100)}`)
  }
  const predicate = shape.safeParse(statement.data.predicate)
  if (!predicate.success) {
    const issue = predicate.error.issues[0]
    throw new EnvelopeError(`the predicate: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`)
  }
  return {
    subjects: statement.data.subject.map(({ name, digest }) => ({ name, digest: `sha256:${digest.sha256}` })),
    predicate: predicate.data,
  }
}
