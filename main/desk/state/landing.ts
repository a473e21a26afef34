import { damaged, knownIn, mustBe } from './believed.ts'
import type { Consignment } from './consignment.ts'
import { countedHalves } from './decide.ts'
import type { FactsOf, Recorded } from './facts.ts'
import { signerIn } from './over-verdict.ts'
import type { Around, DeskState } from './state.ts'

/** What was accepted, by the events before. @throws Failure `ledger-damaged` */
function acceptedIn(
  state: DeskState,
  facts: Pick<FactsOf<'landing.sealed'>, 'consignment' | 'waybill'>,
  around: Around,
): Consignment {
  const one = knownIn(state, facts.consignment, around)
  mustBe(around, 'decided', 'accept', one.decided)
  mustBe(around, 'waybill', one.waybill, facts.waybill)
  return one
}

/** Those who accepted it, with the keys with which they did. */
export const acceptedWith = (one: Pick<Consignment, 'halves' | 'decided'>, rules: number) =>
  countedHalves(one, rules).filter(({ outcome }) => outcome === 'accept' && one.decided === 'accept')

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
    case 'landing.failed': {
      const one = knownIn(state, recorded.facts.consignment, around)
      mustBe(around, 'decided', 'reject', one.decided)
      mustBe(around, 'key', state.landing?.fingerprint ?? null, recorded.facts.key)
      return true
    }
    case 'landing.kit':
      acceptedIn(state, recorded.facts, around)
      mustBe(around, 'key', state.landing?.fingerprint ?? null, recorded.facts.key)
      return true
    default:
      return false
  }
}
