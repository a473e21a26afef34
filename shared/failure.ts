import { z } from 'zod'
import type { FailureCode } from './text/failures.ts'

export type { FailureCode }
/** What a failure is about: plain values, put into its words and into JSON. Never a secret. */
export type Facts = Readonly<Record<string, string | number>>

const zFacts = z.record(z.string(), z.union([z.string(), z.number()]))

/** Where else the same is so: the facts of each place that is named, and how many more there are. */
const zFurther = z.strictObject({ places: z.array(zFacts), more: z.number() })
export type Further = z.infer<typeof zFurther>

/** A failure as plain data at the seam: code, facts and the words for them. */
export const zFailure = z.strictObject({
  code: z.string(),
  facts: zFacts,
  further: zFurther.optional(),
  happened: z.string(),
  safe: z.string(),
  next: z.string(),
})
export type FailureView = z.infer<typeof zFailure>
