import type { Job } from '../../../shared/calls/job.ts'
import type { JobItem } from '../../../shared/job.ts'

/** Items that an update of a job carries at most; the rest is counted. */
const mostShown = 200
const order: readonly JobItem['state'][] = ['failed', 'working', 'waiting', 'done']

/** The things that one job does, by name. */
export class JobItems {
  private readonly all = new Map<string, JobItem>()

  set(names: readonly string[]): void {
    this.all.clear()
    for (const name of names) {
      this.all.set(name, { name, state: 'waiting', done: 0, total: null, note: null, failure: null })
    }
  }

  change(name: string, change: Partial<Omit<JobItem, 'name'>>): void {
    const one = this.all.get(name)
    if (one !== undefined) this.all.set(name, { ...one, ...change })
  }

  advance(name: string, bytes: number): void {
    const one = this.all.get(name)
    if (one !== undefined) this.all.set(name, { ...one, done: one.done + bytes })
  }

  /** As a job shows them: in their own order while they fit, else the failed and the busy ones first. */
  shown(): Pick<Job, 'items' | 'itemCount' | 'itemsDone'> {
    const all = [...this.all.values()]
    const sorted =
      all.length <= mostShown
        ? all
        : order.flatMap((state) => all.filter((one) => one.state === state)).slice(0, mostShown)
    return {
      items: sorted,
      itemCount: all.length,
      itemsDone: all.filter((one) => one.state === 'done').length,
    }
  }
}
