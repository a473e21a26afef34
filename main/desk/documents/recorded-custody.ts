import type { RecordedCustody, RegisteredMedium } from '../../report/record-media.ts'
import type { Desk } from '../desk.ts'
import type { Consignment } from '../state/consignment.ts'
import type { Medium } from '../state/register.ts'
import { custodyView } from '../views/custody.ts'
import { registerOf } from '../views/register.ts'

function registered(medium: Medium): RegisteredMedium {
  const { label, serial, kind, marking, owner, state, size, capacity, disposition } = medium
  return {
    ...{ label, serial, kind, marking, owner, state, size, capacity },
    disposition: disposition === null ? null : { ...disposition, by: [...disposition.by] },
  }
}

/** The media of the register that a crossing went over at this desk. */
function mediaOf(desk: Desk, one: Consignment): Medium[] {
  const register = registerOf(desk)
  const { waybill } = one
  const labels = one.handed.flatMap(({ media }) => media.flatMap(({ label }) => label ?? []))
  const arrived = waybill === null ? [] : register.arrivalsOf(waybill).flatMap(({ label }) => label ?? [])
  const named = [...labels, ...arrived].map((label) => register.find(label))
  const carried = waybill === null ? [] : register.carried(waybill)
  const all = new Set([...named, ...carried].filter((medium) => medium !== null))
  return [...all].sort((a, b) => (a.label < b.label ? -1 : 1))
}

// The last day of the month that many months on, where that month is shorter.
function monthsAfter(time: string, months: number): string {
  const at = new Date(time)
  const month = at.getUTCMonth() + months
  const last = new Date(Date.UTC(at.getUTCFullYear(), month + 1, 0)).getUTCDate()
  const day = Math.min(at.getUTCDate(), last)
  return new Date(Date.UTC(at.getUTCFullYear(), month, day)).toISOString().slice(0, 10)
}

/** What the record of a crossing says of its media and their custody. */
export function recordedCustody(desk: Desk, one: Consignment): RecordedCustody {
  const { procedure = null, retainMonths } = desk.state.policy.document.media
  const { handed, arrivals } = custodyView(desk, one)
  return {
    register: mediaOf(desk, one).map(registered),
    ...{ handed, arrivals, procedure },
    retainUntil: retainMonths === undefined ? null : monthsAfter(one.updated, retainMonths),
  }
}
