import { z } from 'zod'
import { zArrival, zDay, zHandOver, zSealNumber } from '../media.ts'
import { zUuid } from '../schema.ts'
import { call, zSigner } from './call.ts'

const zText = z.string().max(500)
/** As it is printed, in groups or not. */
const zTransfer = z
  .string()
  .max(100)
  .regex(/^\s*(?:[0-9a-fA-F]\s*){16}$/, 'the 16 digits on the label, 0-9 and a-f')

export const custodyCalls = {
  /** Media of a consignment leave, each in a bag with a seal whose number is typed. */
  'custody.hand': call(
    z.strictObject({
      id: zUuid,
      media: z
        .array(z.strictObject({ run: zUuid, seal: zSealNumber, label: z.string().optional() }))
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
      transfer: zTransfer.optional(),
      label: z.string().optional(),
      sheet: zSealNumber,
      bag: zSealNumber,
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
