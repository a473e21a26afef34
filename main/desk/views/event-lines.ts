import { transferIdOf } from '../../../shared/digest.ts'
import type { EventLine } from '../../../shared/ledger.ts'
import type { LedgerEvent } from '../../ledger/event.ts'
import type { Desk } from '../desk.ts'
import { sentenceOf, type Names } from './event-words.ts'
import { recordedOf } from '../state/replay.ts'
import { nameOf, ownerOf } from '../state/state.ts'

function namesAt(desk: Desk): Names {
  const { consignments } = desk.state
  return {
    person: (id) => nameOf(desk.state, id),
    owner: (fingerprint) => ownerOf(desk.state, fingerprint),
    consignment: (id) => {
      if (id === null) return 'a bundle without a known signer'
      const one = consignments.get(id)
      if (one === undefined) return 'a consignment that came to nothing'
      return one.name === '' ? 'a bundle that could not be read' : one.name
    },
  }
}

type Kept = Omit<EventLine, 'transfer'>

function lineOf(event: LedgerEvent, names: Names): Kept {
  const person = event.actors.find((actor) => actor.kind === 'person')
  return {
    sequence: event.sequence,
    at: event.time.at,
    type: event.type,
    who: person === undefined ? 'this station' : names.person(person.id),
    sentence: sentenceOf(recordedOf(event), names),
    subjects: event.subjects,
  }
}

const made = new WeakMap<Desk, (Kept | undefined)[]>()

// Made anew each time: until it is released, a waybill may be made again.
function transferAt(desk: Desk, place: number): string | null {
  const waybill = desk.state.consignments.get(desk.lines.consignmentAt(place) ?? '')?.waybill ?? null
  return waybill === null ? null : transferIdOf(waybill)
}

/** The line of an event, by its place from 0; made once, because a filter asks for all of them again and again. */
export function lineAt(desk: Desk, place: number): EventLine | null {
  const event = desk.lines.at(place)
  if (event === undefined) return null
  const lines = made.get(desk) ?? []
  made.set(desk, lines)
  return { ...(lines[place] ??= lineOf(event, namesAt(desk))), transfer: transferAt(desk, place) }
}
