import { useEffect, type ReactNode } from 'react'
import type { FailureView } from '../../shared/failure.ts'
import type { Job } from '../../shared/job.ts'
import type { Verified } from '../../shared/contract.ts'
import { call } from '../bridge.ts'
import { Act } from '../parts/act.tsx'
import { FailureBox } from '../parts/failure.tsx'
import { Frame } from '../parts/frame.tsx'
import { Progress } from '../parts/progress.tsx'
import { useMirror } from '../state/mirror.ts'
import { go } from '../state/view.ts'
import { jobWords } from '../text/words.ts'
import { VerdictPage } from './verdict-page.tsx'

const endedHeading: Readonly<Record<string, string>> = {
  cancelled: 'The work was cancelled',
  failed: 'The work could not be done',
}

function Ended({ job }: { readonly job: Job }): ReactNode {
  const consignment = useMirror((mirror) => mirror.shown)
  return (
    <Frame
      heading={endedHeading[job.state] ?? 'The work has ended'}
      next="Nothing that looks finished was left behind."
      consignment={consignment}
      acts={
        <Act kind="primary" onPress={() => go({ to: 'start' })}>
          Back to the consignments
        </Act>
      }
    >
      <FailureBox failure={(job.failure as FailureView | undefined) ?? null} />
    </Frame>
  )
}

function Done({ job }: { readonly job: Job }): ReactNode {
  const verified = job.kind === 'verify' ? (job.result as Verified) : null
  const id = verified === null ? job.consignment : (verified.id ?? null)
  const state = useMirror((mirror) => mirror.consignments.find((one) => one.id === id)?.state)
  // Something decided before was read again: its own page stands, what was found now is shown here.
  const again = verified !== null && (state === 'accepted' || state === 'rejected' || state === 'exported')
  useEffect(() => {
    // The consignment's own page shows the result, and stays until somebody leaves it.
    if (id !== null && !again)
      go({ to: 'consignment', id, step: job.kind === 'export' ? 'export' : 'verdict' })
  }, [id, again, job.kind])
  // Reading stopped before the signatures passed: there is no consignment, only this verdict.
  return verified !== null && (id === null || again) ? <VerdictPage verified={verified} /> : null
}

/** Long work, as main tells it. */
export function Working({ id }: { readonly id: string }): ReactNode {
  const job = useMirror((mirror) => mirror.jobs.find((one) => one.id === id))
  const consignment = useMirror((mirror) => mirror.shown)
  if (job === undefined) return null
  if (job.state === 'done') return <Done job={job} />
  if (job.state !== 'running') return <Ended job={job} />
  const words = jobWords[job.kind]
  return (
    <Frame
      heading={words?.heading ?? 'Work is under way'}
      next={words?.cancel ?? 'Cancelling is safe.'}
      consignment={job.kind === 'export' ? consignment : null}
      acts={<Act onPress={() => void call('job.cancel', { job: id })}>Cancel</Act>}
    >
      <Progress job={job} />
    </Frame>
  )
}
