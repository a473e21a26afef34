import { z } from 'zod'
import { zMonth, zStatistics } from '../statistics.ts'
import { zHex64 } from '../schema.ts'
import { call, zPlace } from './call.ts'

export const statisticsCalls = {
  /** The numbers of a month; of the newest event's where none is named. */
  'statistics.show': call(z.strictObject({ month: zMonth.optional() }), zStatistics),
  /** The same as a table for a spreadsheet. */
  'statistics.save': call(
    z.strictObject({ month: zMonth.optional(), place: zPlace.optional() }),
    z.strictObject({ id: z.string(), file: z.string(), sha256: zHex64, month: zMonth }),
  ),
} as const
