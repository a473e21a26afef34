import { useState, type ReactNode } from 'react'
import { isHex64 } from '../../../shared/digest.ts'
import { isName } from '../../../shared/names.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Field } from '../../parts/field.tsx'
import { OfficersAct } from '../../parts/officers-act.tsx'
import { useBarred } from '../../state/closed.ts'
import { useMirror } from '../../state/mirror.ts'
import { useAsked } from '../../state/pending.ts'
import { askedAlready, ChannelField } from './order-epoch.tsx'

/** Two officers give a channel to another sender. */
export function MoveChannel(props: {
  readonly channel: string | null
  readonly done: () => void
}): ReactNode {
  const { channel: fixed, done } = props
  const [typed, setTyped] = useState('')
  const [to, setTo] = useState('')
  const channel = fixed ?? typed.trim()
  const owner =
    useMirror((mirror) => mirror.desk?.channels.find((one) => one.channel === channel)?.owner) ?? null
  const barred = useBarred('stream')
  const asked = useAsked({ kind: 'stream.move', channel, to })
  const same = owner !== null && to === owner
  return (
    <OfficersAct
      heading={fixed === null ? 'Move a channel to another sender' : `Move ${fixed} to another sender`}
      means="A channel belongs to the first sender of whom a bundle was accepted on it. From then on bundles of another desk are refused on it, until two officers move it."
      ask="Ask for the move with my key"
      closed={barred ?? (asked ? askedAlready : null)}
      missing={[
        ...(isName(channel) ? [] : ['the channel']),
        ...(isHex64(to) && !same ? [] : ['the id of the new sender']),
      ]}
      send={(officer) => call('stream.move', { channel, to, ...officer })}
      done={done}
      acts={<Act onPress={done}>Back</Act>}
    >
      <section className="card" aria-labelledby="moved">
        <h2 id="moved">What it does at this desk</h2>
        {owner === null ? null : <Facts rows={[['Belongs to', <code key="owner">{owner}</code>]]} />}
        <ul>
          <li>Undecided bundles of the sender until now are refused. What was accepted stays accepted.</li>
          <li>The new sender’s signers must be trusted for this channel as well, under Trust.</li>
        </ul>
      </section>
      <ChannelField fixed={fixed} value={typed} onChange={setTyped} />
      <Field
        label="Id of the new sender"
        value={to}
        onChange={(text) => setTo(text.trim().toLowerCase())}
        mono
        error={
          same ? 'The channel belongs to this desk already.' : to === '' || isHex64(to) ? '' : '64 hex digits'
        }
        hint="64 hex digits, from the paper of that desk."
      />
    </OfficersAct>
  )
}
