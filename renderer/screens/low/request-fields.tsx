import { useState, type ReactNode } from 'react'
import type { RequestProblem } from '../../../shared/calls/request.ts'
import type { FailureView } from '../../../shared/failure.ts'
import type { PersonView } from '../../../shared/views.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { Choice } from '../../parts/choice.tsx'
import { Field } from '../../parts/field.tsx'
import { Fold } from '../../parts/fold.tsx'
import { setDraft, useDraft } from '../../state/draft.ts'
import { useMirror } from '../../state/mirror.ts'
import { choose } from '../../state/place.ts'
import { errorAt } from '../../text/request-problems.ts'
import {
  withDestination,
  withField,
  withoutEntry,
  type RequestForm,
  type TextField,
} from '../../text/request-form.ts'

interface Props {
  readonly form: RequestForm
  readonly people: readonly PersonView[]
  /** What is wrong with the request; `null` while that is asked. */
  readonly problems: readonly RequestProblem[] | null
  readonly fail: (failure: FailureView | null) => void
}

const change = (edit: (text: string) => string): void => setDraft({ text: edit(useDraft.getState().text) })

function Destinations({ form, problems, fail }: Omit<Props, 'people'>): ReactNode {
  const [typed, setTyped] = useState('')
  const streams = useMirror((mirror) => mirror.desk?.streams)
  const add = (id: string, label: string): void => change((text) => withDestination(text, id, label))
  const fromCard = async (): Promise<void> => {
    const chosen = await choose({ purpose: 'card', intent: 'open' }, fail)
    if (chosen === null) return
    const card = await call('card.read', { place: chosen.place })
    if (card.ok) add(card.value.id.hex, card.value.name)
    else fail(card.failure)
  }
  const here = new Set(form.destinations.map((one) => one.id))
  const known = [...new Set((streams ?? []).map((one) => one.destination))].filter((id) => !here.has(id))
  const wrong = errorAt(problems, 'destinations')
  const hex = typed.replace(/\s/g, '').toLowerCase()
  const whole = /^[0-9a-f]{64}$/.test(hex)
  return (
    <fieldset className="field">
      <legend>Destination desks</legend>
      <ul className="rows">
        {form.destinations.map((one, i) => (
          <li key={`${one.id}-${i}`}>
            <span>
              {one.label === '' ? 'Desk' : one.label} <code>{one.id}</code>
            </span>
            <Act onPress={() => change((text) => withoutEntry(text, 'destinations', i))}>
              Remove<span className="hidden"> {one.label === '' ? one.id : one.label}</span>
            </Act>
          </li>
        ))}
      </ul>
      {wrong === '' ? null : <p className="field-error">{wrong}</p>}
      {known.map((id) => (
        <Act key={id} onPress={() => add(id, '')}>
          Add again: <code>{id.slice(0, 16)}…</code>
        </Act>
      ))}
      <Act onPress={() => void fromCard()}>Add from the desk’s card…</Act>
      <Fold name="typing its id" forced={typed !== ''}>
        <Field
          label="Or type a desk’s id"
          value={typed}
          onChange={setTyped}
          mono
          hint="64 hex digits, from its paper."
          error={typed === '' || whole ? '' : `${hex.length} of 64 hex digits`}
        />
        <Act
          disabled={!whole}
          onPress={() => {
            add(hex, '')
            setTyped('')
          }}
        >
          Add this id
        </Act>
      </Fold>
    </fieldset>
  )
}

/** Fields that few requests need; shown where one is filled in. */
const optional = ['marking', 'expires'] as const satisfies readonly TextField[]

/** What, why, by whom, for whom, until when. */
export function RequestFields({ form, people, problems, fail }: Props): ReactNode {
  const requesters = people.filter((person) => person.roles.includes('requester'))
  const text = (name: TextField, label: string, hint: string): ReactNode => (
    <Field
      label={label}
      value={form[name]}
      onChange={(value) => change((before) => withField(before, name, value))}
      hint={hint}
      error={errorAt(problems, name)}
    />
  )
  return (
    <section className="card" aria-label="What, why, for whom">
      {text('name', 'Name', 'Without spaces: payments-2026-11')}
      {text('reason', 'Reason', 'One sentence, with the ticket.')}
      {requesters.length === 0 ? (
        text(
          'requester',
          'Requester',
          'Nobody at this desk has the role requester yet. Add one under People.',
        )
      ) : (
        <Choice
          label="Requester"
          value={form.requester}
          onChange={(value) => change((before) => withField(before, 'requester', value))}
          options={requesters.map(({ id, name }) => ({ value: id, name, means: `(${id})` }))}
        />
      )}
      <Destinations form={form} problems={problems} fail={fail} />
      {text('channel', 'Channel', 'For example payments.')}
      <Fold name="marking and expiry" forced={optional.some((name) => form[name] !== '')}>
        {text('marking', 'Marking (may stay empty)', 'Empty: the marking of this desk.')}
        {text(
          'expires',
          'Expires (may stay empty)',
          'As 2026-12-31T00:00:00Z, in UTC. Empty: as long as the policy allows.',
        )}
      </Fold>
    </section>
  )
}
