import type { ReactNode } from 'react'
import { Act } from '../parts/act.tsx'
import { FailureBox } from '../parts/failure.tsx'
import { Frame } from '../parts/frame.tsx'
import { useMirror } from '../state/mirror.ts'
import { go } from '../state/view.ts'
import { count } from '../text/format.ts'
import { ConsignmentTable } from './consignment-table.tsx'

const lowMeans =
  'This is a low desk. For now, collecting, signing and writing are done on the command line; what is done there shows here.'

/** The list of consignments. */
export function Consignments(): ReactNode {
  const { desk, consignments, failure } = useMirror()
  const high = desk?.card.side === 'high'
  const open = consignments.filter((one) => one.state === 'arrived' || one.state === 'deciding').length
  const heading =
    consignments.length === 0
      ? high
        ? 'Nothing has arrived yet'
        : 'Nothing was collected yet'
      : high
        ? open === 0
          ? `Nothing waits for a decision; ${count(consignments.length, 'consignment')} known`
          : `${count(open, 'consignment')} ${open === 1 ? 'waits' : 'wait'} for a decision`
        : `${count(consignments.length, 'consignment')} known`
  const trusts = (desk?.trust.length ?? 0) > 0
  return (
    <Frame
      heading={heading}
      means={high ? 'Everything that arrived at this desk, the newest first.' : lowMeans}
      next={
        high
          ? 'Next: put in a medium and receive what is on it.'
          : 'Next: “sallyport collect” on the command line.'
      }
      acts={
        high ? (
          <Act kind="primary" onPress={() => go({ to: 'receive' })}>
            Receive a medium…
          </Act>
        ) : null
      }
    >
      <FailureBox failure={failure} />
      {desk !== null && desk.recovered.length > 0 ? (
        <section className="card warn">
          <h2>Opening this desk finished or discarded what was under way</h2>
          <ul>
            {desk.recovered.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </section>
      ) : null}
      {high && !trusts ? (
        <section className="card not-checked">
          <h2>This desk trusts nobody yet</h2>
          <p>
            Until it does, it refuses every bundle. Add the signers of the other side by the fingerprint on
            paper: <code>sallyport trust add</code> on the command line.
          </p>
        </section>
      ) : null}
      {consignments.length > 0 ? (
        <ConsignmentTable lines={consignments} />
      ) : (
        <p>
          {high
            ? 'When a medium comes, receive it here. Nothing on it is opened before its signatures pass.'
            : 'A request file says what is wanted. README shows one.'}
        </p>
      )}
    </Frame>
  )
}
