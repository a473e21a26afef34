import type { StatisticId } from '../statistics.ts'
import { size } from '../units.ts'

/** What each number of a month counts. */
export const statisticWords: Readonly<Record<StatisticId, string>> = {
  'transfers.released': 'Transfers released',
  'bytes.released': 'Bytes released',
  'transfers.seen': 'Signed transfers seen here',
  'transfers.accepted': 'Transfers accepted',
  'bytes.accepted': 'Bytes accepted',
  'transfers.rejected': 'Transfers rejected',
  'transfers.held': 'Holds',
  'exports.done': 'Exports',
  'bytes.exported': 'Bytes exported',
  'media.registered': 'Media registered',
  'media.tested': 'Capacity tests passed',
  'media.test-failed': 'Capacity tests not passed',
  'media.written': 'Media written',
  'media.write-failed': 'Writings that failed',
  'media.read-back': 'Media read back as written',
  'media.read-back-failed': 'Read-backs that did not pass',
  'media.handed': 'Media handed over',
  'days.to-hand-over': 'Days from release to hand-over, mean',
  'media.arrived': 'Arrivals recorded',
  'seals.differed': 'Seals that differed',
  'media.refused': 'Media refused before anything was kept',
  'media.spoiled': 'Media spoiled',
  'media.lost': 'Media lost',
  'media.sanitised': 'Media sanitised',
  'media.destroyed': 'Media destroyed',
}

/** A number of a month with its unit; `null` where there was nothing to count it from. */
export function statisticText(id: StatisticId, value: number | null): string {
  if (value === null) return 'none'
  if (id.startsWith('bytes.')) return size(value)
  return id.startsWith('days.') ? value.toFixed(1) : String(value)
}
