import { z } from 'zod'
import { zDigest, zUuid } from '../schema.ts'
import { decisionOutcomes } from '../views.ts'
import { call, zSigner } from './call.ts'

export const decisionCalls = {
  /** One person's half of a decision. `outcome` is `null` until it stands. */
  'decision.sign': call(
    z.strictObject({
      id: zUuid,
      outcome: z.enum(decisionOutcomes),
      reason: z.string().optional(),
      causes: z.array(zDigest).max(100),
      ...zSigner,
    }),
    z.strictObject({
      id: zUuid,
      outcome: z.enum(decisionOutcomes).nullable(),
      people: z.array(z.string()),
      /** How many more people must sign the same. */
      missing: z.number(),
    }),
  ),
} as const
