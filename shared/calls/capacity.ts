import { z } from 'zod'
import { zCapacity, zMediumLabel } from '../media.ts'
import { long, zPlace } from './call.ts'

export const capacityCalls = {
  /**
   * Tests whether a medium holds what it says: writes all that is free and reads it back. With `fill` it only writes;
   * the next test of that medium reads. Removes its files, whatever happens.
   */
  'capacity.start': long(
    z.strictObject({ label: z.string(), at: zPlace, fill: z.boolean() }),
    z.strictObject({
      label: zMediumLabel,
      /** Bytes that were written, where it was only filled. */
      filled: z.number().nullable(),
      /** What it came to; `null` where it was only filled. */
      capacity: zCapacity.nullable(),
      /** How this computer calls the drive. */
      device: z.string(),
    }),
  ),
} as const
