import { z } from 'zod'
import { zFailure } from './failure.ts'
import { zDigest } from './schema.ts'
import { checkResults } from './verdict.ts'

/** What would come of one thing that is asked for, if it were collected now. Nothing of it is kept or promised. */
export const zPreviewed = z.strictObject({
  /** Its place in the request, from 0. */
  index: z.number(),
  reference: z.string(),
  /** What the reference stands for now; `null` where that is not known before it is collected. */
  digest: zDigest.nullable(),
  /** Bytes of all that belongs to it, with its evidence; `null` where nobody says. */
  size: z.number().nullable(),
  /** How many of them the desk has already. */
  here: z.number(),
  platforms: z.array(z.string()),
  /** Pieces of evidence that would travel with it. */
  evidence: z.number(),
  /** Who signed it, as far as this desk proves it. */
  signers: z.array(z.string()),
  /** What the policy asks of it and did not find. */
  open: z.array(z.strictObject({ result: z.enum(checkResults), found: z.string() })),
  /** Images that it names, as far as they were found. */
  named: z.number(),
  /** What somebody should know, in sentences: findings, and what is only known once it is collected. */
  notes: z.array(z.string()),
  /** Why it would not be collected. */
  failure: zFailure.nullable(),
})
export type Previewed = z.infer<typeof zPreviewed>

export const zPreview = z.strictObject({ items: z.array(zPreviewed) })
