import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { Result } from '../bridge.ts'
import type { CallName, CallOutput } from '../../shared/contract.ts'
import type { FailureView } from '../../shared/failure.ts'

/** Rows that one question brings; main gives no more at once. */
export const pageSize = 200

interface Found<Answer, Row> {
  /** The newest answer, for what it says besides its rows. */
  readonly answer: Answer | null
  readonly pages: ReadonlyMap<number, readonly Row[]>
}

/** Rows of a long list, asked for as they are drawn. */
export interface Pages<Answer, Row> {
  readonly answer: Answer | null
  readonly failure: FailureView | null
  /** The row at a place of what matches; `null` while it is asked for. */
  readonly at: (place: number) => Row | null
  /** Asks for the rows that are drawn. */
  readonly need: (from: number, to: number) => void
}

/**
 * What matches a question, asked for a page at a time. When the question changes or the desk has, what was there stays
 * until the new answer comes.
 *
 * @param ask a page, from its first row; the same function as long as the question is the same
 * @param stamp a new one asks again
 */
export function usePages<Name extends CallName, Row>(
  ask: (from: number) => Promise<Result<Name>>,
  rowsOf: (answer: CallOutput<Name>) => readonly Row[],
  stamp: unknown,
): Pages<CallOutput<Name>, Row> {
  const nothing: Found<CallOutput<Name>, Row> = { answer: null, pages: new Map() }
  const [{ found }, setState] = useState<{
    found: Found<CallOutput<Name>, Row>
    from: object | null
  }>({ found: nothing, from: null })
  const [failure, setFailure] = useState<FailureView | null>(null)
  const question = useMemo(() => ({ ask, rowsOf, stamp, pages: new Set<number>() }), [ask, rowsOf, stamp])
  const latest = useRef(question)
  useLayoutEffect(() => {
    latest.current = question
  }, [question])
  const load = useCallback(
    async (number: number): Promise<void> => {
      if (question.pages.has(number)) return
      question.pages.add(number)
      const answer = await question.ask(number * pageSize)
      if (latest.current !== question) return
      setFailure(answer.ok ? null : answer.failure)
      if (!answer.ok) return
      const rows = question.rowsOf(answer.value)
      setState((before) => ({
        found: {
          answer: answer.value,
          pages: new Map([...(before.from === question ? before.found.pages : []), [number, rows]]),
        },
        from: question,
      }))
    },
    [question],
  )
  useEffect(() => void load(0), [load])
  const need = useCallback(
    (first: number, to: number): void => {
      for (let number = Math.floor(first / pageSize); number * pageSize < to; number++) void load(number)
    },
    [load],
  )
  const at = (place: number): Row | null =>
    found.pages.get(Math.floor(place / pageSize))?.[place % pageSize] ?? null
  return { answer: found.answer, failure, at, need }
}
