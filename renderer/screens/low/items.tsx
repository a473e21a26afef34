import type { ReactNode } from 'react'
import type { ConsignmentView } from '../../../shared/views.ts'
import { Act } from '../../parts/act.tsx'
import { Archives } from '../../parts/archives.tsx'
import { Badge } from '../../parts/badge.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Frame } from '../../parts/frame.tsx'
import { go } from '../../state/view.ts'
import { count, size } from '../../text/format.ts'

/** What was collected: each reference and the digest that it was pinned to. */
export function Items({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  const { id, content, carried, name } = consignment
  const findings = content.reduce((total, item) => total + item.findings.length, 0)
  return (
    <Frame
      heading={`${count(content.length, 'item')} collected for ${name}: ${size(carried.bytes)}`}
      means="Each reference is pinned to the digest that it had then."
      next="Next: what came along that speaks for each item."
      consignment={consignment}
      acts={
        <>
          <Act onPress={() => go({ to: 'consignment', id, step: 'request' })}>Request</Act>
          <Act kind="primary" onPress={() => go({ to: 'consignment', id, step: 'authenticity' })}>
            Go on to authenticity
          </Act>
        </>
      }
    >
      <ul className="badges" aria-label="What was collected">
        <li>
          <Badge result="pass" text={`${count(carried.blobs, 'blob')} as their digests say`} />
        </li>
        {carried.omitted > 0 ? (
          <li>
            <Badge result="warn" text={`${count(carried.omitted, 'blob')} left out by choice of platforms`} />
          </li>
        ) : null}
        {findings > 0 ? (
          <li>
            <Badge result="warn" text={count(findings, 'finding')} />
          </li>
        ) : null}
      </ul>
      {content.map((item) => (
        <section className="card" key={item.reference}>
          <header>
            <h2>{item.name}</h2>
            <span className="id">{item.kind}</span>
          </header>
          <Facts
            rows={[
              ['Asked as', <code key="reference">{item.reference}</code>],
              ['Pinned to', <code key="digest">{item.root.digest}</code>],
              ...(item.platforms.length === 0 ? [] : ([['Platforms', item.platforms.join(', ')]] as const)),
            ]}
          />
        </section>
      ))}
      <Archives of={consignment} />
    </Frame>
  )
}
