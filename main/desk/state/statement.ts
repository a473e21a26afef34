import type { z } from 'zod'
import { canonical } from '../../platform/json.ts'
import { EnvelopeError, envelopeVerifies, parseEnvelope } from '../../sigstore/envelope.ts'
import { parseStatement, type Subject } from '../../sigstore/statement.ts'
import type { Person } from './entries.ts'
import { keyOf } from './key-of.ts'

/** What a statement must say to be the act that an event tells. */
interface Expected<Shape extends z.ZodType> {
  readonly type: string
  readonly shape: Shape
  /** What it is about: these and nothing else. */
  readonly subjects: readonly Subject[]
  /** The same in words, for one that is about something else. */
  readonly about: string
  /** Why what it says is not that act; `null` when it is. */
  readonly differs: (said: z.output<Shape>) => string | null
}

export const saysElse = 'a statement that says something else than its event'

/** Why a line is not this person's statement of an act; `null` when it is. */
export function problemOfStatement<Shape extends z.ZodType>(
  line: string | undefined,
  { type, shape, subjects: wanted, about, differs }: Expected<Shape>,
  person: Person,
): string | null {
  if (line === undefined) return 'no statement'
  try {
    const envelope = parseEnvelope(Buffer.from(line, 'utf8'))
    if (!envelopeVerifies(envelope, keyOf(person))) {
      return `a signature that the key of ${person.id} did not make`
    }
    const { subjects, predicate } = parseStatement(envelope.payload, type, shape)
    if (!canonical(subjects).equals(canonical(wanted))) return `a statement about ${about}`
    return differs(predicate)
  } catch (error) {
    return error instanceof EnvelopeError ? error.message : 'a statement that cannot be read'
  }
}
