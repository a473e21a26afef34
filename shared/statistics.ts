import { z } from 'zod'

/** What is counted of a month; only what the ledger proves. */
export const statisticIds = [
  'transfers.released',
  'bytes.released',
  'transfers.seen',
  'transfers.accepted',
  'bytes.accepted',
  'transfers.rejected',
  'transfers.held',
  'exports.done',
  'bytes.exported',
  'media.registered',
  'media.tested',
  'media.test-failed',
  'media.written',
  'media.write-failed',
  'media.read-back',
  'media.read-back-failed',
  'media.handed',
  'days.to-hand-over',
  'media.arrived',
  'seals.differed',
  'media.refused',
  'media.spoiled',
  'media.lost',
  'media.sanitised',
  'media.destroyed',
] as const
export type StatisticId = (typeof statisticIds)[number]

/** A month as people write it: `2026-11`. */
export const zMonth = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'a month such as 2026-11')

export const zStatistics = z.strictObject({
  month: zMonth,
  /** Whether the month was over at the newest event. */
  whole: z.boolean(),
  lines: z.array(z.strictObject({ id: z.enum(statisticIds), value: z.number().nullable() })),
})
export type Statistics = z.infer<typeof zStatistics>
