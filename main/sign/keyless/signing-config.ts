import { z } from 'zod'
import { Failure } from '../../platform/failure.ts'
import { isLoopback } from '../../platform/hop.ts'
import { JsonError, parseStrict } from '../../platform/json.ts'
import { withoutNulls } from '../../sigstore/parse.ts'

const mediaType = 'application/vnd.dev.sigstore.signingconfig.v0.2+json'

const zInstant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/)
  .transform((text) => Date.parse(text))
  .refine((at) => !Number.isNaN(at), 'a time that exists')

const zAddress = z
  .string()
  .max(2048)
  .transform((text, check): URL => {
    try {
      const url = new URL(text)
      const plain = url.protocol === 'http:' && isLoopback(url.host)
      if ((url.protocol === 'https:' || plain) && url.username === '' && url.password === '') return url
    } catch {
      // Said below, for every address that is none.
    }
    check.addIssue({ code: 'custom', message: 'an https address' })
    return z.NEVER
  })

const zService = z.strictObject({
  url: zAddress,
  majorApiVersion: z.number().int().min(0).max(1000).default(0),
  validFor: z.strictObject({ start: zInstant, end: zInstant.optional() }),
  operator: z.string().max(2048).default(''),
})

const zChoice = z.strictObject({
  selector: z.enum(['ANY', 'ALL', 'EXACT']),
  count: z.number().int().min(0).max(64).optional(),
})

const zServices = z.array(zService).max(64).default([])

const zConfig = z.strictObject({
  mediaType: z.literal(mediaType),
  caUrls: zServices,
  oidcUrls: zServices,
  rekorTlogUrls: zServices,
  tsaUrls: zServices,
  rekorTlogConfig: zChoice.optional(),
  tsaConfig: zChoice.optional(),
})

/** A `signing_config.json`: where signatures are made, logged and stamped. */
export type SigningConfig = z.output<typeof zConfig>

/** A service that was chosen. */
export interface Service {
  readonly url: URL
  readonly version: number
  readonly operator: string
}

/** What one signing uses. */
export interface Services {
  readonly logs: readonly Service[]
  readonly timestamps: readonly Service[]
}

/** No log and no timestamp: a key alone. */
export const noServices: Services = { logs: [], timestamps: [] }

/** The versions of each interface that this program speaks. */
const spoken = { fulcio: [1], issuer: [1], log: [1, 2], timestamp: [1] } as const

/**
 * Reads a signing configuration strictly.
 *
 * @throws Failure `signing-config`
 */
export function readSigningConfig(bytes: Uint8Array): SigningConfig {
  const expected = `a Sigstore signing configuration (${mediaType})`
  let value: unknown
  try {
    value = withoutNulls(parseStrict(bytes))
  } catch (error) {
    const found = error instanceof JsonError ? error.message : 'not JSON'
    throw new Failure('signing-config', { expected, found }, error)
  }
  const parsed = zConfig.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const found = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'another shape'}`
  throw new Failure('signing-config', { expected, found })
}

type Listed = z.output<typeof zService>

// Newest interface first, then the newest start; of each operator only the best.
function usable(services: readonly Listed[], versions: readonly number[], now: Date): Service[] {
  const at = now.getTime()
  const valid = services.filter(
    ({ majorApiVersion, validFor }) =>
      versions.includes(majorApiVersion) && validFor.start <= at && at <= (validFor.end ?? Infinity),
  )
  valid.sort((a, b) => b.majorApiVersion - a.majorApiVersion || b.validFor.start - a.validFor.start)
  const operators = new Set<string>()
  return valid.flatMap(({ url, majorApiVersion, operator }) => {
    if (operators.has(operator)) return []
    operators.add(operator)
    return [{ url, version: majorApiVersion, operator }]
  })
}

function none(subject: string, listed: number, expected: string | number): Failure {
  const found =
    listed === 0 ? 'none is named' : `of ${listed} named, too few are valid now and of a known version`
  return new Failure('service-none', { subject, expected, found })
}

function chosen(
  subject: string,
  listed: readonly Listed[],
  choice: z.output<typeof zChoice> | null | undefined,
  versions: readonly number[],
  now: Date,
): Service[] {
  if (listed.length === 0 && (choice === null || choice === undefined)) return []
  const found = usable(listed, versions, now)
  const selector = choice?.selector ?? 'ANY'
  const count = selector === 'EXACT' ? (choice?.count ?? 0) : 1
  if (found.length < Math.max(count, 1)) throw none(subject, listed.length, Math.max(count, 1))
  return selector === 'ALL' ? found : found.slice(0, Math.max(count, 1))
}

/**
 * The logs and timestamp authorities to use now.
 *
 * @throws Failure `service-none` when the configuration asks for more than can be used
 */
export function servicesOf(config: SigningConfig, now: Date): Services {
  return {
    logs: chosen('log', config.rekorTlogUrls, config.rekorTlogConfig, spoken.log, now),
    timestamps: chosen('timestamp authority', config.tsaUrls, config.tsaConfig, spoken.timestamp, now),
  }
}

/**
 * The certificate authority to use now.
 *
 * @throws Failure `service-none`
 */
export function authorityOf(config: SigningConfig, now: Date): Service {
  const [first] = usable(config.caUrls, spoken.fulcio, now)
  if (first === undefined) throw none('certificate authority', config.caUrls.length, 1)
  return first
}

/**
 * The identity provider to sign in at.
 *
 * @throws Failure `service-none`
 */
export function issuerOf(config: SigningConfig, now: Date): Service {
  const [first] = usable(config.oidcUrls, spoken.issuer, now)
  if (first === undefined) throw none('identity provider', config.oidcUrls.length, 1)
  return first
}
