import type { ReactNode } from 'react'
import type { ConsignmentView } from '../../shared/views.ts'
import { count, size, time } from '../text/format.ts'
import { Words } from './digest.tsx'
import { Fold } from './fold.tsx'

/** What people decide about: the waybill in words and digits, and what it lists. */
export function Waybill(props: {
  readonly consignment: ConsignmentView
  /** Whether the items are named elsewhere on the page. */
  readonly named?: boolean
  /** Whether its digest is compared elsewhere: then words and digits are behind one control. */
  readonly folded?: boolean
}): ReactNode {
  const { consignment, named = false, folded = false } = props
  const { waybill, waybillWords, content, carried, expires } = consignment
  const facts = `${count(content.length, 'item')}, ${count(carried.blobs, 'blob')}, ${size(carried.bytes)}, expires ${time(expires)}`
  return (
    <section className="card">
      {folded && named ? null : (
        <header>
          <h2>Waybill</h2>
          {folded ? null : <span className="id">{facts}</span>}
        </header>
      )}
      {folded ? null : <Words words={waybillWords} />}
      {named ? null : (
        <ul>
          {content.map((item) => (
            <li key={item.reference}>
              {item.kind} <code>{item.reference}</code>
            </li>
          ))}
        </ul>
      )}
      <Fold name={folded ? 'the waybill' : 'the digests'}>
        {folded ? (
          <>
            <Words words={waybillWords} />
            <p>{facts}</p>
          </>
        ) : null}
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
