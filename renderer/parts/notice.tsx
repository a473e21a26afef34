import type { ReactNode } from 'react'
import { useMirror } from '../state/mirror.ts'
import { go, useView } from '../state/view.ts'
import { jobWords } from '../text/words.ts'
import { Act } from './act.tsx'

/** The way back to long work that goes on, or ended, while another page is shown. */
export function Notice(): ReactNode {
  const running = useMirror((mirror) => mirror.jobs.find((one) => one.state === 'running'))
  const unseen = useMirror((mirror) => mirror.unseen)
  const shown = useView((view) => view.job)
  const job = running?.id ?? unseen
  if (job === null || job === shown) return null
  const back = (): void => {
    useMirror.setState({ unseen: null })
    go({ to: 'job', id: job })
  }
  const going = running === undefined ? undefined : jobWords[running.kind]?.heading
  return (
    <section className="card notice" aria-label="Long work">
      <p>
        {running === undefined ? 'The work that was under way has ended.' : (going ?? 'Work is under way.')}
      </p>
      <Act kind="link" onPress={back}>
        {running === undefined ? 'Show what came of it' : 'Show how far it is'}
      </Act>
    </section>
  )
}
