import { z } from 'zod'
import { zArrival, zDay, zHandOver } from '../media.ts'
import { zUuid } from '../schema.ts'
import { call, zSigner } from './call.ts'

const zText = z.string().max(500)

export const custodyCalls = {
  /** Media of a consignment leave, each in a bag with a seal whose number is typed. */
  'custody.hand': call(
    z.strictObject({
      id: zUuid,
      media: z
        .array(z.strictObject({ run: zUuid, seal: z.string().max(100), label: z.string().optional() }))
        .min(1)
        .max(1000),
      to: zText,
      /** Who hands over; the desk where nobody is named. */
      from: zText.optional(),
      place: zText.optional(),
      purpose: zText.optional(),
      expected: zDay.optional(),
    }),
    zHandOver,
  ),
  /** Something arrived: the numbers of its seal as they stand on the sheet and on the bag. A difference is recorded and refused. */
  'custody.arrive': call(
    z.strictObject({
      transfer: z.string().max(100).optional(),
      label: z.string().optional(),
      sheet: z.string().max(100),
      bag: z.string().max(100),
      whole: z.boolean(),
      from: zText.optional(),
      place: zText.optional(),
      /** A security officer, who clears a difference. */
      signer: z.strictObject(zSigner).optional(),
    }),
    z.strictObject({
      arrival: zArrival,
      /** A difference of before stands in the way still. */
      alarm: z.boolean(),
    }),
  ),
} as const
