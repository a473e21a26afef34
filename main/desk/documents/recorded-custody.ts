import type { RecordedCustody, RegisteredMedium } from '../../report/record-media.ts'
import type { Desk } from '../desk.ts'
import type { Consignment } from '../state/consignment.ts'
import type { Medium } from '../state/register.ts'
import { recordedOf } from '../state/replay.ts'
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

/** When each writing of a crossing began and ended, and under which account. */
function writingsOf(desk: Desk, one: Consignment): RecordedCustody['writings'] {
  const began = new Map<string, string>()
  return desk.lines.placesOf(one.id).flatMap((place) => {
    const type = desk.lines.typeAt(place) ?? ''
    if (!['write.started', 'write.done', 'export.done'].includes(type)) return []
    const event = desk.lines.at(place)
    if (event === undefined) return []
    const { at } = event.time
    const recorded = recordedOf(event)
    if (recorded.type === 'write.started') began.set(recorded.facts.run, at)
    const run =
      recorded.type === 'write.done'
        ? recorded.facts.run
        : recorded.type === 'export.done'
          ? (recorded.facts.medium?.run ?? null)
          : null
    if (run === null) return []
    const station = event.actors.find((actor) => actor.kind === 'station')
    return [{ run, began: began.get(run) ?? null, ended: at, account: station?.account ?? null }]
  })
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
    writings: writingsOf(desk, one),
    ...{ handed, arrivals, procedure },
    retainUntil: retainMonths === undefined ? null : monthsAfter(one.updated, retainMonths),
  }
}
