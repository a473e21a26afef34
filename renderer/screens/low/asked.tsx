import { useEffect, useState, type ReactNode } from 'react'
import type { FailureView } from '../../../shared/failure.ts'
import type { ConsignmentView } from '../../../shared/views.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { Facts } from '../../parts/facts.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { DeskId } from '../../parts/desk-id.tsx'
import { Fold } from '../../parts/fold.tsx'
import { Frame } from '../../parts/frame.tsx'
import { setDraft } from '../../state/draft.ts'
import { go } from '../../state/view.ts'
import { time } from '../../text/format.ts'

/** The request of a consignment, as it was collected. Read-only; it can begin another one. */
export function Asked({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  const { id, name, reason, requester, channel, destinations, expires, marking } = consignment
  const [text, setText] = useState<string | null>(null)
  const [failure, setFailure] = useState<FailureView | null>(null)
  useEffect(() => {
    let current = true
    void call('request.show', { id }).then((answer) => {
      if (!current) return
      if (answer.ok) setText(answer.value.text)
      else setFailure(answer.failure)
    })
    return () => {
      current = false
    }
  }, [id])
  const again = (): void => {
    if (text !== null) setDraft({ text, folder: null })
    go({ to: 'request' })
  }
  return (
    <Frame
      heading={`${requester ?? 'Somebody'} asked for ${name}`}
      means={reason ?? ''}
      next="It cannot be changed any more. A new one can begin with its text."
      consignment={consignment}
      acts={
        <>
          <Act writes disabled={text === null} onPress={again}>
            Begin a new request with this text
          </Act>
          <Act kind="primary" onPress={() => go({ to: 'consignment', id, step: 'items' })}>
            What was collected
          </Act>
        </>
      }
    >
      <FailureBox failure={failure} />
      <section className="card">
        <Facts
          rows={[
            ['Channel', channel ?? '–'],
            [
              'Destinations',
              <ul key="desks" className="bare">
                {destinations.map((desk) => (
                  <li key={desk}>
                    <DeskId id={desk} />
                  </li>
                ))}
              </ul>,
            ],
            ['Marking', marking],
            ['Expires', time(expires)],
          ]}
        />
      </section>
      {text === null ? null : (
        <Fold name="its text">
          <pre tabIndex={0} aria-label="Text of the request">
            {text}
          </pre>
        </Fold>
      )}
    </Frame>
  )
}
