import { createHash } from 'node:crypto'
import { hexOf, type Digest } from '../../shared/digest.ts'
import type { Opinion } from '../../shared/evidence.ts'
import type { Reason } from '../../shared/reason.ts'
import { JsonError, parseStrict } from '../platform/json.ts'
import { limits } from '../platform/limits.ts'
import { bytesArtifact } from '../sigstore/artifact.ts'
import { LargePayload } from '../sigstore/large/payload.ts'
import { pemOf } from '../sigstore/public-key.ts'
import { Refusal } from '../sigstore/refusal.ts'
import { checkSubject, readStatement, type Statement } from '../sigstore/subject.ts'
import type { TrustedRoot } from '../sigstore/trusted-root.ts'
import type { VerifierKey } from '../sigstore/verifier-key.ts'
import {
  operators,
  verifySigned,
  type Ask,
  type BundleVerdict,
  type Proven,
} from '../sigstore/verify-bundle.ts'
import { secondOpinion } from '../sigstore/second/opinion.ts'
import { bareSigner, type Bare } from './bare.ts'
import type { Piece } from './piece.ts'
import type { Readable } from './readable.ts'
import { weigh } from './weigh.ts'
import { checkSimpleSigning } from './simple-signing.ts'

/** Whom the desk that judges knows: its own roots and keys, never any that came with the evidence. */
export interface EvidenceTrust {
  readonly roots: readonly TrustedRoot[]
  readonly keys: readonly VerifierKey[]
  /** What is asked where a policy names a root of its own for somebody; none unless given. */
  readonly demands?: readonly RootDemand[]
}

/** The least that any identity of a policy asks under one root. */
export interface RootDemand extends Counts {
  readonly root: Digest
  readonly issuers: 'named' | 'none-too'
  /** The clock of the desk, where the policy lets it stand for a time that nobody states. */
  readonly clock?: number
}

/** How many operators stated something. */
export interface Counts {
  readonly logs: number
  readonly times: number
  readonly scts: number
}

/** What a piece proved under one root alone. */
export interface Under {
  readonly root: Digest
  readonly counts: Counts
}

/** cosign's statement that an image is signed. An attestation of any other kind is no signature (signing.md, 2.1). */
export const signatureType = 'https://sigstore.dev/cosign/sign/v1'

/** One piece of evidence, judged. */
export interface Judged {
  readonly piece: Piece
  /** As far as it can be read; only a proven piece is what it says. */
  readonly kind: 'signature' | 'attestation'
  readonly predicateType: string | null
  /** What it says of its subject, where nobody known signed it and it is small; never believed. `null` for all else. */
  readonly said: Statement | null
  readonly verdict:
    | {
        readonly result: 'proven'
        readonly proven: Proven
        readonly ask: Ask
        readonly opinion: Opinion
        /** What was counted under all roots with the usual demands; `null` where it is proven under one root only. */
        readonly counts: Counts | null
        readonly under: readonly Under[]
      }
    | { readonly result: 'bad' | 'unknown'; readonly reason: Reason }
}

// A certificate stands for minutes, so it needs a log, a time and a certificate log. A bare key needs none of them to
// be checked; what it then does not prove is said loudly, and a rule may ask for it.
const demands = {
  certificate: { logs: 1, times: 1, scts: 1 },
  key: { logs: 0, times: 0, scts: 0 },
} as const

/** What is signed: its digest, and what can be asked of it. */
type Subject = Pick<Piece, 'signed' | 'artifact'>

async function verifyWith(signed: Readable, about: Subject, ask: Ask): Promise<BundleVerdict> {
  const { bundle, simple, rawEnvelope } = signed
  const artifact = simple === null ? about.artifact : bytesArtifact(simple)
  const verdict = await verifySigned(bundle, artifact, rawEnvelope === null ? ask : { ...ask, rawEnvelope })
  if (!verdict.ok || simple === null) return verdict
  try {
    checkSimpleSigning(simple, about.signed)
    return verdict
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, reason: error.reason }
    throw error
  }
}

