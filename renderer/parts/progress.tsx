import { useEffect, useRef, useState, type ReactNode } from 'react'
import { ProgressBar } from 'react-aria-components'
import type { Job } from '../../shared/calls/job.ts'
import { duration, size } from '../text/format.ts'
import { countsThings, stepWords } from '../../shared/text/job-steps.ts'

/** Speaks each change of step and each ten per cent, politely. */
function useSpoken(job: Job): string {
  const [spoken, setSpoken] = useState('')
  const last = useRef('')
  const tenth = job.total === null || job.total === 0 ? 0 : Math.floor((job.done / job.total) * 10)
  useEffect(() => {
    const mark = `${job.step} ${tenth}`
    if (mark === last.current) return
    last.current = mark
    const what = stepWords[job.step] ?? job.step
    setSpoken(tenth === 0 ? what : `${what}, ${tenth * 10} per cent`)
  }, [job.step, tenth])
  return spoken
}

/** Long work: what is being done, bytes of bytes, rate, time left. */
export function Progress({ job }: { readonly job: Job }): ReactNode {
  const spoken = useSpoken(job)
  const { done, total, rate, left } = job
  const amount = (value: number): string => (countsThings(job.step) ? String(value) : size(value))
  const known = total !== null && total > 0
  const percent = known ? Math.min(100, (done / total) * 100) : 0
  return (
    <section className="card progress" aria-label="Progress">
      <ProgressBar value={percent} isIndeterminate={!known} aria-label={stepWords[job.step] ?? job.step}>
        <header className="line">
          <h2>{stepWords[job.step] ?? job.step}</h2>
          <span className="mono">
            {known ? `${amount(done)} of ${amount(total)} · ${Math.floor(percent)} %` : ''}
          </span>
        </header>
        <div className="track">
          <div className="fill" style={{ width: `${percent}%` }} />
        </div>
      </ProgressBar>
      <p className="line soft">
        <span>{rate > 0 && !countsThings(job.step) ? `${size(rate)} a second` : ''}</span>
        <span>{left === null ? 'time left not known yet' : `about ${duration(left)} left in this step`}</span>
        <span>
          step {Math.max(1, job.steps.indexOf(job.step) + 1)} of {job.steps.length}
        </span>
      </p>
      <p className="hidden" role="status" aria-live="polite">
        {spoken}
      </p>
    </section>
  )
}
