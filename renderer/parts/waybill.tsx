import type { ReactNode } from 'react'
import type { ConsignmentView } from '../../shared/views.ts'
import { count, size, time } from '../text/format.ts'
import { Words } from './digest.tsx'
import { Fold } from './fold.tsx'

/** What people decide about: the waybill in words and digits, and what it lists. */
export function Waybill({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  const { waybill, waybillWords, content, carried, expires } = consignment
  return (
    <section className="card">
      <header>
        <h2>Waybill</h2>
        <span className="id">
          {count(content.length, 'item')} · {count(carried.blobs, 'blob')} · {size(carried.bytes)} · expires{' '}
          {time(expires)}
        </span>
      </header>
      <Words words={waybillWords} />
      <ul>
        {content.map((item) => (
          <li key={item.reference}>
            {item.kind} <code>{item.reference}</code>
          </li>
        ))}
      </ul>
      <Fold name="the digests">
        <p>
          Waybill <code>{waybill ?? 'none'}</code>
        </p>
        <ul>
          {content.map((item) => (
            <li key={item.reference}>
              <code>{item.reference}</code> → <code>{item.root.digest}</code>
            </li>
          ))}
        </ul>
      </Fold>
    </section>
  )
}
