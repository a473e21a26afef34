import type { Pool } from '../platform/workers.ts'
import type { Context } from './context.ts'
import type { JobContext } from './jobs.ts'

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
