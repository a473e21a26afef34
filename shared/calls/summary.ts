import { z } from 'zod'
import { zDigest, zUuid } from '../schema.ts'
import { call, zLandingOpened, zPlace } from './call.ts'

export const summaryCalls = {
  /** Failed summaries of what both people named as the cause of a rejection, as files in a new folder. */
  'summary.save': call(
    z.strictObject({ id: zUuid, place: zPlace, ...zLandingOpened }),
    z.strictObject({ causes: z.array(zDigest), files: z.array(z.string()) }),
  ),
} as const
