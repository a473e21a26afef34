import type { ReactNode } from 'react'
import type { ConsignmentView } from '../../shared/views.ts'
import { useNow } from '../state/mirror.ts'
import { go } from '../state/view.ts'
import { count } from '../text/format.ts'
import { titleOf } from '../text/checks.ts'
import { isOpen, overridable, waiting } from '../text/override.ts'
import { Act } from './act.tsx'
import { PlainBadge } from './badge.tsx'

/** The way to an exception from what stands in the way; what one of the two people has signed of it already. */
export function Exceptions({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  const now = useNow()
  if (!isOpen(consignment)) return null
  const { id, verdict, overrides } = consignment
  const checks = overridable(verdict)
  if (checks.length === 0) return null
  const [half] = waiting(overrides, verdict, now)
  const [name = '', ...others] = new Set(checks.map((check) => titleOf(check.id)))
  const names = others.length === 0 ? name : count(checks.length, 'check')
  return (
    <section className="card" aria-label="Exception">
      {half === undefined ? null : (
        <>
          <PlainBadge text="One of two signed" />
          <p>
            {half.name} has signed an exception from {titleOf(half.check)}; a second person signs the same.
          </p>
        </>
      )}
      <Act writes onPress={() => go({ to: 'consignment', id, step: 'override' })}>
        {half === undefined ? `Make an exception from ${names}…` : 'Sign the second half…'}
      </Act>
    </section>
  )
}
