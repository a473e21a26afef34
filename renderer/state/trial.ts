import { useState } from 'react'
import type { FailureView } from '../../shared/failure.ts'
import type { Verified } from '../../shared/verdict.ts'
import { call } from '../bridge.ts'
import { choose } from './place.ts'

/** A bundle that was tried by a policy which is not in force. */
export interface Tried {
  readonly label: string
  readonly verdict: Verified
}

/** Trying of a policy on a bundle: nothing is decided, and nothing kept. */
export interface Trial {
  readonly busy: boolean
  readonly tried: Tried | null
  readonly forget: () => void
  readonly start: (source: string) => void
}

async function run(
  source: string,
  place: string,
  fail: (failure: FailureView | null) => void,
): Promise<Verified | null> {
  const started = await call('policy.check', { source, on: { kind: 'bundle', place } })
  const ended = started.ok ? await call('job.wait', { job: started.value.job }) : started
  if (!ended.ok) fail(ended.failure)
  else if (ended.value.failure !== undefined) fail(ended.value.failure)
  else if (ended.value.kind === 'policy') return ended.value.result?.trial ?? null
  return null
}

/** @param fail is told a failure, and `null` when it is tried anew */
export function useTrial(fail: (failure: FailureView | null) => void): Trial {
  const [busy, setBusy] = useState(false)
  const [tried, setTried] = useState<Tried | null>(null)
  const start = async (source: string): Promise<void> => {
    const chosen = await choose({ purpose: 'medium', intent: 'open' }, fail)
    if (chosen === null) return
    setTried(null)
    setBusy(true)
    const verdict = await run(source, chosen.place, fail)
    setBusy(false)
    if (verdict !== null) setTried({ label: chosen.label, verdict })
  }
  return { busy, tried, forget: () => setTried(null), start: (source) => void start(source) }
}
