import { create } from 'zustand'
import type { CallOutput, EventValue } from '../../shared/contract.ts'
import type { FailureView } from '../../shared/failure.ts'
import type { Job } from '../../shared/calls/job.ts'
import type { ConsignmentState, ConsignmentView, DeskView } from '../../shared/views.ts'
import { call } from '../bridge.ts'
import { useView } from './view.ts'

/** What main says. The window only mirrors it: it changes here when main has changed it. */
interface Mirror {
  readonly loaded: boolean
  readonly desk: DeskView | null
  /** How many consignments are in each state. The lines themselves are asked for as they are drawn. */
  readonly counts: CallOutput<'consignment.list'>['states']
  /** Rises whenever main was asked again. */
  readonly turn: number
  /** The consignment that is shown, as main last gave it. */
  readonly shown: ConsignmentView | null
  readonly jobs: readonly Job[]
  /** A job that ended while another page was shown. */
  readonly unseen: string | null
  readonly proved: EventValue<'proved'> | null
  /** Why the desk could not be read. */
  readonly failure: FailureView | null
}

export const useMirror = create<Mirror>()(() => ({
  loaded: false,
  desk: null,
  counts: [],
  turn: 0,
  shown: null,
  jobs: [],
  unseen: null,
  proved: null,
  failure: null,
}))

/** How many consignments there are, in some states or in all. */
export function many(counts: Mirror['counts'], states?: readonly ConsignmentState[]): number {
  return counts.reduce(
    (total, { state, count }) => total + (states === undefined || states.includes(state) ? count : 0),
    0,
  )
}

/** The time at the desk when main was last asked: no later than it is. */
export function useNow(): string {
  return useMirror((mirror) => mirror.desk?.clock.now ?? '')
}

/** Asks main for the consignment that is shown. */
export async function refreshShown(id: string | null): Promise<void> {
  if (id === null) {
    useMirror.setState({ shown: null })
    return
  }
  const answer = await call('consignment.show', { id })
  if (useView.getState().consignment !== id) return
  useMirror.setState(
    answer.ok ? { shown: answer.value, failure: null } : { shown: null, failure: answer.failure },
  )
}

/** Asks main for everything that pages show. */
export async function refresh(): Promise<void> {
  const desk = await call('desk.show', {})
  if (!desk.ok) {
    const failure = desk.failure.code === 'no-desk' ? null : desk.failure
    // Work that needed no desk goes on; that of a desk which was closed is nothing to those who come after.
    useMirror.setState(({ desk: before, jobs }) => ({
      loaded: true,
      desk: null,
      counts: [],
      shown: null,
      jobs: before === null ? jobs : [],
      unseen: null,
      proved: null,
      failure,
    }))
    return
  }
  const list = await call('consignment.list', { count: 1 })
  useMirror.setState(({ turn }) => ({
    loaded: true,
    desk: desk.value,
    counts: list.ok ? list.value.states : [],
    turn: turn + 1,
    failure: list.ok ? null : list.failure,
  }))
  await refreshShown(useView.getState().consignment)
}

// A look ahead, or a trial, belongs to the page that asked for it, and takes nobody away from it.
const isOfPage = ({ kind }: Job): boolean => kind === 'preview' || kind === 'policy'

function takeJob(job: Job): void {
  if (isOfPage(job)) return
  useMirror.setState(({ jobs }) => ({ jobs: [...jobs.filter((other) => other.id !== job.id), job] }))
  if (job.state === 'running') return
  if (useView.getState().job !== job.id) useMirror.setState({ unseen: job.id })
  void refresh()
}

/** Begins to listen to main, and asks for what happened before this page was loaded. */
export function connect(): void {
  let waiting = false
  window.bridge.on((event, value) => {
    if (event === 'job') takeJob(value)
    if (event === 'proved') useMirror.setState({ proved: value })
    if (event === 'desk' && !waiting) {
      // Several changes in a row are one question.
      waiting = true
      setTimeout(() => {
        waiting = false
        void refresh()
      }, 50)
    }
  })
  void call('job.list', {}).then((answer) => {
    if (answer.ok) useMirror.setState({ jobs: answer.value.jobs.filter((job) => !isOfPage(job)) })
  })
  void refresh()
}
