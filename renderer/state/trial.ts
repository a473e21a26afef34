import { useState } from 'react'
import type { FailureView } from '../../shared/failure.ts'
import type { Verified } from '../../shared/verdict.ts'
import { call } from '../bridge.ts'
import { choose } from './place.ts'

/** What a policy is tried on: a bundle with all that it carries, or a waybill alone. */
export type TrialKind = 'bundle' | 'waybill'

/** What was tried by a policy which is not in force. */
export interface Tried {
  readonly kind: TrialKind
  readonly label: string
  readonly verdict: Verified
}

/** Trying of a policy: nothing is decided, and nothing kept. */
export interface Trial {
  readonly busy: boolean
  readonly tried: Tried | null
  readonly forget: () => void
  readonly start: (source: string, kind: TrialKind) => void
}

async function run(
  source: string,
  on: { readonly kind: TrialKind; readonly place: string },
  fail: (failure: FailureView | null) => void,
): Promise<Verified | null> {
  const started = await call('policy.check', { source, on })
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
  const start = async (source: string, kind: TrialKind): Promise<void> => {
    const purpose = kind === 'bundle' ? 'medium' : 'waybill'
    const chosen = await choose({ purpose, intent: 'open' }, fail)
    if (chosen === null) return
    setTried(null)
    setBusy(true)
    const verdict = await run(source, { kind, place: chosen.place }, fail)
    setBusy(false)
    if (verdict !== null) setTried({ kind, label: chosen.label, verdict })
  }
  return { busy, tried, forget: () => setTried(null), start: (source, kind) => void start(source, kind) }
}
