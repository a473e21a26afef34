import { mayDecide } from '../../../shared/rules/decision.ts'
import { mayOverride, overrideStands } from '../../../shared/rules/override.ts'
import { isSame } from '../../../shared/rules/roles.ts'
import { deskIdOf } from '../../bundle/waybill.ts'
import { actorIn, damaged, knownIn, mustBe } from './believed.ts'
import type { FactsOf } from './facts.ts'
import { personHere, type Around, type DeskState } from './state.ts'
import { problemOverVerdict } from './verdict-statement.ts'

/**
 * Half of an exception from a check: by this person, with the key that they have here, over the verdict that stands.
 *
 * @throws Failure `ledger-damaged`
 */
export function override(state: DeskState, facts: FactsOf<'override.signed'>, around: Around): void {
  const one = knownIn(state, facts.consignment, around)
  mustBe(around, 'waybill', one.waybill, facts.waybill)
  mustBe(around, 'verdict', one.verdict?.digest ?? null, facts.verdict)
  if (one.decided === 'accept' || one.decided === 'reject')
    throw damaged(around, 'an exception for what is undecided', one.decided)
  if (!mayOverride(facts.check)) throw damaged(around, 'a check that has exceptions', facts.check)
  const person = actorIn(state, facts.person, around)
  mustBe(around, 'name', person.name, facts.name)
  mustBe(around, 'roles', [...person.roles].sort(), facts.roles)
  const { check, subject, until, reason, roles, verdict, at } = facts
  const ground = {
    person: person.id,
    roles,
    desk: deskIdOf(state.card),
    verdict,
    policy: state.policy.digest,
    time: at,
  }
  const problem = problemOverVerdict(
    around.statements[0],
    facts.waybill,
    'urn:sallyport:override:v1',
    { ...ground, check, subject, until, reason },
    person,
    around.rootAt,
  )
  if (problem !== null) throw damaged(around, `the statement of ${person.id}`, problem)
  if (!mayDecide(person.roles)) throw damaged(around, 'somebody who may make an exception', 'role-missing')
  const half = { ...personHere(person), check, subject, until, reason }
  const again = one.overrides.some(
    (other) =>
      other.check === check &&
      other.subject === subject &&
      other.until === until &&
      isSame(other, half, around.rules),
  )
  if (again) throw damaged(around, 'a half by a second person', 'same-person')
  mustBe(around, 'stands', overrideStands(one.overrides, half), facts.stands)
  one.overrides = [...one.overrides, half]
}
