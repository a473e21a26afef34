import type { ReactNode } from 'react'
import type { ConsignmentView } from '../../shared/views.ts'
import { useBarred, useClosed } from '../state/closed.ts'
import { usePending } from '../state/pending.ts'
import { go } from '../state/view.ts'
import { heldWords } from '../text/order.ts'
import { Act } from './act.tsx'
import { Badge } from './badge.tsx'

/** That the order holds a bundle, and the way to release it. */
export function Held({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  const { id, held } = consignment
  const closed = useClosed()
  const barred = useBarred('stream')
  const waits = usePending(consignment)
  if (held === null) return null
  const why = closed ?? barred
  return (
    <section className="card fail" aria-labelledby="held">
      <header>
        <Badge result="fail" text="Held" />
        <h2 id="held">Held by {heldWords[held.row].by}</h2>
        <span className="id">{held.row}</span>
      </header>
      <p>
        Held is not refused. {heldWords[held.row].before}{' '}
        {waits === null
          ? heldWords[held.row].way
          : `${waits.proposed.name} has asked for its release; a second security officer signs.`}
      </p>
      {why === null ? null : <p className="soft">{why}</p>}
      <Act disabled={why !== null} onPress={() => go({ to: 'consignment', id, step: 'release' })}>
        {waits === null ? 'Release it…' : 'Sign or withdraw its release…'}
      </Act>
    </section>
  )
}