function asksFor(signed: Readable, trust: EvidenceTrust): Ask[] {
  const { signer } = signed.bundle
  const { roots, keys } = trust
  if (signer.kind === 'certificate') return [{ roots, key: null, identity: 'report', ...demands.certificate }]
  return keys.map((key) => ({ roots, key, identity: null, ...demands.key }))
}

const countsOf = ({ entries, times, scts }: Proven): Counts => ({
  logs: operators(entries.map(({ log }) => log)),
  times: operators(times),
  scts: operators(scts.map(({ log }) => log)),
})

interface UnderOne extends Under {
  readonly proven: Proven
  readonly ask: Ask
}

/** What a certificate proves under each root that a policy names for somebody, with no more than is asked there. */
async function underEach(signed: Readable, subject: Subject, trust: EvidenceTrust): Promise<UnderOne[]> {
  const found: UnderOne[] = []
  if (signed.bundle.signer.kind === 'key') return found
  for (const { root, issuers, logs, times, scts, clock } of trust.demands ?? []) {
    const roots = trust.roots.filter((one) => one.digest === root)
    if (roots.length === 0) continue
    const ask: Ask = {
      ...{ roots, key: null, identity: 'report', logs, times, scts },
      ...(issuers === 'none-too' && { issuers }),
      ...(clock === undefined ? {} : { clock }),
    }
    const verdict = await verifyWith(signed, subject, ask)
    if (verdict.ok) found.push({ root, counts: countsOf(verdict.proven), proven: verdict.proven, ask })
  }
  return found
}

/**
 * How signers call a key: by the SHA-256 of its DER in base64, which npm writes as OpenSSH does, and `model_signing` by that
 * of its PEM in hex.
 */
function isCalled(key: VerifierKey, hint: string): boolean {
  const base64 = Buffer.from(key.fingerprint, 'hex').toString('base64')
  return (
    hint === base64 ||
    hint === `SHA256:${base64.replace(/=+$/, '')}` ||
    hint === createHash('sha256').update(pemOf(key.spki)).digest('hex')
  )
}

/** Whether what calls itself so is a signature over this: a type that is not known is what it lies there as. */
function signs(predicateType: string | null, { form, artifact }: Piece): boolean {
  if (predicateType === null) return form === 'model-signature'
  return predicateType === signatureType || artifact.own?.types.includes(predicateType) === true
}

function unknownKey(signed: Readable): Reason {
  const { signer } = signed.bundle
  const hint =
    signer.kind === 'key' && signer.hint !== '' ? `a key that calls itself ${signer.hint}` : 'another key'
  return new Refusal('key.unknown', 'a key that this desk knows', hint).reason
}

async function verdictOf(
  signed: Readable,
  subject: Subject,
  trust: EvidenceTrust,
): Promise<{ verdict: BundleVerdict; ask: Ask | null; vouched: boolean }> {
  const { signer } = signed.bundle
  let first: BundleVerdict | null = null
  let vouched = false
  for (const ask of asksFor(signed, trust)) {
    const verdict = await verifyWith(signed, subject, ask)
    if (verdict.ok) return { verdict, ask, vouched: true }
    // Any key may be the wrong one; only the one that the hint names must fit.
    const meant = ask.key === null || (signer.kind === 'key' && isCalled(ask.key, signer.hint))
    // What is signed is read after the signature: a reason about it says that this key did sign.
    if (meant || verdict.reason.code.startsWith('statement.')) {
      first ??= verdict
      vouched = true
    }
  }
  return { verdict: first ?? { ok: false, reason: unknownKey(signed) }, ask: null, vouched }
}

