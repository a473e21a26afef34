import type { ReactNode } from 'react'
import { FullFingerprint } from '../../parts/digest.tsx'
import { Frame } from '../../parts/frame.tsx'
import { useMirror } from '../../state/mirror.ts'
import { count } from '../../text/format.ts'
import { rolesText } from '../../text/words.ts'

const byCommand = 'Changes are made on the command line for now.'

/** Who works at this desk. */
export function People(): ReactNode {
  const people = useMirror((mirror) => mirror.desk)?.people ?? []
  return (
    <Frame
      heading={
        people.length === 0
          ? 'Nobody works at this desk yet'
          : `${count(people.length, 'person', 'people')} ${people.length === 1 ? 'works' : 'work'} at this desk`
      }
      means="A person is known by a key: each act is signed with it."
      next={byCommand}
    >
      {people.length === 0 ? (
        <p>
          Add somebody with <code>sallyport person add</code>. Deciding takes two people, one of them a
          transfer agent.
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
