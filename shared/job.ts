import { z } from 'zod'

export const jobKinds = ['collect', 'seal', 'write', 'readback', 'verify', 'export'] as const
export type JobKind = (typeof jobKinds)[number]

/** Long work as everybody outside main sees it. `done` and `total` are bytes unless the step says otherwise. */
export const zJob = z.strictObject({
  id: z.string(),
  kind: z.enum(jobKinds),
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
  /** What the call it came from promises, once `state` is `done`. */
  result: z.unknown().optional(),
  failure: z.unknown().optional(),
})
export type Job = z.infer<typeof zJob>
