import { useId, useState, type ReactNode } from 'react'
import type { PersonView } from '../../../shared/views.ts'
import { Act } from '../../parts/act.tsx'
import { alikeRows } from '../../parts/alike.tsx'
import { FullFingerprint } from '../../parts/digest.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Table } from '../../parts/table.tsx'
import { rolesText } from '../../text/words.ts'
import type { Revocable } from './revoke.tsx'

interface RowProps {
  readonly person: PersonView
  readonly people: readonly PersonView[]
  readonly print: (person: PersonView) => void
  readonly revoke: (what: Revocable) => void
}

function Row({ person, people, print, revoke }: RowProps): ReactNode {
  const [open, setOpen] = useState(false)
  const row = useId()
  const { id, name, roles, fingerprint, algorithm } = person
  return (
    <>
      <tr>
        <th scope="row">
          {name} ({id})
          <Facts rows={alikeRows(person, people)} />
        </th>
        <td>{rolesText(roles)}</td>
        <td>
          <button
            type="button"
            className="button link"
            aria-label={`${open ? 'Hide' : 'Show'} the key of ${name}`}
            aria-expanded={open}
            aria-controls={open ? row : undefined}
            onClick={() => setOpen(!open)}
          >
            {open ? 'Hide' : 'Show'}
          </button>
        </td>
        <td>
          <Act spoken={`Print key card of ${name}…`} onPress={() => print(person)}>
            Print…
          </Act>
        </td>
        <td>
          <Act
            writes
            spoken={`Revoke the key of ${name}…`}
            onPress={() => revoke({ name: `the key of ${name}`, fingerprint: fingerprint.hex })}
          >
            Revoke…
          </Act>
        </td>
      </tr>
      {open ? (
        <tr id={row}>
          <td colSpan={5}>
            <p className="small soft">{algorithm}</p>
            <FullFingerprint value={fingerprint} />
          </td>
        </tr>
      ) : null}
    </>
  )
}

/** The people of a desk, a row each; the whole key of one, to write on paper or to compare, behind one control. */
export function PeopleTable(props: {
  readonly people: readonly PersonView[]
  readonly print: (person: PersonView) => void
  readonly revoke: (what: Revocable) => void
}): ReactNode {
  const { people, print, revoke } = props
  return (
    <Table label="People of this desk" heads={['Person', 'Roles', 'Key', 'Key card', 'Lost or misused']}>
      {people.map((person) => (
        <Row key={person.id} person={person} people={people} print={print} revoke={revoke} />
      ))}
    </Table>
  )
}
