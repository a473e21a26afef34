import { z } from 'zod'
import { zProven } from '../evidence.ts'
import { long, zKeyBy, zPlace, zWay } from './call.ts'

/** Who signs: a key, or whoever a token names; `ambient`: the build service that this runs in. */
const zBy = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('key'), key: zKeyBy }),
  z.strictObject({
    kind: z.literal('token'),
    token: z
      .string()
      .max(64 * 1024)
      .meta({ secret: true }),
  }),
  z.strictObject({ kind: z.literal('ambient') }),
  z.strictObject({ kind: z.literal('browser') }),
  z.strictObject({ kind: z.literal('device') }),
])

/** Where a signed file's bundle was written, and what it proves. */
const zSigned = z.strictObject({
  bundle: z.string(),
  signature: z.string().nullable(),
  proven: zProven,
})
export type SignedFile = z.output<typeof zSigned>

export const signCalls = {
  /**
   * Signs a file, or an in-toto statement, outside any desk. What comes of it is verified before it is written. Without
   * `services` a key signs alone and no connection is opened.
   */
  'sign.start': long(
    z.strictObject({
      file: zPlace,
      statement: z.boolean(),
      by: zBy,
      /** A signing configuration; `public`: the public Sigstore instance, which needs no file. */
      services: z.union([zPlace, z.literal('public')]).optional(),
      root: zPlace.optional(),
      ...zWay,
      bundle: zPlace,
      /** Where the bare signature goes, too. */
      signature: zPlace.optional(),
      /** Whether what is already there may be replaced. */
      replace: z.boolean(),
    }),
    zSigned,
  ),
} as const
