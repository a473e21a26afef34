import { z } from 'zod'
import type { FailureCode } from './text/failures.ts'

export type { FailureCode }
/** What a failure is about: plain values, put into its words and into JSON. Never a secret. */
export type Facts = Readonly<Record<string, string | number>>

/** A failure as plain data at the seam: code, facts and the words for them. */
export const zFailure = z.strictObject({
  code: z.string(),
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
  happened: z.string(),
  safe: z.string(),
  next: z.string(),
})
export type FailureView = z.infer<typeof zFailure>
