import type { ReactNode } from 'react'
import type { ConsignmentView } from '../../shared/views.ts'
import { needsMedium } from '../../shared/rules/needs-medium.ts'
import { changedWords } from '../text/accept.ts'
import { Badge } from './badge.tsx'

/** That a verdict was made by what is no longer in force: what changed, since when, and what to do. */
export function Outdated({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  const { outdated } = consignment
  if (outdated.length === 0) return null
  const said = changedWords(outdated)
  return (
    <section className="card warn" aria-label="Changed since this verdict">
      <header>
        <Badge result="warn" text="Attention" />
        <h2>This verdict is older than what is in force here</h2>
      </header>
      <p>
        {said.slice(0, 1).toUpperCase()}
        {said.slice(1)}.{' '}
        {needsMedium(consignment.verdict)
          ? 'Not everything on the medium was read, so it has to be read again.'
          : 'It can be judged again from what was read; the medium is not needed. Halves of a decision that were signed before are void then.'}
      </p>
    </section>
  )
}
