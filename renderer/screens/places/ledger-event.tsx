import { useEffect, useRef, useState, type ReactNode } from 'react'
import type { FailureView } from '../../../shared/failure.ts'
import type { EventLine, RawEvent } from '../../../shared/ledger.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { Facts } from '../../parts/facts.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { time } from '../../text/format.ts'

function Raw({ sequence }: { readonly sequence: number }): ReactNode {
  const [raw, setRaw] = useState<RawEvent | null>(null)
  const [failure, setFailure] = useState<FailureView | null>(null)
  const ask = async (): Promise<void> => {
    const answer = await call('ledger.event', { sequence })
    if (answer.ok) setRaw(answer.value)
    else setFailure(answer.failure)
  }
  if (raw === null) {
    return (
      <>
        <Act onPress={() => void ask()}>Show the line as it stands in the ledger</Act>
        <FailureBox failure={failure} />
      </>
    )
  }
  return (
    <>
      <h3>Line {raw.sequence} of ledger.jsonl</h3>
      <pre className="raw" tabIndex={0} aria-label="The line as it stands in the ledger">
        {raw.line}
      </pre>
      <Facts rows={[['Leaf in the tree', <code key="leaf">{raw.leaf}</code>]]} />
      <p className="small soft">
        The leaf is the SHA-256 of a zero byte and this line without its end (RFC 6962).
      </p>
    </>
  )
}

/** One event in full. It takes the focus when it comes. */
export function LedgerEvent(props: { readonly event: EventLine; readonly onClose: () => void }): ReactNode {
  const { event, onClose } = props
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    title.current?.focus()
    title.current?.scrollIntoView({ block: 'nearest' })
  }, [event.sequence])
  return (
    <section className="card" aria-label={`Event ${event.sequence}`}>
      <header>
        <h2 tabIndex={-1} ref={title}>
          Event {event.sequence}: {event.sentence}
        </h2>
        <span className="id">{event.type}</span>
      </header>
      <Facts
        rows={[
          ['Time', `${time(event.at)}, as this computer said; not confirmed`],
          [
            'Who',
            event.who === 'this station'
              ? 'this station, with no person’s key'
              : `${event.who}, by their key`,
          ],
          ...(event.transfer === null
            ? []
            : [['Transfer', <code key="transfer">{event.transfer}</code>] as const]),
          [
            'About',
            event.subjects.length === 0 ? (
              'no content'
            ) : (
              <ul className="plain" key="about">
                {event.subjects.map((digest) => (
                  <li key={digest}>
                    <code>{digest}</code>
                  </li>
                ))}
              </ul>
            ),
          ],
        ]}
      />
      <Raw key={event.sequence} sequence={event.sequence} />
      <p>
        <Act kind="link" onPress={onClose}>
          Close event {event.sequence}
        </Act>
      </p>
    </section>
  )
}
