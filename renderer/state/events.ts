import { useCallback } from 'react'
import type { CallOutput } from '../../shared/contract.ts'
import type { EventLine, EventQuestion } from '../../shared/ledger.ts'
import { call, type Result } from '../bridge.ts'
import { pageSize, usePages, type Pages } from './pages.ts'

type Answer = CallOutput<'ledger.events'>

const rowsOf = (answer: Answer): readonly EventLine[] => answer.events

/**
 * The events that match.
 *
 * @param size of the ledger: a new number asks again
 */
export function useEvents(
  { newestFirst, text, type }: Omit<EventQuestion, 'from' | 'count'>,
  size: number,
): Pages<Answer, EventLine> {
  const ask = useCallback(
    (from: number): Promise<Result<'ledger.events'>> =>
      call('ledger.events', { newestFirst, text, type, from, count: pageSize }),
    [newestFirst, text, type],
  )
  return usePages(ask, rowsOf, size)
}
