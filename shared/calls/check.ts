import { z } from 'zod'
import { zProven } from '../evidence.ts'
import { zReason } from '../reason.ts'
import { long, zPlace } from './call.ts'

/** What a check of a file against a public key came to. */
const zChecked = z.strictObject({
  accepted: z.boolean(),
  reason: zReason.nullable(),
  /** What its bundle proves; a bare signature proves only that the key made it over the file. */
  proven: zProven.nullable(),
  /** How an accepted bare signature was made, in words. */
  scheme: z.string().nullable(),
  key: z.string(),
})
export type CheckedFile = z.output<typeof zChecked>

export const checkCalls = {
  /** Checks a file against a public key, by a bundle or a bare signature, outside any desk. */
  'check.start': long(
    z.strictObject({
      file: zPlace,
      key: zPlace,
      by: z.strictObject({ kind: z.enum(['bundle', 'signature']), place: zPlace }),
    }),
    zChecked,
  ),
} as const
