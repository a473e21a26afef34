import { useState, type ReactNode } from 'react'
import type { FailureView } from '../../../shared/failure.ts'
import type { ConsignmentView } from '../../../shared/views.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { Facts } from '../../parts/facts.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Field } from '../../parts/field.tsx'
import { Frame } from '../../parts/frame.tsx'
import { refresh } from '../../state/mirror.ts'
import { go } from '../../state/view.ts'
import { size } from '../../text/format.ts'

/** Giving a consignment up: what that does, then the act. It cannot be taken back. */
export function GiveUp({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  const { id, name, state, media, missing, sequence, channel, carried } = consignment
  const [failure, setFailure] = useState<FailureView | null>(null)
  const [reason, setReason] = useState('')
  const dropped = state === 'dropped'
  const released = missing.length === 0
  const drop = async (): Promise<void> => {
    setFailure(null)
    const answer = await call('consignment.drop', { id, reason })
    if (!answer.ok) setFailure(answer.failure)
    await refresh()
  }
  const copies = media.filter((one) => one.state === 'written').length
  return (
    <Frame
      heading={dropped ? `${name} was given up` : `Give up ${name}?`}
      means={
        released
          ? 'It was released: its number is void from now on, and the next waybill of the channel says so.'
          : 'It was not released: its number is free again, and nothing of it leaves.'
      }
      next={
        dropped
          ? 'Next: nothing at this desk.'
          : 'This cannot be taken back. A new request can ask for the same.'
      }
      consignment={consignment}
      acts={
        <>
          <Act onPress={() => go({ to: 'start' })}>All consignments</Act>
          <Act onPress={() => go({ to: 'consignment', id, step: 'approve' })}>Back to the signatures</Act>
          {dropped ? null : (
            <Act kind="danger" writes disabled={reason.trim() === ''} onPress={() => void drop()}>
              Give it up for good
            </Act>
          )}
        </>
      }
    >
      <FailureBox failure={failure} />
      <section className="card">
        <Facts
          rows={[
            ['Number', `${sequence ?? '–'} of channel ${channel ?? '–'}`],
            [
              'Copies',
              copies === 0 ? 'none was written' : `${copies} written: destroy them or keep them here`,
            ],
            ['Content', `${size(carried.bytes)}, may then be pruned`],
            ['Record', 'stays in the ledger'],
          ]}
        />
      </section>
      {dropped ? null : (
        <Field
          label="Reason"
          value={reason}
          onChange={setReason}
          hint="One sentence. It stands in the record, and the other side reads it."
        />
      )}
    </Frame>
  )
}
