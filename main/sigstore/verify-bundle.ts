import type { Reason } from '../../shared/reason.ts'
import type { Artifact, Digests } from './artifact.ts'
import { readBundle, type Bundle, type Content } from './bundle-file.ts'
import { checkIdentity, identityOf, type AskedIdentity, type Identity } from './identity.ts'
import { checkEntry, type ProvenEntry, type Signed } from './log/entry.ts'
import { Refusal } from './refusal.ts'
import { checkHint, checkSignature, digestOfEnvelope, schemeUsed } from './content.ts'
import { LargePayload } from './large/payload.ts'
import { digestOfPieces, type Scheme } from './signature.ts'
import { checkPayloadType, checkSubject, readStatement, type Statement } from './subject.ts'
import { checkTimestamp, type ProvenTime } from './time/timestamp.ts'
import type { TrustedRoot } from './trusted-root.ts'
import { hashesOf, type HashName, type KeyKind, type VerifierKey } from './verifier-key.ts'
import type { Certificate } from './x509/certificate.ts'
import {
  isValidAt,
  newEffort,
  pathsTo,
  readingExtensions,
  within,
  type Effort,
  type Path,
} from './x509/chain.ts'
import { authorityOf, oids, purposesOf, usageAllows } from './x509/extensions.ts'
import { checkScts, type ProvenSct } from './x509/sct.ts'

/** What a verifier asks of a bundle. Thresholds count operators, never entries. */
export interface Ask {
  readonly roots: readonly TrustedRoot[]
  /** For a bundle that was signed with a key; such a bundle needs it, and a certificate never stands in for it. */
  readonly key: VerifierKey | null
  /**
   * For a bundle with a certificate; such a bundle is never accepted without one. `report`: whoever it is is told, and
   * the caller compares; only for callers that do.
   */
  readonly identity: AskedIdentity | 'report' | null
  /** Whether a certificate without an issuer is taken; only with `report`, under one root that the caller names. */
  readonly issuers?: 'none-too'
  /** Transparency logs that must hold the signature. */
  readonly logs: number
  /** Sources of time (timestamp authorities, promises of logs) that must state when it was made. */
  readonly times: number
  /** Certificate logs that must have seen the certificate. */
  readonly scts: number
  /** Milliseconds since 1970: what stands for the time of a certificate where nobody known states one. It proves no time. */
  readonly clock?: number
  readonly predicateType?: string
  /** The envelope as it was published, or its digests: old entries hold only its hash. */
  readonly rawEnvelope?: Buffer | ((name: HashName) => Buffer)
}

/** A time that a known authority or log stated. */
export interface StatedTime {
  readonly at: Date
  /** The latest moment that its accuracy leaves open. */
  readonly latest: Date
  readonly by: string
  readonly source: 'timestamp' | 'log'
  readonly operator: string
  /** Keys that vouch for it. */
  readonly keys: readonly KeyKind[]
  /** A timestamp whose signer's certificate is not in the trusted root itself, but came with it. */
  readonly brought: boolean
}

/** What a bundle proves. */
export interface Proven {
  readonly mediaType: string
  readonly signer:
    | { readonly kind: 'key'; readonly key: VerifierKey }
    | {
        readonly kind: 'certificate'
        readonly key: VerifierKey
        readonly certificate: Certificate
        readonly identity: Identity
        /** SHA-256 of the anchor that the certificate was traced to, hex. */
        readonly anchor: string
        /** Keys of its certificates, from its own up to the anchor. */
        readonly chain: readonly KeyKind[]
        readonly authority: string
      }
  readonly scheme: Scheme
  readonly statement: Statement | null
  /** What the statement does not speak for, where its type lets it leave something out; in sentences. */
  readonly uncovered: readonly string[]
  readonly times: readonly StatedTime[]
  readonly entries: readonly ProvenEntry[]
  readonly scts: readonly ProvenSct[]
  /** What was in the bundle and counted for nothing, by people no trusted root knows. */
  readonly unknown: { readonly entries: number; readonly timestamps: number }
}

export type BundleVerdict =
  { readonly ok: true; readonly proven: Proven } | { readonly ok: false; readonly reason: Reason }

