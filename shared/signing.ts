import { z } from 'zod'
import { zAuthorities, zPlace, zSecret } from './calls.ts'
import { zProven } from './evidence.ts'
import { zReason } from './reason.ts'

/* Signing and checking of single files, outside any desk. */

/** Who signs: a key, or whoever a token names; `ambient`: the build service that this runs in. */
const zBy = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('key'), key: zPlace, passphrase: zSecret }),
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

/**
 * A file, or an in-toto statement, to be signed. What comes of it is verified before it is written. Without `services`
 * a key signs alone and no connection is opened.
 */
export const zSignInput = z.strictObject({
  file: zPlace,
  statement: z.boolean(),
  by: zBy,
  /** A signing configuration; `public`: the public Sigstore instance, which needs no file. */
  services: z.union([zPlace, z.literal('public')]).optional(),
  root: zPlace.optional(),
  ca: zAuthorities,
  bundle: zPlace,
  /** Where the bare signature goes, too. */
  signature: zPlace.optional(),
  /** Whether what is already there may be replaced. */
  replace: z.boolean(),
})

/** A file to be checked with a public key. */
export const zCheckInput = z.strictObject({
  file: zPlace,
  key: zPlace,
  by: z.strictObject({ kind: z.enum(['bundle', 'signature']), place: zPlace }),
})

/** The result of `sign.start`: where it was written, and what it proves. */
export const zSigned = z.strictObject({
  bundle: z.string(),
  signature: z.string().nullable(),
  proven: zProven,
})
export type SignedFile = z.output<typeof zSigned>

/** The result of `check.start`. */
export const zChecked = z.strictObject({
  accepted: z.boolean(),
  reason: zReason.nullable(),
  /** What its bundle proves; a bare signature proves only that the key made it over the file. */
  proven: zProven.nullable(),
  key: z.string(),
})
export type CheckedFile = z.output<typeof zChecked>
