import type { ReactNode } from 'react'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { Field } from '../../parts/field.tsx'
import { OfficersAct } from '../../parts/officers-act.tsx'
import { useMirror } from '../../state/mirror.ts'
import { useAsked } from '../../state/pending.ts'
import { epochError, numberOf } from '../../text/recovery.ts'
import { useChannelForm } from './order-channel-form.tsx'

const effects = {
  low: [
    'What was made in the earlier epoch and has not left is made again, under new numbers. Nothing is downloaded; it is signed anew.',
    'Then each destination raises it to the same number. Until they have, they refuse what comes in the new epoch.',
    'A desk that was put back goes above the epoch on every label that has left, and above that of every destination.',
  ],
  high: [
    'Raise it when the sender has, to the same number. Decide first on what you still expect of the earlier epoch: undecided bundles of it are refused from then on.',
    'The next bundle begins at number 1. What was accepted stays accepted.',
  ],
} as const

/** Two officers raise the epoch of a channel. */
export function RaiseEpoch(props: {
  /** `null`: one that nothing is known of here yet. */
  readonly channel: string | null
  readonly done: () => void
}): ReactNode {
  const { channel: fixed, done } = props
  const { channel, known, to, setTo, field, missing, closed } = useChannelForm(fixed)
  const side = useMirror((mirror) => mirror.desk?.card.side) ?? 'high'
  const now = known?.epoch ?? 1
  const wrong = epochError(to, now + 1, now)
  const asked = useAsked({ kind: 'stream.epoch', channel, to: numberOf(to) })
  const good = numberOf(to) !== null && epochError(to, now + 1, now) === ''
  return (
    <OfficersAct
      heading={
        fixed === null ? 'Raise the epoch of a channel' : `Raise the epoch of ${fixed}; it is ${now} now`
      }
      means="A new epoch begins at number 1. It is never lowered."
      ask="Ask for the new epoch with my key"
      closed={closed(asked)}
      missing={[...missing, ...(good ? [] : ['the new epoch'])]}
      send={(officer) => call('stream.epoch', { channel, to: numberOf(to) ?? 0, ...officer })}
      done={done}
      acts={<Act onPress={done}>Back</Act>}
    >
      <section className="card" aria-labelledby="effects">
        <h2 id="effects">What it does</h2>
        <ul>
          {effects[side].map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      </section>
      {field}
      <Field
        label="New epoch"
        value={to}
        onChange={setTo}
        error={wrong}
        hint={wrong === '' ? `Above ${now}. Agree on one number with the other side.` : ''}
      />
    </OfficersAct>
  )
}
