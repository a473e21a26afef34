import type { ReactNode } from 'react'
import type { LongResult } from '../../shared/contract.ts'
import { capacityWords } from '../../shared/text/media.ts'
import { Act } from '../parts/act.tsx'
import { Badge } from '../parts/badge.tsx'
import { Eject } from '../parts/eject.tsx'
import { Frame } from '../parts/frame.tsx'
import { go } from '../state/view.ts'

/** What a capacity test came to. */
export function CapacityPage({ result }: { readonly result: LongResult<'capacity.start'> }): ReactNode {
  const { label, capacity } = result
  const heading =
    capacity === null
      ? `${label} is full: take it out, and put it back in`
      : capacity.passed
        ? `${label} holds what it says`
        : `${label} does not hold what it says: never use it`
  return (
    <Frame
      heading={heading}
      next={capacity === null ? 'Next: test it again, and it is read.' : 'The ledger has this result.'}
      acts={
        <Act kind="primary" onPress={() => go({ to: 'place', place: 'media' })}>
          Media register
        </Act>
      }
    >
      {capacity === null ? null : (
        <section className={`card ${capacity.passed ? 'pass' : 'fail'}`} aria-label="Result">
          <Badge result={capacity.passed ? 'pass' : 'fail'} />
          <p>{capacityWords(capacity)}.</p>
        </section>
      )}
      <Eject />
    </Frame>
  )
}
