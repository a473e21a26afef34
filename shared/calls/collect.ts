import { z } from 'zod'
import { long, zAccess, zPlace } from './call.ts'
import { zRequestText } from './request.ts'
import { zMade } from './waybill.ts'

export const collectCalls = {
  /**
   * From a request to a consignment with its waybill. `patient`: when an item fails the work waits for `job.retry` or
   * `job.cancel` and keeps what the others have, instead of ending.
   */
  'collect.start': long(
    z.strictObject({
      request: z.union([zPlace, z.strictObject({ text: zRequestText, folder: zPlace.nullable() })]),
      patient: z.boolean().optional(),
      ...zAccess,
    }),
    zMade,
  ),
} as const
