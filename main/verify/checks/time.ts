import type { Waybill } from '../../../shared/waybill.ts'
import type { CheckList } from '../check.ts'

const hour = 60 * 60 * 1000

/** What a waybill's times are held against. */
interface Time {
  readonly now: string
  /** The highest time that accepted content proves. */
  readonly floor: string | null
  /** Hours by which a sender's clock may be ahead. */
  readonly tolerance: number
}

function checkExpiry({ expires }: Waybill, { now, floor }: Time, latest: string, list: CheckList): void {
  const expected = `before ${expires}`
  if (latest >= expires) {
    list.fail('expiry.waybill', 'waybill.json', expected, `it is at least ${latest}`, 'expired')
  } else if (floor !== null && now < floor) {
    list.add('expiry.waybill', 'not-checked', {
      subject: 'waybill.json',
      expected,
      found: `the clock says ${now}; accepted content proves ${floor}`,
      reason: 'clock-behind',
    })
  } else {
    list.pass('expiry.waybill', 'waybill.json', expected, `it is ${now}`)
  }
}

/** Expiry and time of making, by the clock and by the highest time that accepted content proves (trust.md, "Time"). */
export function checkTime(waybill: Waybill, time: Time, list: CheckList): void {
  const { now, floor, tolerance } = time
  const latest = floor !== null && floor > now ? floor : now
  checkExpiry(waybill, time, latest, list)
  // A sender's clock may be fast: that is said, and nobody else is held up by it.
  const { created } = waybill
  const most = new Date(Date.parse(latest) + tolerance * hour).toISOString().replace(/\.\d+Z$/, 'Z')
  const about = { subject: 'waybill.json', expected: `at most ${most}`, found: created }
  if (created > most) list.add('time.created', 'fail', { ...about, reason: 'future' })
  else if (created > latest) list.add('time.created', 'warn', { ...about, reason: 'ahead' })
  else list.pass('time.created', 'waybill.json', about.expected, created)
}
