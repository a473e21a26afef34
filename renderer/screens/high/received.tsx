import type { ReactNode } from 'react'
import type { ConsignmentView } from '../../../shared/views.ts'
import { Act } from '../../parts/act.tsx'
import { Archives } from '../../parts/archives.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Frame } from '../../parts/frame.tsx'
import { Waybill } from '../../parts/waybill.tsx'
import { go } from '../../state/view.ts'
import { count, size, time } from '../../text/format.ts'

const scopes = {
  medium: 'a medium, with its own record',
  tar: 'a bundle tar alone: nothing is known about a medium',
} as const

/** What arrived, as it was received. Read-only. */
export function Received({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  const { id, name, sender, scope, created, expires, marking, requester, reason, carried } = consignment
  return (
    <Frame
      heading={`${name} came from ${sender?.name ?? 'a sender that is not known'}`}
      means="What its waybill says about itself. Whether that holds, the verdict says."
      next="Next: the verdict."
      consignment={consignment}
      acts={
        <Act kind="primary" onPress={() => go({ to: 'consignment', id, step: 'verdict' })}>
          Show the verdict
        </Act>
      }
    >
      <section className="card">
        <Facts
          rows={[
            ['Sender', <code key="sender">{sender?.id ?? '–'}</code>],
            ['Read from', scope === null ? '–' : scopes[scope]],
            ['Asked by', `${requester ?? '–'}: ${reason ?? '–'}`],
            ['Marking', marking],
            ['Made', time(created)],
            ['Expires', time(expires)],
            ['Content', `${count(carried.blobs, 'blob')}, ${size(carried.bytes)}`],
          ]}
        />
      </section>
      <Archives of={consignment} told />
      <Waybill consignment={consignment} />
    </Frame>
  )
}
