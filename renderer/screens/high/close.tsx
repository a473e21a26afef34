import { useState, type ReactNode } from 'react'
import type { FailureView } from '../../../shared/failure.ts'
import { isDecided } from '../../../shared/rules/decision.ts'
import type { ConsignmentView } from '../../../shared/views.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { Facts } from '../../parts/facts.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Frame } from '../../parts/frame.tsx'
import { refresh } from '../../state/mirror.ts'
import { go } from '../../state/view.ts'
import { size, time } from '../../text/format.ts'

const came = { accept: 'accepted', reject: 'rejected', hold: 'held' } as const

/** The end of a consignment at a high desk. */
export function Close({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  const { id, name, state, decided, exports, carried, updated } = consignment
  const [failure, setFailure] = useState<FailureView | null>(null)
  const closed = state === 'closed'
  const open = isDecided(decided)
  const close = async (): Promise<void> => {
    setFailure(null)
    const answer = await call('consignment.close', { id })
    if (!answer.ok) setFailure(answer.failure)
    await refresh()
  }
  return (
    <Frame
      heading={
        closed
          ? `${name} is closed`
          : open
            ? `Everything about ${name} is done: close it`
            : `${name} cannot be closed before it is decided`
      }
      means={
        closed
          ? 'The record, the verdict and the report stay. Its content may be pruned.'
          : 'Closing ends the work on it at this desk. It cannot be taken back.'
      }
      next={
        closed
          ? 'Next: nothing at this desk.'
          : 'Print the report first, if those who decided still have to sign it.'
      }
      consignment={consignment}
      acts={
        <>
          <Act onPress={() => go({ to: 'start' })}>All consignments</Act>
          <Act onPress={() => go({ to: 'consignment', id, step: 'report' })}>Report…</Act>
          {closed ? null : (
            <Act kind="primary" writes disabled={!open} onPress={() => void close()}>
              Close this consignment
            </Act>
          )}
        </>
      }
    >
      <FailureBox failure={failure} />
      <section className="card">
        <h2>{closed ? 'What it came to' : 'What closing does'}</h2>
        <Facts
          rows={[
            ['Decision', decided === null ? 'none' : came[decided]],
            [
              'Exported',
              exports.length === 0
                ? 'nowhere'
                : exports.map((one) => `${one.target}, ${time(one.at)}`).join('; '),
            ],
            [
              'Content',
              `${size(carried.bytes)} ${closed ? 'may be pruned' : 'is then no longer kept from pruning'}`,
            ],
            ['Exports', closed ? 'no longer possible' : 'are then no longer possible'],
            ['Last change', time(updated)],
          ]}
        />
      </section>
    </Frame>
  )
}
