import { useEffect, useState, type ReactNode } from 'react'
import type { Job, JobKind } from '../../shared/calls/job.ts'
import type { ConsignmentState } from '../../shared/views.ts'
import { call } from '../bridge.ts'
import { Act } from '../parts/act.tsx'
import { Badge } from '../parts/badge.tsx'
import { FailureBox } from '../parts/failure.tsx'
import { Frame } from '../parts/frame.tsx'
import { JobItems } from '../parts/job-items.tsx'
import { Progress } from '../parts/progress.tsx'
import { clearDraft } from '../state/draft.ts'
import { useMirror } from '../state/mirror.ts'
import { go, useView, type Move, type Step } from '../state/view.ts'
import { jobWords } from '../text/words.ts'
import { CapacityPage } from './capacity-page.tsx'
import { LookedPage } from './look/looked-page.tsx'
import { ReadBackPage } from './low/read-back-page.tsx'
import { VerdictPage } from './high/verdict-page.tsx'

const endedHeading: Readonly<Record<string, string>> = {
  cancelled: 'The work was cancelled',
  failed: 'The work could not be done',
}

/** Where somebody goes on after work that did not end well. */
function backTo(
  job: Job,
  id: string | null,
  target: string | null,
): { readonly name: string; readonly move: Move } {
  if (job.kind === 'collect') return { name: 'Back to the request', move: { to: 'request' } }
  if (job.kind === 'look' && job.consignment === null)
    return { name: 'Back to what to look into', move: { to: 'look' } }
  if (job.kind === 'capacity') return { name: 'Media register', move: { to: 'place', place: 'media' } }
  const pages: Readonly<Partial<Record<JobKind, Step>>> = {
    write: 'write',
    waybill: 'approve',
    export: 'export',
    seal: 'seal',
    readback: 'readback',
    look: 'verdict',
  }
  const step = pages[job.kind]
  return id === null || step === undefined
    ? { name: 'Back to the consignments', move: { to: 'start' } }
    : {
        name: 'Back to the consignment',
        move: { to: 'consignment', id, step, ...(target === null ? {} : { target }) },
      }
}

/** What somebody cancelled: no failure, and said as calmly. */
function Cancelled({ job }: { readonly job: Job }): ReactNode {
  const ready = job.items.filter(({ state }) => state === 'done').length
  return (
    <section className="card" role="status" aria-label="What cancelling left">
      <h2>Cancelled, as you asked</h2>
      <p>
        {jobWords[job.kind]?.cancel.replace(/^Cancelling is safe: /, 'It is safe: ') ?? 'Nothing was lost.'}
      </p>
      {job.items.length === 0 ? null : (
        <p>
          {ready} of {job.itemCount} had come in whole. Start it again when you are ready.
        </p>
      )}
    </section>
  )
}

// What arrived at a registry stays there, so that nothing is sent twice.
function leftBehind({ kind, failure }: Job): string {
  if (kind === 'seal') return 'What arrived at the registry stays there. Sealing again goes on with it.'
  return ['landing-incomplete', 'landing-changed', 'tag-fixed'].includes(failure?.code ?? '')
    ? 'What arrived at the registry stays there, and the record says that it is not finished.'
    : 'Nothing that looks finished was left behind.'
}

function Ended({ job }: { readonly job: Job }): ReactNode {
  const consignment = useMirror((mirror) => mirror.shown)
  const target = useView((view) => view.target)
  const { name, move } = backTo(job, job.consignment ?? consignment?.id ?? null, target)
  return (
    <Frame
      heading={endedHeading[job.state] ?? 'The work has ended'}
      next={leftBehind(job)}
      consignment={consignment}
      acts={
        <Act kind="primary" onPress={() => go(move)}>
          {name}
        </Act>
      }
    >
      {job.state === 'cancelled' ? <Cancelled job={job} /> : <FailureBox failure={job.failure ?? null} />}
      <JobItems job={job} />
    </Frame>
  )
}

/** Where the result of work on a consignment is shown; other work has no page of its own. */
const after: Readonly<Partial<Record<JobKind, Step>>> = {
  collect: 'items',
  waybill: 'approve',
  write: 'readback',
  readback: 'readback',
  verify: 'verdict',
  export: 'export',
  seal: 'seal',
}

