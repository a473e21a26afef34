import { useState, type ReactNode } from 'react'
import { hexOf } from '../../../shared/digest.ts'
import type { PersonView } from '../../../shared/views.ts'
import { Act } from '../../parts/act.tsx'
import { FullFingerprint } from '../../parts/digest.tsx'
import { Fold } from '../../parts/fold.tsx'
import { Frame } from '../../parts/frame.tsx'
import { useMirror } from '../../state/mirror.ts'
import { count, time } from '../../text/format.ts'
import type { ChangeView } from '../../../shared/changes.ts'
import { ChangePage } from './change-page.tsx'
import { Changes } from './changes.tsx'
import { keyCardOf, SheetPage, type ShownSheet } from '../sheet.tsx'
import { NewPerson } from './new-person.tsx'
import { PeopleTable } from './people-table.tsx'
import { Revoke, type Revocable } from './revoke.tsx'
import { Seal } from './seal.tsx'

const none: readonly PersonView[] = []

/** What is to be done on paper for somebody who was just added. */
function Added(props: { readonly person: PersonView; readonly print: () => void }): ReactNode {
  const { name } = props.person
  return (
    <section className="card pass" aria-label={`${name} was added`}>
      <h2>{name} was added</h2>
      <p>Print the key card now: the other side types its words.</p>
      <Act onPress={props.print}>Print key card…</Act>
    </section>
  )
}

/** Who works at this desk. */
export function People(): ReactNode {
  const people = useMirror((mirror) => mirror.desk?.people) ?? none
  const founding = useMirror((mirror) => mirror.desk?.founding === true)
  const seal = useMirror((mirror) => mirror.desk?.seal) ?? null
  const [page, setPage] = useState<'add' | 'seal' | ChangeView | Revocable | ShownSheet | null>(null)
  const [added, setAdded] = useState<PersonView | null>(null)
  const done = (): void => setPage(null)
  if (page === 'add') return <NewPerson done={done} added={setAdded} />
  if (page === 'seal') return <Seal done={done} />
  if (page !== null && 'number' in page) return <ChangePage change={page} done={done} />
  if (page !== null && 'sheet' in page) return <SheetPage shown={page} back="Back to people" done={done} />
  if (page !== null) return <Revoke what={page} done={done} />
  return (
    <Frame
      heading={
        people.length === 0
          ? 'Nobody works at this desk yet'
          : `${count(people.length, 'person', 'people')} ${people.length === 1 ? 'works' : 'work'} at this desk`
      }
      means="Each is known by a key."
      next={
        founding
          ? 'This desk is not sealed: one person can add people without a key.'
          : 'Sealed: two security officers add people and revoke keys.'
      }
      acts={
        <>
          {founding ? (
            <Act writes onPress={() => setPage('seal')}>
              Seal this desk…
            </Act>
          ) : null}
          <Act kind="primary" writes onPress={() => setPage('add')}>
            Add a person…
          </Act>
        </>
      }
    >
      {people.length === 0 ? (
        <p>
          Each person brings a key of their own, or makes one here. Signing and deciding always take two
          different people with different keys.
        </p>
      ) : null}
      {added === null || !people.some(({ id }) => id === added.id) ? null : (
        <Added person={added} print={() => setPage(keyCardOf(added))} />
      )}
      <Changes open={setPage} />
      {people.length === 0 ? null : (
        <PeopleTable people={people} print={(person) => setPage(keyCardOf(person))} revoke={setPage} />
      )}
      {seal === null ? null : (
        <section className="card" aria-labelledby="seal">
          <h2 id="seal">The seal of this desk</h2>
          <p className="soft">
            By {seal.officers.map((one) => one.name).join(', ')}, {time(seal.at)}. The other side types it.
          </p>
          <Fold name="it in words and digits">
            <FullFingerprint value={{ hex: hexOf(seal.digest), words: seal.words }} />
          </Fold>
        </section>
      )}
    </Frame>
  )
}
