import type { ReactNode } from 'react'
import type { ConsignmentView } from '../../shared/views.ts'
import { size } from '../text/format.ts'
import { Act } from './act.tsx'
import { Badge, PlainBadge } from './badge.tsx'
import { Table } from './table.tsx'

type Planned = ConsignmentView['plan'][number]

function State({ one }: { readonly one: Planned }): ReactNode {
  if (one.readBack > 0) return <Badge result="pass" text="Read back" />
  if (one.good > 0) return <Badge result="not-checked" text="Written, not read back" />
  return <PlainBadge text="Not written" />
}

/** The media that a bundle is laid on, with what is there of each. */
export function MediaPlan(props: {
  readonly plan: ConsignmentView['plan']
  /** Makes one again alone; `null` where none can be written now. */
  readonly onAgain: ((number: number) => void) | null
}): ReactNode {
  const { plan, onAgain } = props
  if (plan.length === 0) return null
  return (
    <section className="card" aria-labelledby="media-plan">
      <h2 id="media-plan">It is laid on {plan.length} media</h2>
      <Table
        label="Media of this bundle"
        heads={['Medium', 'State', { number: 'Size' }, ...(onAgain === null ? [] : [{ spoken: 'Act' }])]}
      >
        {plan.map((one) => (
          <tr key={one.number}>
            <td>
              {one.number} of {plan.length}
            </td>
            <td>
              <State one={one} />
            </td>
            <td className="number">{size(one.size)}</td>
            {onAgain === null ? null : (
              <td>
                {one.good === 0 ? null : (
                  <Act spoken={`Make again: medium ${one.number}`} onPress={() => onAgain(one.number)}>
                    Make again
                  </Act>
                )}
              </td>
            )}
          </tr>
        ))}
      </Table>
    </section>
  )
}

/** Which media of a bundle on several are here at a high desk, and which are still to be read. */
export function MediaHere({ here }: { readonly here: ConsignmentView['here'] }): ReactNode {
  if (here === null || here.media.length >= here.of) return null
  const read = new Set(here.media.map(({ number }) => number))
  return (
    <section className="card not-checked" aria-labelledby="media-here">
      <h2 id="media-here">
        {here.media.length} of {here.of} media are here
      </h2>
      <p>Put in the next one, in any order. If one is lost, the sender can make it again alone.</p>
      <ul>
        {Array.from({ length: here.of }, (_, i) => i + 1).map((number) => (
          <li key={number}>
            Medium {number}:{' '}
            {read.has(number) ? (
              <Badge result="pass" text="Here" />
            ) : (
              <Badge result="not-checked" text="Still to be read" />
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
