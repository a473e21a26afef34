import { useState, type ReactNode } from 'react'
import type { ChangeView } from '../../shared/changes.ts'
import type { DeskView } from '../../shared/views.ts'
import { call } from '../bridge.ts'
import { Act } from '../parts/act.tsx'
import { Facts } from '../parts/facts.tsx'
import { Frame } from '../parts/frame.tsx'
import { OfficersAct } from '../parts/officers-act.tsx'
import { many, useMirror } from '../state/mirror.ts'
import { go } from '../state/view.ts'
import { count } from '../text/format.ts'
import { ConsignmentTable } from './consignment-table.tsx'
import { ChangePage } from './places/change-page.tsx'

type PutBackView = NonNullable<DeskView['putBack']>

const means =
  'Its folder lacks something that this account has seen of it. It can be read. Nothing is received, decided, written or changed before that is recorded.'

function Heads({ kept, found }: PutBackView): ReactNode {
  return (
    <section className="card fail" aria-labelledby="heads">
      <h2 id="heads">What was seen, and what is there</h2>
      <p>
        {kept.size > found.size
          ? `At least ${count(kept.size - found.size, 'event')} that this account has seen ${kept.size - found.size === 1 ? 'is' : 'are'} not in the folder.`
          : 'The folder has as many events as this account has seen, or more, but not the same ones: a copy of it was used somewhere else.'}{' '}
        The head is the digest of the whole ledger. Labels, custody sheets and reports print it.
      </p>
      <Facts
        rows={[
          ['Seen last', count(kept.size, 'event')],
          ['Head seen last', <code key="kept">{kept.root}</code>],
          ['Found', count(found.size, 'event')],
          ['Head found', <code key="found">{found.root}</code>],
        ]}
      />
    </section>
  )
}

const lost = {
  high: 'Each stream, that is the bundles of one sender and channel, is held from then on. Two security officers release it on the page of the first bundle that comes: they state from label, sheet, report or receipt how far it had come.',
  low: 'Numbers that were given out since could be given a second time. Raise the epoch of each channel, under Trust, Order and time, above the one on every label that has left, before anything is signed.',
} as const

function Meaning(props: { readonly side: 'low' | 'high'; readonly founding: boolean }): ReactNode {
  const { side, founding } = props
  return (
    <>
      <section className="card" aria-labelledby="before">
        <h2 id="before">Before anybody signs</h2>
        <ul>
          <li>
            Is there a newer copy of the folder? Close this desk, put that copy in its place and open it. Then
            nothing is lost, and nothing needs to be recorded.
          </li>
          <li>
            Does nobody know why it was put back? Then do not sign. Keep the folder as it is and find out who
            changed it.
          </li>
        </ul>
      </section>
      <section className="card" aria-labelledby="record">
        <h2 id="record">What the record means</h2>
        <ul>
          <li>
            Both heads stand in the ledger for good{founding ? '' : ', with the names of those who signed'}.
          </li>
          <li>
            What was done after the older head is not in this desk: do it again where it is still wanted. A
            key that was revoked since then counts until it is revoked again.
          </li>
          <li>{lost[side]}</li>
        </ul>
      </section>
    </>
  )
}

function Known({ side }: { readonly side: 'low' | 'high' }): ReactNode {
  const counts = useMirror((mirror) => mirror.counts)
  return many(counts) > 0 ? <ConsignmentTable counts={counts} side={side} /> : null
}

/** The second officer comes: the record waits. */
function Waits(props: { readonly change: ChangeView; readonly children: ReactNode }): ReactNode {
  const { change } = props
  const [signing, setSigning] = useState(false)
  if (signing) return <ChangePage change={change} done={() => setSigning(false)} />
  return (
    <Frame
      heading={`This desk was put back, as from a backup: ${change.proposed.name} has signed that, one more officer signs`}
      means={means}
      reading
      next="A second security officer signs the same, here or beside the other changes under People, Trust and Policy."
      acts={
        <>
          <Close />
          <Act kind="primary" onPress={() => setSigning(true)}>
            Sign it as the second officer…
          </Act>
        </>
      }
    >
      {props.children}
    </Frame>
  )
}

function Close(): ReactNode {
  const close = async (): Promise<void> => {
    const answer = await call('desk.close', {})
    if (answer.ok) go({ to: 'start' })
  }
  return <Act onPress={() => void close()}>Close this desk</Act>
}

/** A desk that was put back: the one thing that can be done here is to record that. */
export function PutBack(props: { readonly desk: DeskView; readonly putBack: PutBackView }): ReactNode {
  const { desk, putBack } = props
  const { side } = desk.card
  const waits = desk.changes.find((one) => one.kind === 'desk.restored' && one.state === 'pending')
  const facts = (
    <>
      <Heads {...putBack} />
      <Meaning side={side} founding={desk.founding} />
    </>
  )
  if (waits !== undefined)
    return (
      <Waits change={waits}>
        {facts}
        <Known side={side} />
      </Waits>
    )
  return (
    <OfficersAct
      heading={
        desk.founding
          ? 'This desk was put back, as from a backup: record that first'
          : 'This desk was put back, as from a backup: two security officers record that first'
      }
      means={means}
      ask="Sign that it was put back"
      alone="Record that it was put back"
      closed={null}
      missing={[]}
      send={(officer) => call('desk.restored', officer)}
      done={() => undefined}
      acts={<Close />}
      restoring
    >
      {facts}
      {desk.founding ? (
        <p>This desk is still being founded: one person records it, without a key.</p>
      ) : (
        <p>
          The second officer signs the same afterwards, here or beside the other changes under People, Trust
          and Policy.
        </p>
      )}
      <Known side={side} />
    </OfficersAct>
  )
}
