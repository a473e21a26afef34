import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { CallOutput } from '../../shared/contract.ts'
import type { FailureView } from '../../shared/failure.ts'
import type { EventLine, EventQuestion } from '../../shared/ledger.ts'
import { call } from '../bridge.ts'

const page = 200

type Asked = Omit<EventQuestion, 'from' | 'count'>

interface Found {
  readonly matching: number
  readonly types: CallOutput<'ledger.events'>['types']
  readonly pages: ReadonlyMap<number, readonly EventLine[]>
}

const nothing: Found = { matching: 0, types: [], pages: new Map() }

interface Events extends Found {
  readonly failure: FailureView | null
  /** The event at a place of what matches; `null` while it is asked for. */
  readonly at: (place: number) => EventLine | null
  /** Asks for the events that are drawn. */
  readonly need: (from: number, to: number) => void
}

/**
 * The events that match, asked for as they are needed. When the question changes or the ledger has grown, what was there
 * stays until the new answer comes.
 *
 * @param size of the ledger: a new number asks again
 */
export function useEvents({ newestFirst, text, type }: Asked, size: number): Events {
  const [{ found }, setState] = useState<{ found: Found; from: object | null }>({
    found: nothing,
    from: null,
  })
  const [failure, setFailure] = useState<FailureView | null>(null)
  const question = useMemo(
    () => ({ asked: { newestFirst, text, type }, size, pages: new Set<number>() }),
    [newestFirst, text, type, size],
  )
  const latest = useRef(question)
  useLayoutEffect(() => {
    latest.current = question
  }, [question])
  const ask = useCallback(
    async (number: number): Promise<void> => {
      if (question.pages.has(number)) return
      question.pages.add(number)
      const answer = await call('ledger.events', { ...question.asked, from: number * page, count: page })
      if (latest.current !== question) return
      setFailure(answer.ok ? null : answer.failure)
      if (!answer.ok) return
      const { matching, types, events } = answer.value
      setState((before) => ({
        found: {
          matching,
          types,
          pages: new Map([...(before.from === question ? before.found.pages : []), [number, events]]),
        },
        from: question,
      }))
    },
    [question],
  )
  useEffect(() => void ask(0), [ask])
  const need = useCallback(
    (first: number, to: number): void => {
      for (let number = Math.floor(first / page); number * page < to; number++) void ask(number)
    },
    [ask],
  )
  const at = (place: number): EventLine | null =>
    found.pages.get(Math.floor(place / page))?.[place % page] ?? null
  return { ...found, failure, at, need }
}
