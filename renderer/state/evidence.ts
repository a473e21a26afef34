import { useEffect, useState } from 'react'
import type { ConsignmentEvidence } from '../../shared/evidence.ts'
import type { FailureView } from '../../shared/failure.ts'
import { call } from '../bridge.ts'

/** What was judged of a consignment; `null` while it is asked for. */
export type Judged =
  | { readonly evidence: ConsignmentEvidence | null; readonly failure: null }
  | { readonly evidence: null; readonly failure: FailureView }

/** Asks main what this desk judged of a consignment; again whenever `about` changes. */
export function useEvidence(id: string, about: string): Judged | null {
  const [judged, setJudged] = useState<Judged | null>(null)
  useEffect(() => {
    let current = true
    void call('consignment.evidence', { id }).then((answer) => {
      if (!current) return
      setJudged(
        answer.ok
          ? { evidence: answer.value.evidence, failure: null }
          : { evidence: null, failure: answer.failure },
      )
    })
    return () => {
      current = false
    }
  }, [id, about])
  return judged
}
