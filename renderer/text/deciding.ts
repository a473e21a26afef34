import { currentHalves, peopleMissing, usualPeople } from '../../shared/rules/decision.ts'
import { peopleWords } from '../../shared/text/people.ts'
import type { ConsignmentView, DecisionOutcome } from '../../shared/views.ts'

type Deciding = Pick<ConsignmentView, 'decisions' | 'needed'>

const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`

/** “one more person signs”, “three people sign”: who has to sign an outcome before it stands. */
export function whoSigns({ decisions, needed }: Deciding, outcome: DecisionOutcome): string {
  const current = currentHalves(decisions)
  const missing = peopleMissing(current, outcome, needed)
  const signs = missing === 1 ? 'signs' : 'sign'
  const isFirst = !current.some((half) => half.outcome === outcome)
  const more = missing === 1 ? 'one more person' : peopleWords(missing).replace(' ', ' more ')
  return `${isFirst ? peopleWords(missing) : more} ${signs}`
}

/** What comes next while it is not decided: who has signed, and how many are awaited. */
export function awaitedWords({ decisions, needed }: Deciding): string {
  const current = currentHalves(decisions)
  const last = current.at(-1)
  if (last === undefined)
    return needed.accept === usualPeople
      ? 'Next: two people decide.'
      : `Next: ${peopleWords(needed.accept)} sign to accept, or two to reject or to hold.`
  const { outcome } = last
  const signed = current.filter((half) => half.outcome === outcome).length
  if (signed === 1 && needed[outcome] === usualPeople)
    return 'One person has signed. A second one signs the same.'
  const have = signed === 1 ? 'has' : 'have'
  return `${capital(peopleWords(signed))} ${have} signed to ${outcome}; ${whoSigns({ decisions, needed }, outcome)} the same.`
}

/** Of which kinds the people who decide must be. */
export function kindsWords(needed: number): string {
  return needed === usualPeople
    ? 'One of the two is a transfer agent, the other a witness, release authority or security officer.'
    : `At least one of the ${peopleWords(needed).replace(' people', '')} is a transfer agent, and one a witness, release authority or security officer.`
}

const places = ['First', 'Second', 'Third', 'Fourth'] as const

/** “First person”, “Second person”: a heading for each of so many. */
export function personTitles(number: number): readonly string[] {
  return Array.from({ length: number }, (_, i) => `${places[i] ?? `${i + 1}th`} person`)
}
