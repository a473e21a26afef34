import { z } from 'zod'
import { zDigest, zHex64, zTime } from './schema.ts'

/** One event of the ledger as people read it. */
export const zEventLine = z.strictObject({
  /** From 1, without gaps. */
  sequence: z.number().int().min(1),
  /** As this computer's clock claimed it. */
  at: zTime,
  type: z.string(),
  /** The person whose key proved the act, or the station. */
  who: z.string(),
  /** What happened, as a plain sentence. */
  sentence: z.string(),
  /** The id of the transfer that it is about (`transferIdOf`), as it is now; `null` for none. */
  transfer: z.string().nullable(),
  /** What it is about, by digest. */
  subjects: z.array(zDigest),
})
export type EventLine = z.infer<typeof zEventLine>

/** Which events are asked for: a window of those that match. */
export const zEventQuestion = z.strictObject({
  /** How many matching ones to pass over. */
  from: z.number().int().min(0),
  count: z.number().int().min(1).max(200),
  newestFirst: z.boolean(),
  /** Part of number, time, person, sentence or digest; '' for all. */
  text: z.string().max(200),
  type: z.string().max(100).nullable(),
})
export type EventQuestion = z.infer<typeof zEventQuestion>

export const zEventPage = z.strictObject({
  /** Events in the whole ledger. */
  size: z.number(),
  /** Those that match. */
  matching: z.number(),
  events: z.array(zEventLine),
  /** Every type that occurs in the ledger, in words, and how often. */
  types: z.array(z.strictObject({ type: z.string(), title: z.string(), count: z.number() })),
})

/** An event as it stands in the ledger: the line itself, and the leaf that the Merkle tree has of it. */
export const zRawEvent = z.strictObject({ sequence: z.number(), line: z.string(), leaf: zHex64 })
export type RawEvent = z.infer<typeof zRawEvent>
