import type { ReactNode } from 'react'
import type { ConsignmentView } from '../../shared/views.ts'
import { count, time } from '../text/format.ts'
import { Badge } from './badge.tsx'
import { Fold } from './fold.tsx'

/** Who sealed what landed, and when; the keys behind one control. */
export function SealedFacts({ sealed }: { readonly sealed: ConsignmentView['landings'][number] }): ReactNode {
  const { by, keys, count: number, at, target } = sealed
  return (
    <>
      <p>
        <Badge result="pass" text="Sealed" />{' '}
        {by === 'station' ? 'by the landing key of this desk' : 'by those who accepted it'}, {time(at)}:{' '}
        {count(number, 'thing')}, platforms too.
      </p>
      <Fold name={keys.length === 1 ? 'the key that sealed' : 'the keys that sealed'} of={target}>
        <ul className="bare">
          {keys.map((key) => (
            <li key={key}>
              <code>{key}</code>
            </li>
          ))}
        </ul>
      </Fold>
    </>
  )
}