/**
 * How many companies run these. Those who do not say who runs them count as one: otherwise one company could be two
 * witnesses.
 */
export function operators(found: readonly { readonly operator: string }[]): number {
  return new Set(found.map((one) => one.operator)).size
}

function provenTimes(bundle: Bundle, ask: Ask, effort: Effort): ProvenTime[] {
  const authorities = ask.roots.flatMap((root) => root.timestampAuthorities)
  return bundle.timestamps.flatMap((response) => {
    const proven = checkTimestamp(response, bundle.content.signature, authorities, effort)
    return proven === null ? [] : [proven]
  })
}

type Moment = Pick<StatedTime, 'at' | 'latest'>

const clockTime = (clock: number): Moment => ({ at: new Date(clock), latest: new Date(clock) })

function checkLeaf(leaf: Certificate): void {
  if (readingExtensions(() => authorityOf(leaf)).is) {
    throw new Refusal('certificate.is-authority', 'the certificate of a signer', 'one of an authority')
  }
  const usage = readingExtensions(() => usageAllows(leaf, 0))
  if (usage !== true) {
    const found = usage === null ? 'no key usage' : 'other uses only'
    throw new Refusal('certificate.key-usage', 'key usage: digital signature', found)
  }
  // RFC 5280, 4.2.1.9: only an authority's key may have the use of issuing.
  if (readingExtensions(() => usageAllows(leaf, 5)) === true) {
    throw new Refusal('certificate.is-authority', 'a key that may only sign', 'one that may also issue')
  }
  const purposes = readingExtensions(() => purposesOf(leaf))
  if (purposes?.oids.includes(oids.codeSigning) !== true) {
    const found = purposes === null ? 'none' : purposes.oids.join(', ')
    throw new Refusal('certificate.purpose', 'extended key usage: code signing', found)
  }
}

function checkTimes(paths: readonly Path[], leaf: Certificate, times: readonly Moment[]): Path {
  if (paths.length === 0) {
    const found = `certificate ${leaf.fingerprint}`
    throw new Refusal(
      'certificate.unknown-authority',
      'a certificate from an authority of the trusted roots',
      found,
    )
  }
  const life = { start: leaf.notBefore, end: leaf.notAfter }
  const span = `${new Date(leaf.notBefore).toISOString()} to ${new Date(leaf.notAfter).toISOString()}`
  const moments = times.flatMap(({ at, latest }) => [at, latest])
  for (const at of moments) {
    if (!within(at.getTime(), life)) {
      throw new Refusal(
        'time.outside-certificate',
        `a time in the life of the certificate (${span})`,
        at.toISOString(),
      )
    }
  }
  const path = paths.find((one) => moments.every((at) => isValidAt(one, at.getTime())))
  if (path === undefined) {
    const found = times.map(({ at }) => at.toISOString()).join(', ')
    throw new Refusal('certificate.window', 'times at which the authority was trusted and valid', found)
  }
  return path
}

function checkCertificate(
  leaf: Certificate,
  times: readonly StatedTime[],
  ask: Ask,
  effort: Effort,
): { signer: Proven['signer']; scts: ProvenSct[] } {
  checkLeaf(leaf)
  const identity = identityOf(leaf, ask.identity === 'report' ? ask.issuers : 'named')
  if (times.length === 0 && ask.clock === undefined) {
    throw new Refusal(
      'time.none',
      'a time by a known authority or log: the certificate lived for minutes',
      'none',
    )
  }
  const paths = pathsTo(
    leaf,
    ask.roots.flatMap((root) => root.authorities),
    oids.codeSigning,
    effort,
  )
  const judgedAt = times.length > 0 || ask.clock === undefined ? times : [clockTime(ask.clock)]
  const path = checkTimes(paths, leaf, judgedAt)
  const [, issuer] = path.certificates
  const logs = ask.roots.flatMap((root) => root.certificateLogs)
  const earliest = Math.min(...judgedAt.map(({ at }) => at.getTime()))
  const scts = issuer === undefined ? [] : checkScts(leaf, issuer, logs, earliest)
  if (operators(scts.map(({ log }) => log)) < ask.scts) {
    throw new Refusal(
      'sct.none',
      `certificate timestamps of ${ask.scts} known operators`,
      String(scts.length),
    )
  }
  if (ask.identity === null) {
    throw new Refusal('identity.none-asked', 'a name and an issuer to compare with', 'none')
  }
  if (ask.identity !== 'report') checkIdentity(identity, ask.identity)
  const anchor = path.certificates.at(-1)?.fingerprint ?? ''
  const chain = path.certificates.map(({ key }) => key.kind)
  const signer = { key: leaf.key, certificate: leaf, identity, anchor, chain, authority: path.authority.uri }
  return { signer: { kind: 'certificate', ...signer }, scts }
}

