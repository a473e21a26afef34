import { create } from 'zustand'
import type { EventValue } from '../../shared/contract.ts'
import type { FailureView } from '../../shared/failure.ts'
import type { Job } from '../../shared/calls/job.ts'
import type { ConsignmentLine, ConsignmentView, DeskView } from '../../shared/views.ts'
import { call } from '../bridge.ts'
import { useView } from './view.ts'

/** What main says. The window only mirrors it: it changes here when main has changed it. */
interface Mirror {
  readonly loaded: boolean
  readonly desk: DeskView | null
  readonly consignments: readonly ConsignmentLine[]
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
  consignments: [],
  shown: null,
  jobs: [],
  unseen: null,
  proved: null,
  failure: null,
}))

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
    useMirror.setState({
      loaded: true,
      desk: null,
      consignments: [],
      shown: null,
      jobs: [],
      unseen: null,
      proved: null,
      failure,
    })
    return
  }
  const list = await call('consignment.list', {})
  const consignments = list.ok ? list.value.consignments : []
  useMirror.setState({ loaded: true, desk: desk.value, consignments, failure: list.ok ? null : list.failure })
  await refreshShown(useView.getState().consignment)
}

function takeJob(job: Job): void {
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
    if (answer.ok) useMirror.setState({ jobs: answer.value.jobs })
  })
  void refresh()
}
