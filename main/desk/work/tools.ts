import type { JobItem } from '../../../shared/job.ts'
import type { Failure } from '../../platform/failure.ts'
import type { Pool } from '../../platform/workers.ts'
import type { Context } from './context.ts'
import type { JobContext, WayOn } from './jobs.ts'

/** What a stage is given to do long work with. */
export interface JobTools {
  readonly pool: Pool
  readonly signal: AbortSignal
  readonly step: (name: string, total?: number) => void
  readonly advance: (bytes: number) => void
  readonly addTotal: (bytes: number) => void
}

export function toolsOf(context: Context, job: JobContext): JobTools {
  return {
    pool: context.pool(),
    signal: job.signal,
    step: (name, total) => job.step(name, total),
    advance: (bytes) => job.advance(bytes),
    addTotal: (bytes) => job.addTotal(bytes),
  }
}

/** What a stage is given to tell of single things. */
export interface ItemTools {
  readonly name: (names: readonly string[]) => void
  readonly change: (name: string, change: Partial<Omit<JobItem, 'name'>>) => void
  readonly advance: (name: string, bytes: number) => void
  /** Waits until somebody says how to go on with a failed thing; `null` when nobody is there to say so. */
  readonly wayOn: ((name: string, failure: Failure) => Promise<WayOn>) | null
}

export function itemsOf(job: JobContext, patient: boolean): ItemTools {
  return {
    name: (names) => job.items(names),
    change: (name, change) => job.item(name, change),
    advance: (name, bytes) => job.itemAdvance(name, bytes),
    wayOn: patient ? (name, failure) => job.untilSaid(name, failure) : null,
  }
}
