import type { Digest } from '../../../shared/digest.ts'
import { decidingHalves } from '../../../shared/rules/decision.ts'
import { acceptedIn, damaged, knownIn, mustBe } from './believed.ts'
import type { Consignment, DecisionHalf } from './consignment.ts'
import { countedHalves } from './decide.ts'
import type { FactsOf, Recorded } from './facts.ts'
import { signerIn } from './over-verdict.ts'
import type { Around, DeskState } from './state.ts'

/** Those whose halves made the acceptance stand, with the keys with which they did; what a hold spent does not count. */
export const acceptedWith = (
  one: Pick<Consignment, 'halves' | 'decided'>,
  rules: number,
): readonly DecisionHalf[] =>
  one.decided === 'accept' ? decidingHalves(countedHalves(one, rules), 'accept') : []

function signed(state: DeskState, facts: FactsOf<'landing.signed'>, around: Around): void {
  const one = acceptedIn(state, facts, around)
  mustBe(around, 'verdict', one.verdict?.digest ?? null, facts.verdict)
  const { target, seals, count, at } = facts
  const own = { target, seals, count }
  const { id, fingerprint } = signerIn(state, facts, 'urn:sallyport:landing:v1', own, around)
  const decided = acceptedWith(one, around.rules).some(
    (half) => half.person === id && half.fingerprint === fingerprint,
  )
  if (!decided) throw damaged(around, 'somebody who accepted it, with the same key', id)
  one.sealing = [
    ...one.sealing.filter((half) => half.target !== target || half.fingerprint !== fingerprint),
    { target, seals, person: id, fingerprint, at },
  ]
}

// Whose keys sealed it is computed: the key in force, or those of everybody who accepted it and signed exactly this.
function keysFor(
  state: DeskState,
  one: Consignment,
  { by, target, seals }: FactsOf<'landing.sealed'>,
  around: Around,
): string[] {
  if (by === 'station') return state.landing === null ? [] : [state.landing.fingerprint]
  const signatures = one.sealing.filter((half) => half.target === target && half.seals === seals)
  const people = acceptedWith(one, around.rules)
  const all = people.every((half) => signatures.some((other) => other.fingerprint === half.fingerprint))
  return all ? [...new Set(people.map(({ fingerprint }) => fingerprint))].sort() : []
}

function sealed(state: DeskState, facts: FactsOf<'landing.sealed'>, around: Around): void {
  const one = acceptedIn(state, facts, around)
  mustBe(around, 'keys', keysFor(state, one, facts, around), facts.keys)
  const { target, by, keys, count } = facts
  one.landings.push({ target, by, keys, count, at: around.at })
}

function listed(state: DeskState, facts: FactsOf<'landing.listed'>, around: Around): void {
  mustBe(around, 'sequence', (state.listed?.sequence ?? 0) + 1, facts.sequence)
  mustBe(around, 'key', state.landing?.fingerprint ?? null, facts.key)
  const { sequence, expires, digests } = facts
  state.listed = { sequence, expires, digests, at: around.at }
}

/** What both people named when they rejected it, and no officers lifted since. */
export function standingCauses(state: DeskState, one: Pick<Consignment, 'halves'>): Digest[] {
  const [first, second] = one.halves.filter(({ outcome }) => outcome === 'reject').slice(-2)
  return (first?.causes ?? []).filter(
    (cause) => second?.causes.includes(cause) === true && state.causes.has(cause),
  )
}

// Which of them were left out, because they were accepted all the same, no event says.
function failed(state: DeskState, facts: FactsOf<'landing.failed'>, around: Around): void {
  const one = knownIn(state, facts.consignment, around)
  mustBe(around, 'decided', 'reject', one.decided)
  mustBe(around, 'waybill', one.waybill, facts.waybill)
  const standing = standingCauses(state, one)
  mustBe(
    around,
    'causes',
    facts.causes.filter((cause) => standing.includes(cause)),
    facts.causes,
  )
  mustBe(around, 'key', state.landing?.fingerprint ?? null, facts.key)
}

/** The events of the landing. @throws Failure `ledger-damaged` */
export function foldLanding(state: DeskState, recorded: Recorded, around: Around): boolean {
  switch (recorded.type) {
    case 'landing.signed':
      signed(state, recorded.facts, around)
      return true
    case 'landing.sealed':
      sealed(state, recorded.facts, around)
      return true
    case 'landing.listed':
      listed(state, recorded.facts, around)
      return true
    case 'landing.failed':
      failed(state, recorded.facts, around)
      return true
    case 'landing.kit':
      acceptedIn(state, recorded.facts, around)
      mustBe(around, 'key', state.landing?.fingerprint ?? null, recorded.facts.key)
      return true
    default:
      return false
  }
}