// In versions 0.1 and 0.2 some clients write the whole chain: their own anchor is no news, another one is an offer.
function checkAnchors({ signer }: Bundle, ask: Ask): void {
  const known = ask.roots.flatMap((root) => root.authorities).map(({ certificates }) => certificates.at(-1))
  const brought = signer.kind === 'certificate' ? signer.anchors : []
  const strange = brought.find((one) => !known.some((anchor) => anchor?.der.equals(one.der)))
  if (strange === undefined) return
  throw new Refusal(
    'bundle.root-in-chain',
    'a chain without a root, or with an anchor of the trusted roots',
    `the self-signed certificate ${strange.fingerprint}`,
  )
}

function signerKey(bundle: Bundle, ask: Ask): VerifierKey {
  if (bundle.signer.kind === 'certificate') {
    if (ask.key !== null) {
      throw new Refusal('key.certificate', `a signature with the key ${ask.key.fingerprint}`, 'a certificate')
    }
    return bundle.signer.leaf.key
  }
  if (ask.key === null) throw new Refusal('key.none-given', 'the public key to verify with', 'none')
  return ask.key
}

function statementOf(content: Content, ask: Ask): Statement | null {
  if (content.kind === 'message') {
    if (ask.predicateType === undefined) return null
    throw new Refusal(
      'statement.predicate',
      ask.predicateType,
      'a signature over a file, without a statement',
    )
  }
  const { payload, payloadType } = content
  const statement =
    payload instanceof LargePayload ? payload.statement() : readStatement(payload, payloadType)
  if (ask.predicateType !== undefined && statement.predicateType !== ask.predicateType) {
    throw new Refusal('statement.predicate', ask.predicateType, statement.predicateType)
  }
  return statement
}

// Everything that a check of a message may ask the digest of, so that a file is read once.
function wantedByMessage(content: Content, key: VerifierKey): ReadonlySet<HashName> {
  const own = content.kind === 'message' && content.digest !== null ? [content.digest.name] : []
  return new Set<HashName>([...own, ...hashesOf(key.kind)])
}

function wantedByStatement({ subjects }: Statement): ReadonlySet<HashName> {
  const names = new Set(subjects.flatMap(({ digest }) => Object.keys(digest)))
  return new Set(
    (['sha256', 'sha384', 'sha512'] as const).filter((name) => name === 'sha256' || names.has(name)),
  )
}

function signedOf(bundle: Bundle, key: VerifierKey, artifact: Digests, ask: Ask): Signed {
  const { content, signer } = bundle
  return {
    content: content.kind,
    digest: (of, name) => {
      if (content.kind === 'message') return of === 'message' ? (artifact[name] ?? null) : null
      if (of !== 'raw-envelope') return digestOfEnvelope(content, of, name)
      const { rawEnvelope: raw } = ask
      if (raw === undefined) return null
      return Buffer.isBuffer(raw) ? digestOfPieces([raw], name) : raw(name)
    },
    signature: content.signature,
    verifier: signer.kind === 'certificate' ? signer.leaf.der : key.spki,
  }
}

function timesOf(stamps: readonly ProvenTime[], entries: readonly ProvenEntry[]): StatedTime[] {
  return [
    ...stamps.map(({ authority, brought, keys, time, latest }): StatedTime => ({
      keys,
      at: new Date(time),
      latest: new Date(latest),
      by: authority.uri,
      source: 'timestamp',
      operator: authority.operator,
      brought,
    })),
    ...entries.flatMap(({ log, time }): StatedTime[] => {
      if (time === null) return []
      const at = new Date(time)
      const { baseUrl: by, operator } = log
      return [{ at, latest: at, by, source: 'log', operator, keys: [log.key.kind], brought: false }]
    }),
  ]
}

