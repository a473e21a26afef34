import { z } from 'zod'
import { zFailure } from './failure.ts'

/** One thing that long work does among others: an item that is collected, a part that is read. */
export const zJobItem = z.strictObject({
  name: z.string(),
  /** `left-out`: somebody said that the others go on without it. */
  state: z.enum(['waiting', 'working', 'done', 'failed', 'left-out']),
  /** Bytes. `total` is `null` until it is known. */
  done: z.number(),
  total: z.number().nullable(),
  /** What is known of it by now: a digest, or where it stands. */
  note: z.string().nullable(),
  /** Why it failed. The work waits for `job.retry`, `job.leave-out` or `job.cancel`. */
  failure: zFailure.nullable(),
})
export type JobItem = z.infer<typeof zJobItem>

/** Long work as everybody outside main sees it. `done` and `total` are bytes unless the step says otherwise. */
export const zJobOf = <const Kind extends string, Result extends z.ZodType>(kind: Kind, result: Result) =>
  z.strictObject({
    id: z.string(),
    kind: z.literal(kind),
    state: z.enum(['running', 'done', 'failed', 'cancelled']),
    /** The consignment it works on, once that is known. */
    consignment: z.string().nullable(),
    step: z.string(),
    steps: z.array(z.string()),
    done: z.number(),
    total: z.number().nullable(),
    /** Units a second, over the last five seconds. */
    rate: z.number(),
    /** Seconds; `null` until it can be estimated. */
    left: z.number().nullable(),
    /** Failed ones first, then those under way; at most 200. */
    items: z.array(zJobItem),
    /** How many items there are, and how many are done. */
    itemCount: z.number(),
    itemsDone: z.number(),
    /** What the call it came from promises, once `state` is `done`. */
    result: result.optional(),
    /** Why it ended, once `state` is `failed` or `cancelled`. */
    failure: zFailure.optional(),
  })