/** The state of a consignment, `null` where main does not say; `asking` until it has answered. */
function useStateOf(id: string | null): ConsignmentState | null | 'asking' {
  const [found, setFound] = useState<{ id: string; state: ConsignmentState | null } | null>(null)
  useEffect(() => {
    if (id === null) return
    void call('consignment.show', { id }).then((answer) =>
      setFound({ id, state: answer.ok ? answer.value.state : null }),
    )
  }, [id])
  if (id === null) return null
  return found?.id === id ? found.state : 'asking'
}

/** A medium that was repaired to a copy: the copy is still to be judged. */
function RepairedPage({ job }: { readonly job: Extract<Job, { kind: 'repair' }> }): ReactNode {
  const side = useMirror((mirror) => mirror.desk?.card.side)
  const { damaged = [], folder = '', silent = null } = job.result ?? {}
  return (
    <Frame
      heading={
        damaged.length === 0 ? 'Nothing was damaged; a copy was made' : 'The medium was repaired to a copy'
      }
      means="The copy proves nothing by itself: it is judged like any other medium."
      next="Next: read the copy."
      consignment={null}
      acts={
        <Act kind="primary" onPress={() => go({ to: side === 'high' ? 'receive' : 'start' })}>
          {side === 'high' ? 'Read the copy…' : 'Back to the consignments'}
        </Act>
      }
    >
      <section className="card">
        <p>
          New folder: <code>{folder}</code>
        </p>
        {damaged.length === 0 ? null : <p>Damaged and repaired: {damaged.join(', ')}</p>}
        {silent === false ? (
          <p>
            <Badge result="not-checked" text="Not checked" /> whether the program that repaired it opened a
            connection.
          </p>
        ) : null}
      </section>
    </Frame>
  )
}

/** Work that has no page for what came of it. */
function Finished(): ReactNode {
  return (
    <Frame
      heading="The work is done"
      next="Go back to the consignments."
      consignment={null}
      acts={
        <Act kind="primary" onPress={() => go({ to: 'start' })}>
          Back to the consignments
        </Act>
      }
    >
      <p>What came of it is with whoever asked for it.</p>
    </Frame>
  )
}

function Done({ job }: { readonly job: Job }): ReactNode {
  const side = useMirror((mirror) => mirror.desk?.card.side)
  const read = job.kind === 'verify' || job.kind === 'readback' ? (job.result ?? null) : null
  const id = read === null ? job.consignment : (read.id ?? null)
  const state = useStateOf(job.kind === 'verify' ? id : null)
  // Something decided before was read again: its own page stands, what was found now is shown here.
  const decided = state === 'accepted' || state === 'rejected' || state === 'exported' || state === 'closed'
  const own = job.kind === 'readback' ? read?.outcome !== 'passed' || id === null : id === null || decided
  const stays = read !== null && own
  const target = job.kind === 'seal' ? job.result?.target : undefined
  useEffect(() => {
    if (job.kind === 'collect') clearDraft()
    // The consignment's own page shows the result, and stays until somebody leaves it.
    // A high desk reads back what it handed on; that lies on the page of the export.
    const step = job.kind === 'readback' && side === 'high' ? 'export' : after[job.kind]
    if (id !== null && step !== undefined && !stays && state !== 'asking')
      go({ to: 'consignment', id, step, ...(target === undefined ? {} : { target }) })
  }, [id, stays, state, job.kind, side, target])
  if (job.kind === 'look' && job.result !== undefined)
    return <LookedPage looked={job.result} consignment={job.consignment} />
  if (job.kind === 'repair') return <RepairedPage job={job} />
  if (job.kind === 'capacity' && job.result !== undefined) return <CapacityPage result={job.result} />
  if (after[job.kind] === undefined) return <Finished />
  if (read === null || !own) return null
  return job.kind === 'readback' ? <ReadBackPage verified={read} /> : <VerdictPage verified={read} />
}

/** Work on what is no consignment of this desk, or not yet. */
const anew: readonly JobKind[] = ['verify', 'collect']

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
      consignment={anew.includes(job.kind) ? null : consignment}
      acts={<Act onPress={() => void call('job.cancel', { job: id })}>Cancel</Act>}
    >
      <Progress job={job} />
      <JobItems job={job} />
    </Frame>
  )
}
