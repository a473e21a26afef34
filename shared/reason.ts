import { z } from 'zod'
import { reasonWords } from './text/reasons.ts'

/** Every reason for which the verification core refuses; its words, what to do and the clause are `reasonWords`. */
export type ReasonCode = keyof typeof reasonWords

/** Why something was not accepted: a closed code with the facts of this case. Texts from outside are cut and cleaned. */
export interface Reason {
  readonly code: ReasonCode
  readonly expected: string
  readonly found: string
}

/** A reason with its words, as both faces show it. */
export const zReason = z.strictObject({
  code: z.string(),
  expected: z.string(),
  found: z.string(),
  means: z.string(),
  next: z.string(),
  kind: z.enum(['bad', 'unknown']),
})
export type ReasonView = z.infer<typeof zReason>

/** The words of a reason beside its facts. */
export function reasonView(reason: Reason): ReasonView {
  const { means, next, kind } = reasonWords[reason.code]
  return { ...reason, means, next, kind }
}
