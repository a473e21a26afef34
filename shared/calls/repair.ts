import { z } from 'zod'
import { zUuid } from '../schema.ts'
import { long, zPlace } from './call.ts'

const zRepaired = z.strictObject({
  /** The consignment of this desk that it belongs to, where there is one. */
  id: zUuid.nullable(),
  /** Name of the folder that was made. */
  folder: z.string(),
  medium: z.strictObject({ n: z.number(), of: z.number(), copy: z.number(), run: z.string() }),
  /** Names of the files that were not as they were written. */
  damaged: z.array(z.string()),
  /** Whether the program that repaired had no network; `null` where nothing was to be repaired. */
  silent: z.boolean().nullable(),
})

export const repairCalls = {
  /** Repairs a damaged medium to a copy, by its recovery data. The medium is only read, the copy is still to be verified. */
  'repair.start': long(z.strictObject({ medium: zPlace, to: zPlace }), zRepaired),
} as const
