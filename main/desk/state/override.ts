import { mayOverride, overrideObstacle, overrideStands } from '../../../shared/rules/override.ts'
import { damaged, mustBe } from './believed.ts'
import type { FactsOf } from './facts.ts'
import { openIn, signerIn } from './over-verdict.ts'
import { personHere, type Around, type DeskState } from './state.ts'

/**
 * Half of an exception from a check: by this person, with the key that they have here, over the verdict that stands.
 *
 * @throws Failure `ledger-damaged`
 */
export function override(state: DeskState, facts: FactsOf<'override.signed'>, around: Around): void {
  const one = openIn(state, facts, around)
  const { check, subject, until, reason } = facts
  if (!mayOverride(check)) throw damaged(around, 'a check that has exceptions', check)
  const own = { check, subject, until, reason }
  const person = signerIn(state, facts, 'urn:sallyport:override:v1', own, around)
  const half = { ...personHere(person), ...own }
  const obstacle = overrideObstacle(one.overrides, half, around.rules)
  if (obstacle !== null) throw damaged(around, 'a half by somebody who may give it', obstacle)
  mustBe(around, 'stands', overrideStands(one.overrides, half, around.rules), facts.stands)
  one.overrides = [...one.overrides, half]
}
