import { useCallback, useEffect, useState } from 'react'
import type { Drives } from '../../shared/drives.ts'
import type { FailureView } from '../../shared/failure.ts'
import { call } from '../bridge.ts'

/** Milliseconds between two questions. */
const pace = 1000

/** The drives that main saw last. */
export interface SeenDrives {
  readonly seen: Drives | null
  /** Why they cannot be listed. */
  readonly failure: FailureView | null
  /** Asks now. */
  readonly refresh: () => Promise<void>
}

/** Asks main for the drives once a second, for as long as the page that shows them is there and can be seen. */
export function useDrives(): SeenDrives {
  const [state, setState] = useState<Pick<SeenDrives, 'seen' | 'failure'>>({ seen: null, failure: null })
  const refresh = useCallback(async (): Promise<void> => {
    const answer = await call('drive.list', {})
    setState(answer.ok ? { seen: answer.value, failure: null } : { seen: null, failure: answer.failure })
  }, [])
  useEffect(() => {
    let asking = false
    const ask = (): void => {
      // A slow answer is waited for: questions do not pile up.
      if (asking || document.hidden) return
      asking = true
      void refresh().finally(() => (asking = false))
    }
    ask()
    const timer = setInterval(ask, pace)
    return () => clearInterval(timer)
  }, [refresh])
  return { ...state, refresh }
}
