import type { ReactNode } from 'react'
import type { DeskView } from '../../../shared/views.ts'
import { Act } from '../../parts/act.tsx'
import { Badge } from '../../parts/badge.tsx'
import { Facts } from '../../parts/facts.tsx'
import { useBarred } from '../../state/closed.ts'

type Stream = DeskView['streams'][number]

/** How far a stream has come: the last number that counts, and its waybill. */
function Last(props: {
  readonly stream: Stream
  readonly side: 'low' | 'high'
  /** The desk at the other end, where that is not said already. */
  readonly whose: string | null
}): ReactNode {
  const { stream, side, whose } = props
  const { lost, digest, sequence } = stream
  return (
    <>
      {lost ? (
        <p>
          <Badge result="not-checked" text="Lost" /> This desk was put back. What comes next is held; on its
          page two security officers state how far the stream had come.
        </p>
      ) : null}
      {digest === null ? (
        <span>nothing in this epoch</span>
      ) : (
        <span>
          number {sequence}, <code>{digest}</code>
        </span>
      )}
      {whose === null ? null : (
        <span className="soft">
          {' '}
          {side === 'low' ? 'to' : 'from'} <code>{whose}</code>
        </span>
      )}
    </>
  )
}

/** A channel: its epoch, whose it is, how far each of its streams has come, and what officers can do. */
export function Channel(props: {
  readonly channel: DeskView['channels'][number]
  readonly desk: DeskView
  readonly epoch: (channel: string) => void
  readonly move: (channel: string) => void
}): ReactNode {
  const { desk } = props
  const { channel, epoch, owner } = props.channel
  const { side } = desk.card
  const barred = useBarred('stream')
  const streams = desk.streams.filter((one) => one.channel === channel)
  const peer = desk.peers.find((one) => one.id === owner)
  return (
    <section className="card" aria-label={`Channel ${channel}`}>
      <header>
        <h2>{channel}</h2>
        <span className="id">channel</span>
      </header>
      <Facts
        rows={[
          ['Epoch', String(epoch)],
          ...(side === 'low'
            ? []
            : [
                [
                  'Sender',
                  owner === null ? (
                    'nobody’s yet: the first sender whose bundle is accepted'
                  ) : (
                    <span key="owner">
                      {peer === undefined ? '' : `${peer.name}, `}
                      <code>{owner}</code>
                    </span>
                  ),
                ] as const,
              ]),
          [
            side === 'low' ? 'Last released' : 'Last accepted',
            streams.length === 0 ? (
              'nothing yet'
            ) : (
              <ul className="bare" key="last">
                {streams.map((one) => (
                  <li key={`${one.sender}-${one.destination}`}>
                    <Last
                      stream={one}
                      side={side}
                      whose={side === 'low' ? one.destination : one.sender === owner ? null : one.sender}
                    />
                  </li>
                ))}
              </ul>
            ),
          ],
        ]}
      />
      <div className="acts">
        <Act
          writes
          disabled={barred !== null}
          spoken={`Raise the epoch of ${channel}…`}
          onPress={() => props.epoch(channel)}
        >
          Raise the epoch…
        </Act>
        {side === 'low' ? null : (
          <Act writes disabled={barred !== null} onPress={() => props.move(channel)}>
            Move {channel} to another sender…
          </Act>
        )}
      </div>
    </section>
  )
}
