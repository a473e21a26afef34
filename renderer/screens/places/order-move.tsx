import type { ReactNode } from 'react'
import { isHex64 } from '../../../shared/digest.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Field } from '../../parts/field.tsx'
import { OfficersAct } from '../../parts/officers-act.tsx'
import { useAsked } from '../../state/pending.ts'
import { useChannelForm } from './order-channel-form.tsx'

/** Two officers give a channel to another sender. */
export function MoveChannel(props: {
  readonly channel: string | null
  readonly done: () => void
}): ReactNode {
  const { channel: fixed, done } = props
  const { channel, known, to, setTo, field, missing, closed } = useChannelForm(fixed)
  const owner = known?.owner ?? null
  const asked = useAsked({ kind: 'stream.move', channel, to })
  const same = owner !== null && to === owner
  return (
    <OfficersAct
      heading={fixed === null ? 'Move a channel to another sender' : `Move ${fixed} to another sender`}
      means="Until then bundles of any other desk are refused on it."
      ask="Ask for the move with my key"
      closed={closed(asked)}
      missing={[...missing, ...(isHex64(to) && !same ? [] : ['the id of the new sender'])]}
      send={(officer) => call('stream.move', { channel, to, ...officer })}
      done={done}
      acts={<Act onPress={done}>Back</Act>}
    >
      <section className="card" aria-labelledby="moved">
        <h2 id="moved">What it does</h2>
        {owner === null ? null : <Facts rows={[['Belongs to', <code key="owner">{owner}</code>]]} />}
        <ul>
          <li>Undecided bundles of the sender until now are refused. What was accepted stays accepted.</li>
          <li>The new sender’s signers must be trusted for this channel as well, under Trust.</li>
        </ul>
      </section>
      {field}
      <Field
        label="Id of the new sender"
        value={to}
        onChange={(text) => setTo(text.trim().toLowerCase())}
        mono
        error={
          same ? 'The channel belongs to this desk already.' : to === '' || isHex64(to) ? '' : '64 hex digits'
        }
        hint="64 hex digits, from its paper."
      />
    </OfficersAct>
  )
}
