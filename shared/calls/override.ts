import { z } from 'zod'
import { zTime, zUuid } from '../schema.ts'
import { outcomes } from '../verdict.ts'
import { call, zSigner } from './call.ts'

export const overrideCalls = {
  /** One person's half of an exception from a check; with the second that fits the verdict is made anew. */
  'override.sign': call(
    z.strictObject({
      id: zUuid,
      check: z.string().min(1).max(100),
      /** What the check is about, as the verdict names it; left out: whatever it is about. */
      subject: z.string().max(2000).optional(),
      reason: z.string(),
      until: zTime,
      ...zSigner,
    }),
    z.strictObject({
      id: zUuid,
      check: z.string(),
      subject: z.string().nullable(),
      until: zTime,
      stands: z.boolean(),
      /** Of the verdict as it is now. */
      outcome: z.enum(outcomes),
    }),
  ),
} as const
