import type { Waybill } from '../../../shared/waybill.ts'
import type { CheckList } from '../check.ts'

const day = 24 * 60 * 60 * 1000
/** How far in the future a waybill may say it was made (trust.md, "Time"). */
const rise = 30 * day

/** Expiry and time of making, by the clock and by the highest time that accepted content proves. */
export function checkTime(
  waybill: Waybill,
  time: { readonly now: string; readonly floor: string | null },
  list: CheckList,
): void {
  const { now, floor } = time
  const { created, expires } = waybill
  const expected = `before ${expires}`
  const latest = floor !== null && floor > now ? floor : now
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
  const most = new Date(Date.parse(latest) + rise).toISOString().replace(/\.\d+Z$/, 'Z')
  if (created > most) list.fail('time.created', 'waybill.json', `at most ${most}`, created, 'future')
  else list.pass('time.created', 'waybill.json', `at most ${most}`, created)
}
