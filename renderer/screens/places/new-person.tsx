import { useState, type ReactNode } from 'react'
import type { FailureView } from '../../../shared/failure.ts'
import type { Role } from '../../../shared/schema.ts'
import type { PersonView } from '../../../shared/views.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Field } from '../../parts/field.tsx'
import { Frame } from '../../parts/frame.tsx'
import { OfficerFields, useOfficer } from '../../parts/officer.tsx'
import { Ticks } from '../../parts/ticks.tsx'
import { useHalf } from '../../state/half.ts'
import { refresh } from '../../state/mirror.ts'
import { roleMeans } from '../../text/words.ts'
import { PersonKey, type ChosenKey } from './person-key.tsx'

const roleOptions = (Object.keys(roleMeans) as Role[]).map((role) => ({
  value: role,
  name: `${role.replace('-', ' ')}:`,
  means: roleMeans[role],
}))

/** An id from a name, as a first suggestion: “Alice Moss” becomes alice. */
function suggested(name: string): string {
  const [first = ''] = name.normalize('NFKD').toLowerCase().split(/\s+/)
  return first.replace(/[^a-z0-9]/g, '')
}

interface Half {
  readonly name: string
  readonly typedId: string | null
  readonly roles: readonly Role[]
  readonly key: ChosenKey | null
}

const empty: Half = { name: '', typedId: null, roles: [], key: null }

/** Adds a person: name, roles and key. */
export function NewPerson(props: {
  readonly done: () => void
  /** Told who is in force at once: not who waits for a second officer. */
  readonly added: (person: PersonView) => void
}): ReactNode {
  const { done, added } = props
  const [{ name, typedId, roles, key }, change, forget] = useHalf('person', empty)
  const [failure, setFailure] = useState<FailureView | null>(null)
  const officer = useOfficer(setFailure)
  const id = typedId ?? suggested(name)
  const add = async (): Promise<void> => {
    if (key === null) return
    setFailure(null)
    const answer = await call('person.add', {
      id,
      name,
      roles: [...roles],
      key: key.place,
      ...officer.take(),
    })
    await refresh()
    if (!answer.ok) {
      officer.tell(answer.failure)
      return
    }
    forget()
    if (answer.value.pending === null) added(answer.value)
    done()
  }
  const missing = [
    ...(name === '' ? ['the name'] : []),
    ...(id === '' ? ['the id'] : []),
    ...(roles.length === 0 ? ['a role'] : []),
    ...(key === null ? ['the key'] : []),
    ...(officer.ready ? [] : ['who asks, with their key']),
  ]
  return (
    <Frame
      heading="Add a person with their roles and their key"
      means="From then on acts of this person are signed with this key, and with no other."
      next={
        missing.length === 0
          ? officer.sealed
            ? 'Next: the change waits for a second security officer.'
            : 'Next: the person is in the ledger.'
          : `Still missing: ${missing.join(', ')}.`
      }
      acts={
        <>
          <Act onPress={done}>Back to people</Act>
          <Act kind="primary" disabled={missing.length > 0} onPress={() => void add()}>
            Add {name === '' ? 'this person' : name}
          </Act>
        </>
      }
    >
      <FailureBox failure={failure} />
      <Field
        label="Name"
        value={name}
        onChange={(text) => change({ name: text })}
        hint="As it shall stand in reports: Alice Moss."
      />
      <Field
        label="Id"
        value={id}
        onChange={(text) => change({ typedId: text })}
        hint="Short and unique at this desk. It stands in every signature."
      />
      <Ticks
        label="Roles"
        options={roleOptions}
        value={roles}
        onChange={(chosen) => change({ roles: chosen })}
      />
      <PersonKey chosen={key} owner={id} onChosen={(chosen) => change({ key: chosen })} fail={setFailure} />
      <OfficerFields officer={officer} sign={missing.length === 0 ? () => void add() : null} />
    </Frame>
  )
}
