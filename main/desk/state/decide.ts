import {
  currentHalves,
  decisionObstacle,
  peopleNeeded,
  stands,
  type CountedHalf,
  type PeopleNeeded,
} from '../../../shared/rules/decision.ts'
import type { DecisionOutcome } from '../../../shared/views.ts'
import { damaged, mustBe } from './believed.ts'
import type { Consignment, DecisionHalf } from './consignment.ts'
import type { FactsOf } from './facts.ts'
import { noteDecided } from './order.ts'
import { openIn, signerIn } from './over-verdict.ts'
import { personHere, type Around, type DeskState } from './state.ts'

/** The halves that may count now: those of a key that was revoked after a hold do not, since version 2 of the rules. */
export function countedHalves(one: Pick<Consignment, 'halves'>, rules: number): readonly DecisionHalf[] {
  return one.halves.filter((half) => rules < 2 || !half.outlived)
}

/** How many people must sign each outcome of a consignment, by the policy that is in force in this state. */
export function neededIn(
  { policy }: Pick<DeskState, 'policy'>,
  one: Pick<Consignment, 'channel'>,
): PeopleNeeded {
  return peopleNeeded(policy.document, one.channel)
}

/**
 * What a half makes stand; `null` while others must sign the same. One rule for the act, the page and the replay.
 *
 * @param state with the policy that is in force as the half is signed: it says how many people are needed
 */
export function decidedWith(
  state: Pick<DeskState, 'policy'>,
  one: Pick<Consignment, 'halves' | 'channel'>,
  half: Pick<CountedHalf, 'outcome' | 'roles'>,
  rules: number,
): DecisionOutcome | null {
  const needed = neededIn(state, one)[half.outcome]
  return stands(currentHalves(countedHalves(one, rules)), half, needed) ? half.outcome : null
}

function checkGround(one: Consignment, facts: FactsOf<'decision.signed'>, around: Around): void {
  mustBe(around, 'outcome', facts.outcome, around.outcome)
  if (facts.outcome === 'accept' && one.verdict?.outcome !== 'passed')
    throw damaged(
      around,
      'an acceptance of what passed',
      `an acceptance of ${one.verdict?.outcome ?? 'nothing'}`,
    )
  if (facts.outcome !== 'accept' && facts.reason === null)
    throw damaged(around, 'a reason', `${facts.outcome} without one`)
  if (facts.outcome !== 'reject' && facts.causes.length > 0)
    throw damaged(around, 'causes only with a rejection', `causes with ${facts.outcome}`)
}

function halfOf(facts: FactsOf<'decision.signed'>, fingerprint: string): DecisionHalf {
  const { verdict, outcome, person, name, roles, reason, causes, at, decided } = facts
  const said = { verdict, outcome, person, name, roles, reason, causes, at, decided }
  return { ...said, fingerprint, outlived: false }
}

/**
 * Half a decision: by this person, with the key that they have here, over this verdict, by the policy in force. What it
 * makes stand is computed; what the event states must be the same.
 *
 * @throws Failure `ledger-damaged`
 */
export function decide(state: DeskState, facts: FactsOf<'decision.signed'>, around: Around): void {
  const one = openIn(state, facts, around)
  checkGround(one, facts, around)
  const { outcome, reason, causes } = facts
  const person = signerIn(state, facts, 'urn:sallyport:decision:v1', { outcome, reason, causes }, around)
  const { rules } = around
  const counted = countedHalves(one, rules)
  const obstacle = decisionObstacle(counted, personHere(person), rules)
  if (obstacle !== null) throw damaged(around, 'a half by somebody who may give it', obstacle)
  const half = halfOf(facts, person.fingerprint)
  const decided = decidedWith(state, one, half, rules)
  mustBe(around, 'decided', decided, facts.decided)
  flagNewer(state, one, half, around)
  one.halves.push(half)
  take(state, one, facts, decided, around)
}

// What was decided under older rules stays; what newer ones would not have let pass is said.
function flagNewer(
  state: DeskState,
  one: Consignment,
  half: Consignment['halves'][number],
  around: Around,
): void {
  const newest = decisionObstacle(
    countedHalves(one, Infinity),
    personHere({ ...half, id: half.person }),
    Infinity,
  )
  if (
    newest === null &&
    decidedWith(state, one, half, Infinity) === decidedWith(state, one, half, around.rules)
  )
    return
  state.flags.push({
    sequence: around.sequence,
    sentence: `The half of ${half.name} counted under the rules of that time; it would not today`,
  })
}

const earlier = (a: string, b: string): string => (a < b ? a : b)
const later = (a: string | null, b: string): string => (a === null || a < b ? b : a)

function take(
  state: DeskState,
  one: Consignment,
  facts: FactsOf<'decision.signed'>,
  decided: DecisionOutcome | null,
  { at, rules }: Around,
): void {
  one.state = 'deciding'
  // A half after a hold begins anew: nothing stands until another one fits. The first rules let the hold stand on.
  if (decided !== null || rules >= 2) one.decided = decided
  if (decided === null) return
  one.decidedAt = at
  if (decided === 'hold') {
    one.state = 'held'
    return
  }
  one.state = decided === 'accept' ? 'accepted' : 'rejected'
  noteDecided(state.order, facts.waybill, decided === 'accept' ? 'accepted' : 'rejected')
  if (decided === 'accept') state.floor = later(state.floor, earlier(one.created ?? at, at))
  if (decided !== 'reject') return
  // A cause counts only where both people named it.
  const [first, second] = one.halves.filter((other) => other.outcome === 'reject').slice(-2)
  for (const cause of first?.causes ?? [])
    if (second?.causes.includes(cause) === true) state.causes.add(cause)
}
