import type { ReactNode } from 'react'
import type { MediumLine } from '../../shared/media.ts'
import { stateWords } from '../../shared/text/media.ts'
import { Badge, PlainBadge } from './badge.tsx'

/** The state of a medium: what must not be used any more is as loud as a failed check. */
export function MediumState({ state }: Pick<MediumLine, 'state'>): ReactNode {
  if (state === 'spoiled' || state === 'lost') return <Badge result="fail" text={stateWords[state]} />
  return <PlainBadge text={stateWords[state]} />
}
