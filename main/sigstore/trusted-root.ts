import { z } from 'zod'
import { digestOf } from '../platform/hash.ts'
import { limits } from '../platform/limits.ts'
import type { Digest } from '../../shared/digest.ts'
import { readShape, strictJson, withoutNulls, zBytes } from './parse.ts'
import { Refusal } from './refusal.ts'
import { schemeOfDetails, type Scheme } from './signature.ts'
import { readVerifierKey, UnknownKey, type VerifierKey } from './verifier-key.ts'
import { readCertificate, signatureSchemes, type Certificate } from './x509/certificate.ts'
import type { Authority, Window } from './x509/chain.ts'

/** A transparency log or certificate log that a trusted root names. */
export interface TrustedLog {
  /** What Rekor v2 signs its checkpoints as: the host name of `baseUrl`, or the host with its port. */
  readonly names: readonly string[]
  readonly baseUrl: string
  readonly operator: string
  readonly id: Buffer
  /** The four bytes before its signatures in checkpoints. */
  readonly noteId: Buffer
  readonly key: VerifierKey
  readonly scheme: Scheme
  readonly window: Window
}

/** A `trusted_root.json`: whom a verifier believes, and when. */
export interface TrustedRoot {
  readonly digest: Digest
  /** The file itself: the second verifier reads it by a parser of its own. */
  readonly source: Buffer
  readonly logs: readonly TrustedLog[]
  readonly certificateLogs: readonly TrustedLog[]
  readonly authorities: readonly Authority[]
  readonly timestampAuthorities: readonly Authority[]
  /** What the file names that this program cannot use, and why. It counts for nothing. */
  readonly unusable: readonly string[]
}

const mediaTypes = [
  'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
  'application/vnd.dev.sigstore.trustedroot.v0.1+json',
  'application/vnd.dev.sigstore.trustedroot.v0.2+json',
] as const

// RFC 3339 with any number of fractional digits, as the JSON form of protobuf's Timestamp allows.
const instant =
  /^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):\d{2})$/
// Date.parse takes 30 February for 2 March.
const isDay = (day: string): boolean => {
  const at = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day)
}
const zInstant = z
  .string()
  .regex(instant)
  .refine((text) => isDay(text.slice(0, 10)) && !Number.isNaN(Date.parse(text)), 'not a time that exists')
  .transform((text) => Date.parse(text))

const zWindow = z.strictObject({ start: zInstant.optional(), end: zInstant.optional() })
const zLogId = z.strictObject({ keyId: zBytes })
const zText = z.string().max(2048)

const zLog = z.strictObject({
  baseUrl: zText.default(''),
  hashAlgorithm: zText.optional(),
  publicKey: z.strictObject({ rawBytes: zBytes, keyDetails: zText, validFor: zWindow.optional() }),
  logId: zLogId,
  checkpointKeyId: zLogId.optional(),
  operator: zText.default(''),
})

const zAuthority = z.strictObject({
  subject: z.strictObject({ organization: zText.optional(), commonName: zText.optional() }).optional(),
  uri: zText.default(''),
  certChain: z.strictObject({
    certificates: z
      .array(z.strictObject({ rawBytes: zBytes }))
      .min(1)
      .max(10),
  }),
  validFor: zWindow.optional(),
  operator: zText.default(''),
})

const zRoot = z.strictObject({
  mediaType: z.enum(mediaTypes),
  tlogs: z.array(zLog).max(64).default([]),
  ctlogs: z.array(zLog).max(64).default([]),
  certificateAuthorities: z.array(zAuthority).max(64).default([]),
  timestampAuthorities: z.array(zAuthority).max(64).default([]),
})

function windowOf(window: z.output<typeof zWindow> | undefined, what: string): Window {
  const start = window?.start ?? null
  if (start === null) {
    throw new Refusal('root.window', `validFor.start for ${what}: from when it counts`, 'none')
  }
  const end = window?.end ?? Infinity
  if (end < start)
    throw new Refusal('root.window', `validFor of ${what} that does not end before it starts`, 'it does')
  return { start, end }
}

function namesOf(baseUrl: string): string[] {
  try {
    const url = new URL(baseUrl)
    return [...new Set([url.hostname, url.host])]
  } catch {
    return []
  }
}

