import type { Digest } from '../../../shared/digest.ts'
import { canonical } from '../../platform/json.ts'
import { Failure } from '../../platform/failure.ts'
import type { Person } from './entries.ts'
import type { Consignment } from './consignment.ts'
import type { Around, DeskState } from './state.ts'

/* What replay asks of every event in which a person acts, or that says what came of it. */

/** The ledger says something that the rules it was made under do not give. */
export function damaged(around: Pick<Around, 'sequence'>, expected: string, found: string): Failure {
  const { sequence } = around
  return new Failure('ledger-damaged', { expected, found: `event ${sequence}: ${found}`, line: sequence })
}

/** @throws Failure `ledger-damaged` unless the two are the same */
export function mustBe(around: Around, what: string, computed: unknown, stated: unknown): void {
  if (canonical(computed).equals(canonical(stated))) return
  const said = JSON.stringify(stated)
  throw damaged(
    around,
    `${what} ${JSON.stringify(computed)}, as the events before it give`,
    `${what} ${said}`,
  )
}

/** The consignment that an event goes on with. @throws Failure `ledger-damaged` where there is none */
export function knownIn(state: DeskState, id: string, around: Around): Consignment {
  const one = state.consignments.get(id)
  if (one === undefined) throw damaged(around, 'a consignment that is known', id)
  one.updated = around.at
  return one
}

/** What was accepted, by the events before: only that comes into the store, and out again. @throws Failure `ledger-damaged` */
export function acceptedIn(
  state: DeskState,
  facts: { readonly consignment: string; readonly waybill: Digest },
  around: Around,
): Consignment {
  const one = knownIn(state, facts.consignment, around)
  mustBe(around, 'decided', 'accept', one.decided)
  mustBe(around, 'waybill', one.waybill, facts.waybill)
  return one
}

/**
 * The person of this desk whose act an event is: with the key that they have at that event, and nobody else's.
 *
 * @throws Failure `ledger-damaged`
 */
export function actorIn(state: DeskState, id: string, around: Around): Person {
  const person = state.people.find((one) => one.id === id)
  if (person === undefined)
    throw damaged(around, 'the act of somebody of this desk', `${id}, who is not here`)
  const acting = around.actors.filter((one) => one.kind === 'person')
  const [actor] = acting
  if (acting.length !== 1 || actor?.id !== id || actor.fingerprint !== person.fingerprint) {
    const found = actor === undefined ? 'nobody' : `${actor.id} with the key ${actor.fingerprint}`
    throw damaged(around, `the act of ${id} with the key ${person.fingerprint}`, found)
  }
  return person
}
