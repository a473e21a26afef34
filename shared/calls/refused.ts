import { z } from 'zod'
import { zDigest, zTime } from '../schema.ts'
import { outcomes, zCounts, zVerdict } from '../verdict.ts'
import { call } from './call.ts'

/** A reading of a medium or tar that made no consignment, because its signatures did not pass. */
export const zRefused = z.strictObject({
  /** The number of its event in the ledger. */
  sequence: z.number().int().min(1),
  at: zTime,
  scope: z.enum(['medium', 'tar']),
  /** The waybill that was found there; `null` where none was. */
  waybill: zDigest.nullable(),
  outcome: z.enum(outcomes),
  counts: zCounts,
})
export type Refused = z.infer<typeof zRefused>

export const refusedCalls = {
  /** The newest first. High only. */
  'refused.list': call(
    z.strictObject({ from: z.number().int().min(0), count: z.number().int().min(1).max(100) }),
    z.strictObject({ total: z.number(), refused: z.array(zRefused) }),
  ),
  /** One of them, with its verdict; `null` where none was kept, as by earlier versions. */
  'refused.show': call(
    z.strictObject({ sequence: z.number().int().min(1) }),
    z.strictObject({ reading: zRefused, verdict: zVerdict.nullable() }),
  ),
} as const
