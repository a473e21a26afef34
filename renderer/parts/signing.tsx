import { useEffect, useRef, useState, type ReactNode } from 'react'
import type { KeyBy } from '../../shared/calls/call.ts'
import type { FailureView } from '../../shared/failure.ts'
import type { PersonView } from '../../shared/views.ts'
import { useClosed } from '../state/closed.ts'
import { choose, type Chosen } from '../state/place.ts'
import { rolesText } from '../text/words.ts'
import { Act } from './act.tsx'
import { Choice } from './choice.tsx'
import { FieldFailure, inOneLine } from './failure.tsx'
import { Field } from './field.tsx'

/** Who signs and with what. The passphrase is cleared when it is used. */
export interface Signing {
  /** Those who may sign. Where it is one, they are chosen. */
  readonly people: readonly PersonView[]
  readonly person: string | null
  readonly setPerson: (id: string) => void
  readonly key: Chosen | null
  readonly chooseKey: () => Promise<void>
  readonly passphrase: string
  readonly setPassphrase: (text: string) => void
  readonly ready: boolean
  /** Gives what a signing call takes, and forgets the passphrase. */
  readonly take: () => { readonly person: string; readonly by: KeyBy } | null
  /** Why the key was refused, which is said at its field. */
  readonly fault: FailureView | null
  /** Says a refusal: at the field where it is about the key or its passphrase, at the top of the page otherwise. */
  readonly tell: (failure: FailureView) => void
  /** Forgets person and key as well: the next signature is somebody else's. */
  readonly clear: () => void
}

const aboutKey: readonly string[] = ['key-not-this-person', 'key-unreadable']

export function useSigning(
  fail: (failure: FailureView | null) => void,
  people: readonly PersonView[],
): Signing {
  const [chosen, choosePerson] = useState<string | null>(null)
  const [key, setKey] = useState<Chosen | null>(null)
  const [passphrase, setPassphrase] = useState('')
  const [fault, setFault] = useState<FailureView | null>(null)
  const [only] = people
  const named = people.some((one) => one.id === chosen) ? chosen : null
  const person = named ?? (people.length === 1 ? (only?.id ?? null) : null)
  const setPerson = (id: string): void => {
    choosePerson(id)
    setFault(null)
  }
  const chooseKey = async (): Promise<void> => {
    const found = await choose({ purpose: 'key', intent: 'open' }, fail)
    if (found === null) return
    setKey(found)
    setFault(null)
  }
  const type = (text: string): void => {
    setPassphrase(text)
    if (fault?.code === 'key-locked') setFault(null)
  }
  const take: Signing['take'] = () => {
    if (person === null || key === null) return null
    const secret = passphrase
    setPassphrase('')
    setFault(null)
    return { person, by: { file: key.place, passphrase: secret } }
  }
  const tell = (failure: FailureView): void => {
    if (failure.code === 'key-locked' || aboutKey.includes(failure.code)) setFault(failure)
    else fail(failure)
  }
  const clear = (): void => {
    choosePerson(null)
    setKey(null)
    setPassphrase('')
    setFault(null)
  }
  const ready = person !== null && key !== null && passphrase !== ''
  const who = { people, person, setPerson }
  return { ...who, key, chooseKey, passphrase, setPassphrase: type, ready, take, fault, tell, clear }
}

/**
 * Person, key file and passphrase for one signature, side by side where there is room. Nothing where it could not be
 * recorded: the foot says why.
 */
export function SigningFields(props: {
  readonly signing: Signing
  /** The page's primary act, which Enter in the passphrase does as well; `null` while it is closed. */
  readonly sign: (() => void) | null
  /** It records that the desk was put back: the one thing that is recorded then. */
  readonly restoring?: boolean
}): ReactNode {
  const { signing, sign, restoring = false } = props
  const { people, fault } = signing
  const closed = useClosed()
  const keyButton = useRef<HTMLButtonElement>(null)
  const input = useRef<HTMLInputElement>(null)
  const atKey = fault !== null && fault.code !== 'key-locked'
  useEffect(() => {
    if (fault !== null) (fault.code === 'key-locked' ? input : keyButton).current?.focus()
  }, [fault])
  if (closed !== null && !restoring) return null
  return (
    <div className="signing">
      <Choice
        label="Who are you?"
        value={signing.person}
        onChange={signing.setPerson}
        options={people.map(({ id, name, roles }) => ({
          value: id,
          name,
          // What they all are tells nobody from the others.
          means: people.every((one) => rolesText(one.roles) === rolesText(roles))
            ? `(${id})`
            : `(${id}) ${rolesText(roles)}`,
        }))}
      />
      <div className="field">
        <span className="legend">Your key</span>
        {signing.key === null ? null : <code>{signing.key.label}</code>}
        <Act onPress={() => void signing.chooseKey()} focus={keyButton}>
          Choose your key file…
        </Act>
      </div>
      <Field
        label="Passphrase of your key"
        value={signing.passphrase}
        onChange={signing.setPassphrase}
        secret
        focus={input}
        onEnter={signing.ready && sign !== null ? sign : null}
        error={fault?.code === 'key-locked' ? inOneLine(fault) : ''}
      />
      {atKey ? <FieldFailure failure={fault} /> : null}
    </div>
  )
}
