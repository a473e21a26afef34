import { z } from 'zod'

/* What the calls of the contract are made of. */

/** A PlaceId. */
export const zPlace = z.string().regex(/^place-[0-9a-f]{32}$/)
/** Passes once, is never kept, logged or shown. */
export const zSecret = z.string().max(1024).meta({ secret: true })
/** Certificate authorities of hosts that have their own. */
export const zAuthorities = z
  .array(z.strictObject({ host: z.string().max(300), place: zPlace }))
  .max(100)
  .optional()
export const zNothing = z.strictObject({})
/** Who signs, with which key. */
export const zSigner = { person: z.string(), key: zPlace, passphrase: zSecret }

/** A call: what goes in, what comes out. */
export const call = <In extends z.ZodType, Out extends z.ZodType>(input: In, output: Out) => ({
  in: input,
  out: output,
})