function checkThresholds(
  entries: readonly ProvenEntry[],
  times: readonly StatedTime[],
  ask: Ask,
  unknown: number,
): void {
  if (operators(entries.map(({ log }) => log)) < ask.logs) {
    const code = entries.length === 0 && unknown > 0 ? 'log.unknown' : 'log.none'
    const found = `${entries.length} by known logs, ${unknown} by unknown ones`
    throw new Refusal(code, `entries in logs of ${ask.logs} known operators`, found)
  }
  if (operators(times) < ask.times) {
    throw new Refusal('time.none', `times by ${ask.times} known operators`, String(times.length))
  }
}

async function checkAbout(statement: Statement, artifact: Artifact): Promise<readonly string[]> {
  const { own } = artifact
  if (own?.types.includes(statement.predicateType) === true) return own.check(statement)
  checkSubject(statement, await artifact.digests(wantedByStatement(statement)))
  return []
}

async function verify(bundle: Bundle, artifact: Artifact, ask: Ask): Promise<Proven> {
  for (const count of [ask.logs, ask.times, ask.scts]) {
    if (!Number.isInteger(count) || count < 0)
      throw new RangeError('a threshold is a whole number, 0 or more')
  }
  const key = signerKey(bundle, ask)
  checkAnchors(bundle, ask)
  const message = bundle.content.kind === 'message'
  if (bundle.content.kind === 'message') statementOf(bundle.content, ask)
  else checkPayloadType(bundle.content.payloadType)
  const digests = message ? await artifact.digests(wantedByMessage(bundle.content, key)) : {}
  // First of all what a person mixes up first: the file. Nothing is believed for it; the rest still follows.
  checkHint(bundle.content, digests)
  const signed = signedOf(bundle, key, digests, ask)
  const effort = newEffort()
  const stamps = provenTimes(bundle, ask, effort)
  const logs = ask.roots.flatMap((root) => root.logs)
  const checked = bundle.entries.map((entry) =>
    checkEntry(
      entry,
      logs,
      signed,
      stamps.flatMap((one) => [one.time, one.latest]),
    ),
  )
  const entries = checked.filter((one) => one !== null)
  const times = timesOf(stamps, entries)
  checkThresholds(entries, times, ask, checked.length - entries.length)
  const { signer, scts } =
    bundle.signer.kind === 'certificate'
      ? checkCertificate(bundle.signer.leaf, times, ask, effort)
      : { signer: { kind: 'key' as const, key }, scts: [] }
  const said = schemeUsed(bundle.content, key, entries)
  const scheme = await checkSignature(bundle.content, key, said, digests, artifact)
  // What is signed is parsed last of all: until here nobody known vouches for it, and it may be large.
  const statement = message ? null : statementOf(bundle.content, ask)
  const uncovered = statement === null ? [] : await checkAbout(statement, artifact)
  const unknown = {
    entries: checked.length - entries.length,
    timestamps: bundle.timestamps.length - stamps.length,
  }
  const { mediaType } = bundle
  return { mediaType, signer, scheme, statement, uncovered, times, entries, scts, unknown }
}

async function answered(work: () => Promise<Proven>): Promise<BundleVerdict> {
  try {
    return { ok: true, proven: await work() }
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, reason: error.reason }
    throw error
  }
}

/** The same for what was read from another form than a bundle (cosign's old tags). */
export function verifySigned(bundle: Bundle, artifact: Artifact, ask: Ask): Promise<BundleVerdict> {
  return answered(() => verify(bundle, artifact, ask))
}

/**
 * Verifies a Sigstore bundle against an artifact, offline, by what the caller trusts and asks (signing.md, 1.5). The
 * answer is built only after the last check; what is wrong with the bundle is a reason, and anything else (a disk, a
 * bug) is thrown: neither reads as accepted.
 */
export function verifyBundle(bytes: Uint8Array, artifact: Artifact, ask: Ask): Promise<BundleVerdict> {
  return answered(async () => verify(readBundle(bytes), artifact, ask))
}
