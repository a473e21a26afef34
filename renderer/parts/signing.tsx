import { useState, type ReactNode } from 'react'
import type { KeyBy } from '../../shared/calls/call.ts'
import type { FailureView } from '../../shared/failure.ts'
import type { PersonView } from '../../shared/views.ts'
import { useClosed } from '../state/closed.ts'
import { choose, type Chosen } from '../state/place.ts'
import { rolesText } from '../text/words.ts'
import { Act } from './act.tsx'
import { Choice } from './choice.tsx'
import { Field } from './field.tsx'

/** Who signs and with what. The passphrase is cleared when it is used. */
export interface Signing {
  readonly person: string | null
  readonly setPerson: (id: string) => void
  readonly key: Chosen | null
  readonly chooseKey: () => Promise<void>
  readonly passphrase: string
  readonly setPassphrase: (text: string) => void
  readonly ready: boolean
  /** Gives what a signing call takes, and forgets the passphrase. */
  readonly take: () => { readonly person: string; readonly by: KeyBy } | null
  /** Forgets person and key as well: the next signature is somebody else's. */
  readonly clear: () => void
}

export function useSigning(fail: (failure: FailureView | null) => void): Signing {
  const [person, setPerson] = useState<string | null>(null)
  const [key, setKey] = useState<Chosen | null>(null)
  const [passphrase, setPassphrase] = useState('')
  const chooseKey = async (): Promise<void> => {
    const chosen = await choose({ purpose: 'key', intent: 'open' }, fail)
    if (chosen !== null) setKey(chosen)
  }
  const take: Signing['take'] = () => {
    if (person === null || key === null) return null
    const secret = passphrase
    setPassphrase('')
    return { person, by: { file: key.place, passphrase: secret } }
  }
  const clear = (): void => {
    setPerson(null)
    setKey(null)
    setPassphrase('')
  }
  const ready = person !== null && key !== null && passphrase !== ''
  return { person, setPerson, key, chooseKey, passphrase, setPassphrase, ready, take, clear }
}

/** Person, key file and passphrase for one signature. Nothing where it could not be recorded: the foot says why. */
export function SigningFields(props: {
  readonly signing: Signing
  readonly people: readonly PersonView[]
  /** It records that the desk was put back: the one thing that is recorded then. */
  readonly restoring?: boolean
}): ReactNode {
  const { signing, people, restoring = false } = props
  const closed = useClosed()
  if (closed !== null && !restoring) return null
  return (
    <>
      <Choice
        label="Who are you?"
        value={signing.person}
        onChange={signing.setPerson}
        options={people.map(({ id, name, roles }) => ({
          value: id,
          name,
          means: `(${id}) ${rolesText(roles)}`,
        }))}
      />
      <div className="field">
        <span className="legend">Your key</span>
        <span>{signing.key === null ? 'No key file is chosen.' : <code>{signing.key.label}</code>}</span>
        <Act onPress={() => void signing.chooseKey()}>Choose your key file…</Act>
      </div>
      <Field
        label="Passphrase of your key"
        value={signing.passphrase}
        onChange={signing.setPassphrase}
        secret
        hint="Used for this one signature and then forgotten."
      />
    </>
  )
}
