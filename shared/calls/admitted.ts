import { z } from 'zod'
import { zTime } from '../schema.ts'
import { call, zLandingOpened, zPlace } from './call.ts'

export const admittedCalls = {
  /** One signed list of everything that this site admits. */
  'admitted.save': call(
    z.strictObject({ place: zPlace, ...zLandingOpened }),
    z.strictObject({
      sequence: z.number(),
      expires: zTime,
      digests: z.number(),
      /** Names of consignments whose content is not on it, and why. */
      left: z.array(z.string()),
      file: z.string(),
    }),
  ),
} as const
