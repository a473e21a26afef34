import type { CustodyView } from '../../../shared/views.ts'
import { sealFits } from '../../../shared/rules/media.ts'
import type { Desk } from '../desk.ts'
import type { Consignment } from '../state/consignment.ts'
import type { Arrival } from '../state/register.ts'
import { isSealAlarm } from '../state/register.ts'
import { registerOf } from './register.ts'

type HandOver = CustodyView['handed'][number]

/** A hand-over with what is known of its media. */
export function handOverView(one: Consignment, handed: Consignment['handed'][number]): HandOver {
  const { at, media, from, to, place, purpose, expected } = handed
  return {
    ...{ at, from, to, place, purpose, expected },
    media: media.map(({ run, label, seal }) => {
      const written = one.writings.find((writing) => writing.run === run)
      const out = one.exports.find(({ medium }) => medium?.run === run)?.medium
      const from = written ?? out
      return { run, label, seal, copy: from?.copy ?? 0, serial: from?.drive?.serial ?? null }
    }),
  }
}

/** An arrival, with whether its seal was as it should be. */
export function arrivalView({
  sequence,
  at,
  transfer,
  label,
  seal,
  from,
  place,
  by,
}: Arrival): CustodyView['arrivals'][number] {
  return { sequence, at, transfer, label, seal, fits: sealFits(seal), from, place, by: by?.name ?? null }
}

/** The media of a consignment on their way: what the register calls them, hand-overs, arrivals. */
export function custodyView(desk: Desk, one: Consignment): CustodyView {
  const register = registerOf(desk)
  const runs = [...one.writings, ...one.exports.flatMap(({ medium }) => medium ?? [])].map(({ run }) => run)
  const arrivals = one.waybill === null ? [] : register.arrivalsOf(one.waybill)
  return {
    labels: runs.flatMap((run) => {
      const label = register.ofRun(run)?.label
      return label === undefined ? [] : [{ run, label }]
    }),
    handed: one.handed.map((handed) => handOverView(one, handed)),
    arrivals: arrivals.map(arrivalView),
    alarm: isSealAlarm(arrivals),
  }
}
