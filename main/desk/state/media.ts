import { mediaObstacle, peopleNeeded, sealFits } from '../../../shared/rules/media.ts'
import { deskIdOf } from '../../bundle/waybill.ts'
import { actorIn, damaged, knownIn, mustBe } from './believed.ts'
import type { Person } from './entries.ts'
import type { FactsOf, Recorded } from './facts.ts'
import type { MediaAct, RegisterAct, SignedBy } from './media-facts.ts'
import { problemOfMediaAct, type SecondHalf } from './media-statement.ts'
import { personHere, type Around, type DeskState } from './state.ts'

/*
 * What replay asks of events about media: that whoever acts is a person of this desk who signed exactly that, and that
 * what leaves was written here. What the events come to is the register's (`register.ts`).
 */

/** The act that an event of the register is, as people sign it. */
export function registerActOf(
  recorded: Extract<Recorded, { type: 'media.registered' | 'media.changed' }>,
): RegisterAct {
  if (recorded.type === 'media.registered') {
    const { label, serial, kind, marking, owner, drive, size } = recorded.facts
    return { deed: 'register', label, serial, kind, marking, owner, drive, size }
  }
  const { label, state, reason, disposition } = recorded.facts
  return { deed: 'state', label, state, reason, disposition }
}

function arrivalOf({ transfer, label, seal, from, place }: FactsOf<'media.arrived'>): MediaAct {
  return { deed: 'arrival', transfer, label, seal, from, place }
}

// The statement of an act: by this person, with the key that they have here, by the policy in force.
function signerOf(
  state: DeskState,
  act: MediaAct,
  second: SecondHalf | null,
  by: SignedBy,
  around: Around,
): Person {
  const person = actorIn(state, by.person, around)
  mustBe(around, 'name', person.name, by.name)
  mustBe(around, 'roles', [...person.roles].sort(), by.roles)
  const { roles, at: time } = by
  const ground = {
    ...{ act, second, person: person.id, roles, desk: deskIdOf(state.card) },
    ...{ policy: state.policy.digest, time },
  }
  const problem = problemOfMediaAct(around.statements[0], ground, person, around.rootAt)
  if (problem !== null) throw damaged(around, `the statement of ${person.id}`, problem)
  return person
}

function checkFirst(
  state: DeskState,
  act: RegisterAct,
  facts: FactsOf<'media.registered' | 'media.changed'>,
  around: Around,
): void {
  mustBe(around, 'people', peopleNeeded(act, state.policy.document.media.people), facts.people)
  if (facts.people === 0) mustBe(around, 'by', null, facts.by)
  else if (facts.by === null) throw damaged(around, 'the act of a person', 'nobody’s')
  else {
    const person = signerOf(state, act, null, facts.by, around)
    const obstacle = mediaObstacle(personHere(person), null, around.rules)
    if (obstacle !== null) throw damaged(around, 'an act by somebody who may do it', obstacle)
  }
}

function checkSecond(state: DeskState, facts: FactsOf<'media.signed'>, around: Around): void {
  const { number, act, by } = facts
  const person = signerOf(state, act, { number, first: facts.first }, by, around)
  const first = state.people.find((one) => one.id === facts.first.person)
  // A key that was replaced or revoked since takes the first half with it.
  mustBe(around, 'the key of the first', first?.fingerprint ?? null, facts.first.fingerprint)
  const before = first === undefined ? null : personHere(first)
  const obstacle = mediaObstacle(personHere(person), before, around.rules)
  if (obstacle !== null) throw damaged(around, 'a half by somebody who may give it', obstacle)
}

function checkArrival(state: DeskState, facts: FactsOf<'media.arrived'>, around: Around): void {
  const { by, seal } = facts
  mustBe(around, 'outcome', sealFits(seal) ? 'seal-fits' : 'seal-differs', around.outcome)
  if (by === null) return
  const person = signerOf(state, arrivalOf(facts), null, by, around)
  if (!person.roles.includes('security-officer'))
    throw damaged(around, 'an act of a security officer', person.roles.join(', '))
}

function hand(state: DeskState, facts: FactsOf<'media.handed'>, around: Around): void {
  const one = knownIn(state, facts.consignment, around)
  mustBe(around, 'waybill', one.waybill, facts.waybill)
  const whole = [
    ...one.writings.filter(({ readBack }) => readBack === 'passed').map(({ run }) => run),
    ...one.exports.flatMap(({ medium, readBack }) => (readBack === 'passed' ? (medium?.run ?? []) : [])),
  ]
  const strange = facts.media.find(({ run }) => !whole.includes(run))
  if (strange !== undefined) throw damaged(around, 'media that were read back', strange.run)
  one.handed.push({ ...facts, at: around.at })
}

/** The events about media. @throws Failure `ledger-damaged` */
export function foldRegister(state: DeskState, recorded: Recorded, around: Around): boolean {
  switch (recorded.type) {
    case 'media.registered':
    case 'media.changed':
      checkFirst(state, registerActOf(recorded), recorded.facts, around)
      return true
    case 'media.signed':
      checkSecond(state, recorded.facts, around)
      return true
    case 'media.arrived':
      checkArrival(state, recorded.facts, around)
      return true
    case 'media.handed':
      hand(state, recorded.facts, around)
      return true
    case 'media.filled':
    case 'media.tested':
      return true
    default:
      return false
  }
}
