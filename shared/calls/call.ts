import { z } from 'zod'
import { zUuid } from '../schema.ts'

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
/** A proxy, instead of the one that the environment names; a log-in may stand in its address or in a file. */
export const zProxy = z.strictObject({ url: zSecret.optional(), auth: zPlace.optional() }).optional()
/** Certificates, with their keys, that prove to hosts who asks. */
const zClients = z
  .array(z.strictObject({ host: z.string().max(300), cert: zPlace, key: zPlace }))
  .max(100)
  .optional()
/** How an act goes out: authorities, what proves who asks, a folder with both for several hosts, and a proxy. */
export const zWay = { ca: zAuthorities, clients: zClients, certs: zPlace.optional(), proxy: zProxy }
/** What an act that speaks to a registry is given: a file of credentials besides. */
export const zAccess = { auth: zPlace.optional(), ...zWay }
export const zNothing = z.strictObject({})
/** Where a private key is kept, and what opens it. Other carriers are other members. */
export const zKeyBy = z.union([z.strictObject({ file: zPlace, passphrase: zSecret })])
export type KeyBy = z.infer<typeof zKeyBy>
/** Who signs, with which key. */
export const zSigner = { person: z.string(), by: zKeyBy }
/** A registry, and the path in it before every name. */
export const zLandingTarget = z.strictObject({ host: z.string().max(300), prefix: z.string().max(200) })
/** The passphrase of the landing key, where it has one. */
export const zLandingOpened = { passphrase: zSecret.optional() }
export const zConsignmentId = z.strictObject({ id: zUuid })

/** What long work answers with at once: the id of its job. */
export const zStarted = z.strictObject({ job: z.string() })

/** An answer spreads its value beside `ok`, so no output may have a field of that name. */
type WithoutOk<Out extends z.ZodType> = string extends keyof z.output<Out>
  ? Out
  : 'ok' extends keyof z.output<Out>
    ? never
    : Out

/** A call: what goes in, what comes out. */
export const call = <In extends z.ZodType, Out extends z.ZodType>(input: In, output: WithoutOk<Out>) => ({
  in: input,
  out: output as Out,
})

/** A call that starts long work: what goes in, and what its job ends with once it is done. */
export const long = <In extends z.ZodType, Result extends z.ZodType>(input: In, result: Result) => ({
  in: input,
  out: zStarted,
  result,
})
