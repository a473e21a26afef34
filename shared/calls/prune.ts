import { z } from 'zod'
import { zUuid } from '../schema.ts'
import { call, zNothing } from './call.ts'

export const pruneCalls = {
  /** Lets go of what is rejected, recorded and no longer pinned. */
  'prune.run': call(
    zNothing,
    z.strictObject({ consignments: z.array(zUuid), blobs: z.number(), bytes: z.number() }),
  ),
} as const
