import { useEffect, useRef, useState } from 'react'
import type { FailureView } from '../../shared/failure.ts'
import type { Result } from '../bridge.ts'

/** Printing of what a page shows: by its button, and by Ctrl+P (Cmd+P on a Mac), which main hears. */
export interface Printing {
  readonly busy: boolean
  /** What came of it, to be read out; '' before. */
  readonly said: string
  readonly print: () => void
}

/**
 * Prints what a page shows, once at a time.
 *
 * @param ask the call that prints it
 * @param fail is told a failure, and `null` when it is tried anew
 */
export function usePrinting(
  ask: () => Promise<Result<'report.print' | 'sheet.print'>>,
  fail: (failure: FailureView | null) => void,
): Printing {
  const [busy, setBusy] = useState(false)
  const [said, setSaid] = useState('')
  const print = async (): Promise<void> => {
    if (busy) return
    setBusy(true)
    setSaid('')
    fail(null)
    const answer = await ask()
    setBusy(false)
    if (!answer.ok) fail(answer.failure)
    else setSaid(answer.value.printed ? 'It was handed to the printer.' : 'Nothing was printed.')
  }
  const latest = useRef(print)
  useEffect(() => {
    latest.current = print
  })
  useEffect(() => {
    const stop = window.bridge.on((...[event]) => {
      if (event === 'print') void latest.current()
    })
    return () => stop()
  }, [])
  return { busy, said, print: () => void print() }
}
