import type { Digest } from '../../../shared/digest.ts'
import { isDecided } from '../../../shared/rules/decision.ts'
import type { Role } from '../../../shared/schema.ts'
import { deskIdOf } from '../../bundle/waybill.ts'
import { actorIn, damaged, knownIn, mustBe } from './believed.ts'
import type { Consignment } from './consignment.ts'
import type { Person } from './entries.ts'
import type { Around, DeskState } from './state.ts'
import { problemOverVerdict, type OwnClaim, type PredicateType } from './verdict-statement.ts'

/** What the event of every act over a verdict says of who, on which ground, when. */
interface Facts {
  readonly consignment: string
  readonly waybill: Digest
  readonly verdict: Digest
  readonly person: string
  readonly name: string
  readonly roles: Role[]
  readonly at: string
}

/** The consignment that an act is about: not decided, with this waybill and verdict. @throws Failure `ledger-damaged` */
export function openIn(state: DeskState, facts: Facts, around: Around): Consignment {
  const one = knownIn(state, facts.consignment, around)
  if (isDecided(one.decided)) throw damaged(around, 'an act over what is undecided', one.decided)
  mustBe(around, 'waybill', one.waybill, facts.waybill)
  mustBe(around, 'verdict', one.verdict?.digest ?? null, facts.verdict)
  return one
}

/**
 * Whose act it is: a person of this desk, who signed with the key that they have here exactly what the event says, by the
 * policy in force.
 *
 * @param own what this act says besides
 * @throws Failure `ledger-damaged`
 */
export function signerIn<Type extends PredicateType>(
  state: DeskState,
  facts: Facts,
  type: Type,
  own: OwnClaim<Type>,
  around: Around,
): Person {
  const person = actorIn(state, facts.person, around)
  mustBe(around, 'name', person.name, facts.name)
  mustBe(around, 'roles', [...person.roles].sort(), facts.roles)
  const { waybill, verdict, roles, at } = facts
  const ground = {
    ...{ person: person.id, roles, desk: deskIdOf(state.card), verdict },
    ...{ policy: state.policy.digest, time: at },
  }
  const problem = problemOverVerdict(around.statements[0], waybill, type, own, ground, person, around.rootAt)
  if (problem !== null) throw damaged(around, `the statement of ${person.id}`, problem)
  return person
}
