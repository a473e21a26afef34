import { useState, type ReactNode } from 'react'
import type { ChangeView } from '../../../shared/changes.ts'
import type { Digest } from '../../../shared/digest.ts'
import type { DeskView } from '../../../shared/views.ts'
import { Act } from '../../parts/act.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Frame } from '../../parts/frame.tsx'
import { useBarred } from '../../state/closed.ts'
import { useMirror } from '../../state/mirror.ts'
import { go } from '../../state/view.ts'
import { count, time } from '../../text/format.ts'
import { ChangePage } from './change-page.tsx'
import { Changes } from './changes.tsx'
import { Causes, LiftCause } from './order-cause.tsx'
import { Channel } from './order-channel.tsx'
import { RaiseEpoch } from './order-epoch.tsx'
import { SetFloor } from './order-floor.tsx'
import { MoveChannel } from './order-move.tsx'

type Page =
  | { readonly act: 'epoch' | 'move'; readonly channel: string | null }
  | { readonly act: 'floor' }
  | { readonly act: 'cause'; readonly digest: Digest }
  | { readonly act: 'change'; readonly change: ChangeView }

function headingOf({ card, channels, streams }: DeskView): string {
  const lost = streams.filter((one) => one.lost).length
  if (lost > 0)
    return `${count(lost, 'stream')} ${lost === 1 ? 'waits' : 'wait'} until officers state how far it had come`
  const known = count(channels.length, 'channel')
  if (card.side === 'low')
    return channels.length === 0
      ? 'Nothing was made on any channel yet'
      : `Bundles of ${known} are numbered here`
  return channels.length === 0
    ? 'No bundle has come on any channel yet'
    : `Bundles of ${known} are taken in order here`
}

function Clock(props: { readonly clock: DeskView['clock']; readonly set: () => void }): ReactNode {
  const { clock, set } = props
  const barred = useBarred('other')
  return (
    <section className="card" aria-labelledby="clock">
      <h2 id="clock">The clock</h2>
      <Facts
        rows={[
          ['This computer', `${time(clock.now)}, not confirmed`],
          [
            'Proven',
            clock.floor === null ? 'nothing until content is accepted' : `at least ${time(clock.floor)}`,
          ],
        ]}
      />
      <div className="acts">
        <Act writes disabled={barred !== null} onPress={set}>
          Set the proven time…
        </Act>
      </div>
    </section>
  )
}

/** One page of an act, instead of the place. */
function Shown({ page, done }: { readonly page: Page; readonly done: () => void }): ReactNode {
  switch (page.act) {
    case 'epoch':
      return <RaiseEpoch channel={page.channel} done={done} />
    case 'move':
      return <MoveChannel channel={page.channel} done={done} />
    case 'floor':
      return <SetFloor done={done} />
    case 'cause':
      return <LiftCause digest={page.digest} done={done} />
    case 'change':
      return <ChangePage change={page.change} done={done} />
  }
}

/** In which order bundles come, what time is proven, and what officers let go on that is blocked. */
export function Order(): ReactNode {
  const desk = useMirror((mirror) => mirror.desk)
  const [page, setPage] = useState<Page | null>(null)
  const barred = useBarred('stream')
  if (desk === null) return null
  if (page !== null) return <Shown page={page} done={() => setPage(null)} />
  const { channels, clock, card } = desk
  const epoch = (channel: string | null): void => setPage({ act: 'epoch', channel })
  const move = (channel: string | null): void => setPage({ act: 'move', channel })
  return (
    <Frame
      heading={headingOf(desk)}
      next={barred ?? 'Nothing to do.'}
      acts={
        <>
          <Act onPress={() => go({ to: 'place', place: 'trust' })}>Back to trust</Act>
          {card.side === 'low' ? null : (
            <Act writes disabled={barred !== null} onPress={() => move(null)}>
              Move another channel…
            </Act>
          )}
          <Act writes disabled={barred !== null} onPress={() => epoch(null)}>
            Raise the epoch of another channel…
          </Act>
        </>
      }
    >
      <Changes open={(change) => setPage({ act: 'change', change })} />
      {channels.map((one) => (
        <Channel key={one.channel} channel={one} desk={desk} epoch={epoch} move={move} />
      ))}
      <Clock clock={clock} set={() => setPage({ act: 'floor' })} />
      <Causes lift={(digest) => setPage({ act: 'cause', digest })} />
    </Frame>
  )
}
