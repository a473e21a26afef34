import type { ReactNode } from 'react'
import type { Check } from '../../shared/verdict.ts'
import type { ConsignmentView } from '../../shared/views.ts'
import { useBarred, useClosed } from '../state/closed.ts'
import { usePending } from '../state/pending.ts'
import { go } from '../state/view.ts'
import { heldWords } from '../text/order.ts'
import { Act } from './act.tsx'
import { Badge } from './badge.tsx'
import { Facts } from './facts.tsx'
import { Fold } from './fold.tsx'

/** The failed check of a verdict that says what holds a bundle; `null` where it came to be held since. */
export function heldBy({ held, verdict }: ConsignmentView): Check | null {
  return verdict?.checks.find(({ id, result }) => id === held?.row && result === 'fail') ?? null
}

/** That the order holds a bundle: what was expected and found, what helps, and the way to release it. */
export function Held({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  const { id, held } = consignment
  const closed = useClosed()
  const barred = useBarred('stream')
  const waits = usePending(consignment)
  if (held === null) return null
  const why = closed ?? barred
  const check = heldBy(consignment)
  return (
    <section className="card fail" aria-labelledby="held">
      <header>
        <Badge result="fail" text="Held" />
        <h2 id="held">Held by {heldWords[held.row].by}</h2>
        <span className="id">{held.row}</span>
      </header>
      {check === null ? null : (
        <Facts
          rows={[
            ['Expected', <code key="expected">{check.expected}</code>],
            ['Found', <code key="found">{check.found}</code>],
          ]}
        />
      )}
      <p>
        {waits === null
          ? `${heldWords[held.row].before} ${why === null ? heldWords[held.row].way : ''}`
          : `${waits.proposed.name} has asked for its release; a second security officer signs.`}
      </p>
      {check === null ? null : (
        <Fold name="raw" of={heldWords[held.row].by}>
          <pre tabIndex={0}>{JSON.stringify(check, null, 2)}</pre>
        </Fold>
      )}
      {why === null ? null : <p className="soft">{why}</p>}
      <Act disabled={why !== null} onPress={() => go({ to: 'consignment', id, step: 'release' })}>
        {waits === null ? 'Release it…' : 'Sign or withdraw its release…'}
      </Act>
    </section>
  )
}
