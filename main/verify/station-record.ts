import { z } from 'zod'
import type { Digest } from '../../shared/digest.ts'
import { visible } from '../../shared/names.ts'
import { causeOf } from '../platform/failure.ts'
import { envelopeVerifies, parseEnvelope } from '../sigstore/envelope.ts'
import type { PublicKey } from '../sigstore/public-key.ts'
import { parseStatement } from '../sigstore/statement.ts'

/** Why a record could not be read or believed, in words that are safe to print. */
export const reasonOf = (error: unknown): string =>
  visible(
    error instanceof Error
      ? error.cause instanceof Error
        ? causeOf(error.cause)
        : error.message
      : 'unreadable',
  )

interface Asked {
  readonly station: PublicKey
  /** The station in a sentence: “this station”. */
  readonly who: string
  readonly predicate: string
  /** Name of the file that the statement must be about, and of nothing else. */
  readonly name: string
}

/**
 * The digest that a station's signature beside a record says the record has; `null` where the statement is not about
 * that one file.
 *
 * @throws Error in plain words when the envelope is none, another key signed it, or the statement is not of that kind
 */
export function signedDigest(envelope: Buffer, { station, who, predicate, name }: Asked): Digest | null {
  const parsed = parseEnvelope(envelope)
  if (!envelopeVerifies(parsed, station)) throw new Error(`not signed by ${who}`)
  const { subjects } = parseStatement(parsed.payload, predicate, z.strictObject({}))
  const [subject] = subjects
  return subjects.length === 1 && subject?.name === name ? subject.digest : null
}
