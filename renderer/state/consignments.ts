import { useCallback } from 'react'
import type { ConsignmentQuestion } from '../../shared/consignments.ts'
import type { CallOutput } from '../../shared/contract.ts'
import type { ConsignmentLine, ConsignmentState } from '../../shared/views.ts'
import { call, type Result } from '../bridge.ts'
import { useMirror } from './mirror.ts'
import { pageSize, usePages, type Pages } from './pages.ts'

type Answer = CallOutput<'consignment.list'>

const rowsOf = (answer: Answer): readonly ConsignmentLine[] => answer.consignments

/** The consignments that match, asked for again whenever something at the desk has changed. */
export function useConsignments(
  text: string,
  state: ConsignmentState | null,
  { key, down }: NonNullable<ConsignmentQuestion['sort']>,
): Pages<Answer, ConsignmentLine> {
  const turn = useMirror((mirror) => mirror.turn)
  const ask = useCallback(
    (from: number): Promise<Result<'consignment.list'>> =>
      call('consignment.list', { text, state, sort: { key, down }, from, count: pageSize }),
    [text, state, key, down],
  )
  return usePages(ask, rowsOf, turn)
}
