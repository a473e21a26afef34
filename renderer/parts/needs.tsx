import type { ReactNode } from 'react'
import type { DeskView } from '../../shared/views.ts'
import { go, type Place } from '../state/view.ts'
import { Act } from './act.tsx'

interface Need {
  readonly text: string
  readonly place: Place
  readonly act: string
}

/** What a desk lacks before a crossing can begin, in the order in which it is best done. */
export function needsOf(desk: DeskView): readonly Need[] {
  const has = (role: string): boolean =>
    desk.people.some((person) => person.roles.some((one) => one === role))
  const needs: Need[] = []
  const people = (missing: readonly string[]): void => {
    if (missing.length === 0) return
    needs.push({ text: `People: ${missing.join(', ')}.`, place: 'people', act: 'Add people' })
  }
  if (desk.card.side === 'low') {
    people([
      ...(has('requester') ? [] : ['somebody who asks for content (requester)']),
      ...(has('transfer-agent') ? [] : ['somebody who collects and writes (transfer agent)']),
      ...(has('release-authority') ? [] : ['somebody who says that it may cross (release authority)']),
    ])
    return needs
  }
  people([
    ...(has('transfer-agent') ? [] : ['somebody who receives (transfer agent)']),
    ...(has('witness') || has('release-authority') || has('security-officer')
      ? []
      : ['a second person who decides with them (witness)']),
  ])
  if (desk.trust.length === 0) {
    const text =
      'Trust: the signers of the low side, by the fingerprints on their paper. Until then every bundle is refused.'
    needs.push({ text, place: 'trust', act: 'Add signers' })
  }
  return needs
}

/** The same as a card; nothing once nothing is lacking. */
export function Needs({ desk }: { readonly desk: DeskView }): ReactNode {
  const needs = needsOf(desk)
  if (needs.length === 0) return null
  return (
    <section className="card not-checked" aria-labelledby="needs">
      <h2 id="needs">Before the first crossing this desk needs</h2>
      <ul className="rows">
        {needs.map((need) => (
          <li key={need.place}>
            <span>{need.text}</span>
            <Act onPress={() => go({ to: 'place', place: need.place })}>{need.act}</Act>
          </li>
        ))}
      </ul>
    </section>
  )
}
