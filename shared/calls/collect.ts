import { z } from 'zod'
import { long, zAccess, zPlace } from './call.ts'
import { zRequestText } from './request.ts'
import { zMade } from './waybill.ts'

export const collectCalls = {
  /**
   * From a request to a consignment with its waybill. `patient`: when an item fails the work waits for `job.retry`,
   * `job.leave-out` or `job.cancel` and keeps what the others have, instead of ending. `leaveOut`: items, as the request
   * spells them, that are not collected; the waybill says so.
   */
  'collect.start': long(
    z.strictObject({
      request: z.union([zPlace, z.strictObject({ text: zRequestText, folder: zPlace.nullable() })]),
      patient: z.boolean().optional(),
      leaveOut: z.array(z.string().max(1000)).max(10_000).optional(),
      ...zAccess,
    }),
    zMade,
  ),
} as const
