import { useEffect, type ReactNode } from 'react'
import { useMirror } from '../../state/mirror.ts'
import { go, useView } from '../../state/view.ts'
import { Working } from '../working.tsx'
import { LookInto } from './look-into.tsx'

/** What can be done without a desk: looking into what others made. */
export function LookWithoutDesk(): ReactNode {
  const job = useView((view) => view.job)
  const running = useMirror((mirror) => mirror.jobs.find((one) => one.state === 'running')?.id)
  useEffect(() => {
    // A page that was loaded in mid-job goes back to what is under way.
    if (running !== undefined) go({ to: 'job', id: running })
  }, [running])
  return job === null ? <LookInto /> : <Working id={job} />
}
