import { z } from 'zod'
import { zUuid } from '../schema.ts'
import { outcomes, zVerified } from '../verdict.ts'
import { call, long, zConsignmentId, zPlace } from './call.ts'

export const verifyCalls = {
  /** Reads a medium into quarantine and makes its verdict. */
  'verify.start': long(
    z.strictObject({
      medium: zPlace,
      /** More media of the same bundle, where it lies on several. */
      others: z.array(zPlace).max(998).optional(),
    }),
    zVerified,
  ),
  /** Makes the checks that need no medium again, by what is in force now. Halves of a decision are void then. */
  'verify.again': call(zConsignmentId, z.strictObject({ id: zUuid, outcome: z.enum(outcomes) })),
} as const
