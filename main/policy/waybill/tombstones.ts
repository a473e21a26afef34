import type { Policy } from '../../../shared/policy.ts'
import type { Waybill } from '../../../shared/waybill.ts'
import type { BundleResult } from './result.ts'

/** That nothing in the bundle was withdrawn: neither an item nor any content that it holds. */
export function tombstonesRule({ tombstones }: Policy, { items, blobs }: Waybill): BundleResult[] {
  if (tombstones.length === 0) return []
  const held = new Set<string>([
    ...items.map(({ root }) => root.digest),
    ...blobs.map(({ digest }) => digest),
  ])
  const met = tombstones.filter(({ digest }) => held.has(digest))
  const about = { id: 'policy.tombstone' as const, expected: 'no content that the policy has withdrawn' }
  if (met.length === 0) {
    const found = `none of ${tombstones.length}`
    return [{ ...about, subject: 'all contents', result: 'pass', found, reason: 'as-expected' }]
  }
  return met.map(({ digest, reason, since }) => ({
    ...about,
    subject: digest,
    result: 'fail',
    found: `${reason}, since ${since}`,
    reason: 'withdrawn',
  }))
}
