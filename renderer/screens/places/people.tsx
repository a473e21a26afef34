import { useState, type ReactNode } from 'react'
import type { PersonView } from '../../../shared/views.ts'
import { Act } from '../../parts/act.tsx'
import { FullFingerprint } from '../../parts/digest.tsx'
import { Frame } from '../../parts/frame.tsx'
import { useMirror } from '../../state/mirror.ts'
import { count } from '../../text/format.ts'
import { rolesText } from '../../text/words.ts'
import { NewPerson } from './new-person.tsx'

const none: readonly PersonView[] = []

/** Who works at this desk. */
export function People(): ReactNode {
  const people = useMirror((mirror) => mirror.desk?.people) ?? none
  const founding = useMirror((mirror) => mirror.desk?.founding === true)
  const [adding, setAdding] = useState(false)
  if (adding) return <NewPerson done={() => setAdding(false)} />
  return (
    <Frame
      heading={
        people.length === 0
          ? 'Nobody works at this desk yet'
          : `${count(people.length, 'person', 'people')} ${people.length === 1 ? 'works' : 'work'} at this desk`
      }
      means="A person is known by a key: each act is signed with it."
      next={
        founding
          ? 'This desk is still being founded: one person can add people without a key. Every report says so.'
          : 'People are added by two officers.'
      }
      acts={
        <Act kind="primary" onPress={() => setAdding(true)}>
          Add a person…
        </Act>
      }
    >
      {people.length === 0 ? (
        <p>
          Each person brings a key of their own, or makes one here. Signing and deciding always take two
          different people with different keys.
        </p>
      ) : null}
      {people.map((person) => (
        <section className="card" key={person.id}>
          <header>
            <h2>
              {person.name} ({person.id})
            </h2>
            <span className="id">{person.algorithm}</span>
          </header>
          <p>{rolesText(person.roles)}</p>
          <FullFingerprint value={person.fingerprint} />
        </section>
      ))}
    </Frame>
  )
}