// Old instances stay in the file for old signatures, some with keys that no verifier should take today.
function logOf(log: z.output<typeof zLog>, unusable: string[]): TrustedLog[] {
  const window = windowOf(log.publicKey.validFor, `the log ${log.baseUrl}`)
  let key: VerifierKey
  try {
    key = readVerifierKey(log.publicKey.rawBytes)
  } catch (error) {
    if (!(error instanceof UnknownKey)) throw error
    unusable.push(`log ${log.baseUrl}: ${error.message}`)
    return []
  }
  const scheme = schemeOfDetails(log.publicKey.keyDetails, key.kind)
  if (scheme === null || log.logId.keyId.length < 4) {
    unusable.push(`log ${log.baseUrl}: ${log.publicKey.keyDetails} for another key, or none of ours`)
    return []
  }
  const noteId = (log.checkpointKeyId?.keyId ?? log.logId.keyId).subarray(0, 4)
  const { baseUrl, operator } = log
  return [{ names: namesOf(baseUrl), baseUrl, operator, id: log.logId.keyId, noteId, key, scheme, window }]
}

// An id is made from a key (RFC 6962, 3.2; Rekor v2 specification): a second key under it is a mistake, or a trap.
function withOneKey(logs: readonly TrustedLog[], unusable: string[]): TrustedLog[] {
  const keys = new Map<string, string>()
  return logs.filter(({ id, key, baseUrl }) => {
    const name = id.toString('hex')
    const first = keys.get(name) ?? key.fingerprint
    keys.set(name, first)
    if (first === key.fingerprint) return true
    unusable.push(`log ${baseUrl}: a second key for the id ${name}`)
    return false
  })
}

// A signature that nobody here can check makes no path; that of the anchor on itself is never asked.
function checkAlgorithms(certificates: readonly Certificate[]): void {
  const strange = certificates.slice(0, -1).find((one) => !Object.hasOwn(signatureSchemes, one.signatureOid))
  if (strange === undefined) return
  const found = `signed with the algorithm ${strange.signatureOid}`
  throw new Refusal('certificate.algorithm', 'a signature of the algorithm table', found)
}

// One that uses an algorithm which is not taken is left out and told: it must not cost the use of all the others.
type WrittenAuthority = z.output<typeof zAuthority>

function authorityOf(authority: WrittenAuthority, unusable: string[]): Authority | Refusal {
  const { uri, operator } = authority
  const window = windowOf(authority.validFor, `the authority ${uri}`)
  try {
    const certificates = authority.certChain.certificates.map(({ rawBytes }) => readCertificate(rawBytes))
    checkAlgorithms(certificates)
    return { uri, operator, certificates, window }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { expected, found } = error.reason
    unusable.push(`authority ${uri}: ${found}`)
    return new Refusal('root.certificate', expected, `${uri}: ${found}`)
  }
}

// One that cannot be used is left out and told. Where none is left the file is not what it says: somebody must know.
function authoritiesOf(list: readonly WrittenAuthority[], unusable: string[]): Authority[] {
  const read = list.map((one) => authorityOf(one, unusable))
  const usable = read.filter((one): one is Authority => !(one instanceof Refusal))
  const [first] = read
  if (usable.length === 0 && first instanceof Refusal) throw first
  return usable
}

/**
 * Reads a trusted root strictly: an instance without `validFor.start` makes the file invalid (signing.md, 1.2).
 *
 * @throws Refusal `root.*`
 */
export function readTrustedRoot(bytes: Uint8Array): TrustedRoot {
  if (bytes.length > limits.trustedRootBytes) {
    throw new Refusal('root.shape', `at most ${limits.trustedRootBytes} bytes`, `${bytes.length} bytes`)
  }
  const json = withoutNulls(strictJson(bytes, 'root.json'))
  const parsed = readShape(json, zRoot, 'a Sigstore trusted root', {
    shape: 'root.shape',
    base64: 'root.shape',
  })
  const unusable: string[] = []
  const logsOf = (logs: readonly z.output<typeof zLog>[]): TrustedLog[] =>
    withOneKey(
      logs.flatMap((log) => logOf(log, unusable)),
      unusable,
    )
  return {
    digest: digestOf(bytes),
    source: Buffer.from(bytes),
    logs: logsOf(parsed.tlogs),
    certificateLogs: logsOf(parsed.ctlogs),
    authorities: authoritiesOf(parsed.certificateAuthorities, unusable),
    timestampAuthorities: authoritiesOf(parsed.timestampAuthorities, unusable),
    unusable,
  }
}