/** A statement that nobody known may have signed, about this; `null` for what is large, odd or about something else. */
function saidOf({ bundle }: Readable, { signed }: Piece): Statement | null {
  const { content } = bundle
  if (content.kind === 'message' || content.payload instanceof LargePayload) return null
  if (content.payload.length > limits.introductionBytes) return null
  try {
    const statement = readStatement(content.payload, content.payloadType)
    checkSubject(statement, { sha256: Buffer.from(hexOf(signed), 'hex') })
    return statement
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}

// Nobody known may have signed it: what is large or not JSON of the plain kind says nothing about itself.
function introducedType(payload: Buffer | LargePayload): string | null {
  if (payload instanceof LargePayload || payload.length > limits.introductionBytes) return null
  try {
    const said = (parseStrict(payload, limits.bundleValues) as { predicateType?: unknown } | null)
      ?.predicateType
    return typeof said === 'string' ? said.slice(0, 300) : null
  } catch (error) {
    if (error instanceof JsonError) return null
    throw error
  }
}

/** How the piece introduces itself, before anything of it is believed. */
function introduced(signed: Readable, piece: Piece): Pick<Judged, 'kind' | 'predicateType'> {
  const { content } = signed.bundle
  if (content.kind === 'message') return { kind: 'signature', predicateType: null }
  const predicateType = introducedType(content.payload)
  return { kind: signs(predicateType, piece) ? 'signature' : 'attestation', predicateType }
}

/** What a key that signed nothing but the content itself proves. */
async function judgeBare(piece: Piece, signed: Bare, { keys, roots }: EvidenceTrust): Promise<Judged> {
  const base = { piece, kind: 'signature', predicateType: null, said: null } as const
  try {
    const { key, scheme } = await bareSigner(signed, piece, keys)
    const proven: Proven = {
      ...{ mediaType: 'signature', signer: { kind: 'key', key }, scheme, statement: null, uncovered: [] },
      ...{ times: [], entries: [], scts: [], unknown: { entries: 0, timestamps: 0 } },
    }
    const ask: Ask = { roots, key, identity: null, ...demands.key }
    const opinion = await secondOpinion({ json: null, artifact: null, roots, proven, ask })
    const counts = countsOf(proven)
    return { ...base, verdict: { result: 'proven', proven, ask, opinion, counts, under: [] } }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    // Nobody known is contradicted: it may be by another key, or over another file.
    return { ...base, verdict: { result: 'unknown', reason: error.reason } }
  }
}

/**
 * Judges one piece of evidence about its subject, by the desk's own trust at the evidence's own proven times.
 * `bad`: somebody known contradicts it; `unknown`: nobody known vouches for it, or it is not read.
 */
export async function judge(piece: Piece, trust: EvidenceTrust): Promise<Judged> {
  if (!piece.read.ok) {
    const kind = /-signature$/.test(piece.form) ? 'signature' : 'attestation'
    return {
      piece,
      kind,
      predicateType: null,
      said: null,
      // Nobody known can vouch for what is not read, whoever wrote it.
      verdict: { result: 'unknown', reason: piece.read.refusal.reason },
    }
  }
  const { signed } = piece.read
  if ('bytes' in signed) return judgeBare(piece, signed, trust)
  const base = { piece, ...introduced(signed, piece) }
  const { verdict, ask, vouched } = await verdictOf(signed, piece, trust)
  const under = await underEach(signed, piece, trust)
  const [first] = under
  const best = verdict.ok && ask !== null ? { proven: verdict.proven, ask } : (first ?? null)
  if (best !== null) {
    const { statement } = best.proven
    const predicateType = statement?.predicateType ?? null
    const kind = statement === null || signs(predicateType, piece) ? 'signature' : 'attestation'
    const counts = verdict.ok ? countsOf(verdict.proven) : null
    const opinion = await secondOpinion({
      json: signed.json(),
      artifact: signed.simple,
      roots: best.ask.roots,
      ...best,
    })
    const known = under.map(({ root, counts: found }) => ({ root, counts: found }))
    return {
      piece,
      kind,
      predicateType,
      said: null,
      verdict: { result: 'proven', ...best, opinion, counts, under: known },
    }
  }
  const refused = verdict.ok ? unknownKey(signed) : verdict.reason
  const isBare = signed.bare === true && refused.code === 'signature.bad'
  const reason: Reason = isBare ? { ...refused, code: 'signature.no-fit' } : refused
  const said = saidOf(signed, piece)
  return { ...base, said, verdict: { result: weigh(signed.bundle, reason, trust.roots, vouched), reason } }
}
