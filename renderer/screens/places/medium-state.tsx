import { useState, type ReactNode } from 'react'
import type { FailureView } from '../../../shared/failure.ts'
import type { MediumView } from '../../../shared/media.ts'
import { isDisposition, type StatedState } from '../../../shared/rules/media.ts'
import { stateWords } from '../../../shared/text/media.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { Choice } from '../../parts/choice.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Field } from '../../parts/field.tsx'
import { FirstSignerFields, useFirstSigner } from '../../parts/first-signer.tsx'
import { Frame } from '../../parts/frame.tsx'
import { refresh } from '../../state/mirror.ts'

const means: Readonly<Record<StatedState, string>> = {
  blank: 'nothing is on it.',
  received: 'it came back, or was seen to arrive.',
  spoiled: 'it is not to be used.',
  lost: 'nobody knows where it is.',
  sanitised: 'what was on it was removed.',
  destroyed: 'it is no more. This stays so.',
}

const how = [
  ['method', 'Method', 'Overwritten twice; shredded to 9 mm.'],
  ['tool', 'Tool and version', ''],
  ['verified', 'How it was verified', 'Read in full; seen by a second person.'],
  ['place', 'Place', ''],
] as const
type How = Readonly<Record<(typeof how)[number][0], string>>

const nothing: How = { method: '', tool: '', verified: '', place: '' }

/** Says what became of a medium. */
export function ChangeMedium({
  medium,
  done,
}: {
  readonly medium: MediumView
  readonly done: () => void
}): ReactNode {
  const { label, next } = medium
  const [state, setState] = useState<StatedState | null>(null)
  const [reason, setReason] = useState('')
  const [disposition, setDisposition] = useState(nothing)
  const [failure, setFailure] = useState<FailureView | null>(null)
  const first = useFirstSigner({ deed: 'state', state: state ?? 'blank' }, setFailure)
  const disposed = state !== null && isDisposition(state)
  const record = async (): Promise<void> => {
    if (state === null) return
    const answer = await call('media.state', {
      ...{ label, state, reason },
      ...(disposed ? { disposition } : {}),
      ...first.take(),
    })
    await refresh()
    if (answer.ok) done()
    else first.signing.tell(answer.failure)
  }
  const missing = [
    ...(state === null ? ['what it is now'] : []),
    ...(reason === '' ? ['the reason'] : []),
    ...(disposed
      ? how.flatMap(([name, title]) => (disposition[name] === '' ? [title.toLowerCase()] : []))
      : []),
    ...(first.ready ? [] : ['who signs, with their key']),
  ]
  return (
    <Frame
      heading={`What became of ${label}?`}
      next={
        missing.length > 0
          ? `Still missing: ${missing.join(', ')}.`
          : first.people === 2
            ? 'Next: it waits for a second person.'
            : 'It stays in the ledger.'
      }
      acts={
        <>
          <Act onPress={done}>Back to {label}</Act>
          <Act kind="primary" writes disabled={missing.length > 0} onPress={() => void record()}>
            {state === null ? 'Record it' : `It is ${stateWords[state].toLowerCase()}`}
          </Act>
        </>
      }
    >
      <FailureBox failure={failure} />
      <Choice
        label="It is now"
        value={state}
        onChange={setState}
        options={next.map((one) => ({ value: one, name: `${stateWords[one]}:`, means: means[one] }))}
      />
      <Field label="Reason" value={reason} onChange={setReason} />
      {disposed
        ? how.map(([name, title, hint]) => (
            <Field
              key={name}
              label={title}
              value={disposition[name]}
              hint={hint}
              onChange={(text) => setDisposition({ ...disposition, [name]: text })}
            />
          ))
        : null}
      <FirstSignerFields first={first} sign={missing.length === 0 ? () => void record() : null} />
    </Frame>
  )
}
