import { z } from 'zod'
import { zDigest } from './schema.ts'

/** That a program of others put together what something names, as signers, record and report tell it. */
export const zRendered = z.strictObject({
  /** The item. */
  reference: z.string(),
  program: z.string(),
  /** Of the program's file: one of those that the policy names. */
  digest: zDigest,
  /** What it was given besides the item: files of values, each with its digest; or which part of the item it was. */
  given: z.array(z.string()),
  /** Images in what it made. */
  images: z.number(),
})
export type Rendered = z.infer<typeof zRendered>
