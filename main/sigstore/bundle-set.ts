import { JsonError } from '../platform/json.ts'
import { limits } from '../platform/limits.ts'
import { fromBase64, textOf, withoutMark } from '../platform/text-forms.ts'
import type { Reason } from '../../shared/reason.ts'
import { rememberedArtifact, type Artifact } from './artifact.ts'
import { formOf } from './bare/forms.ts'
import { bundleOfJson } from './bundle-file.ts'
import { heldIn, type Held } from './bundle-forms.ts'
import { linesOf } from './lines.ts'
import { bundleJson, withoutNulls } from './parse.ts'
import { Refusal } from './refusal.ts'
import { bundleForSecond } from './second/opinion.ts'
import { verifySigned, type Ask, type BundleVerdict } from './verify-bundle.ts'

/** What a file of bundles comes to: the verdict of the one that proves it, and its JSON for the second verifier. */
export interface SetVerdict {
  readonly verdict: BundleVerdict
  /** `null` where none is proven, or where it is too large to be held twice. */
  readonly second: unknown
}

const base64Starts = /^(?:eyJ|ewo|ewk|ew0|eyA|W3s)/

/** A file as UTF-8 without a byte order mark: Windows writes others, and what is signed is inside in base64. */
function plain(bytes: Buffer): Buffer {
  const text = withoutMark(bytes)
  if (!base64Starts.test(text.subarray(0, 8).toString('latin1'))) return text
  return fromBase64(text.toString('latin1')) ?? text
}

function isDocument(line: Buffer): boolean {
  const [start, end] = [line.subarray(0, 64), line.subarray(-64)].map((part) =>
    part.toString('latin1').trim(),
  )
  return start?.startsWith('{') === true && end?.endsWith('}') === true
}

/** The documents of a file: one, or one on each line. */
function documentsOf(bytes: Buffer): { readonly bytes: Buffer; readonly json: () => unknown }[] {
  const read = (one: Buffer) => (): unknown => withoutNulls(bundleJson(one))
  try {
    const json = read(bytes)()
    return [{ bytes, json: () => json }]
  } catch (error) {
    const lines = error instanceof Refusal ? linesOf(bytes) : []
    if (lines.length < 2 || !lines.some(isDocument)) throw error
    if (lines.length > limits.bundlesTogether) throw tooMany(lines.length)
    return lines.map((line) => ({ bytes: line, json: read(line) }))
  }
}

const tooMany = (count: number): Refusal =>
  new Refusal(
    'bundle.form',
    `at most ${limits.bundlesTogether} bundles in a file`,
    `${count}; split the file`,
  )

function nothingHeld(bytes: Buffer = Buffer.alloc(0)): Refusal {
  const has = (name: string): boolean => bytes.includes(`"${name}"`)
  const found = has('bundle_url')
    ? 'an answer of GitHub that names its bundles by address alone; “gh attestation download” gets them'
    : has('Base64Signature')
      ? 'a signature of an image, by “cosign download signature”; “sallyport evidence IMAGE” checks it'
      : 'JSON that holds neither a bundle nor an envelope with its signature'
  return new Refusal('bundle.form', 'a Sigstore bundle, or a document of a tool that holds one', found)
}

interface Candidate {
  readonly held: () => Held
  readonly second: () => unknown
}

function secondOf(bytes: Buffer, index: number): unknown {
  try {
    return heldIn(withoutNulls(bundleForSecond(bytes)))?.[index]?.json ?? null
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}

// A line that cannot be read is one that proves nothing; it does not spoil the others.
function candidatesOf(bytes: Buffer): Candidate[] {
  return documentsOf(bytes).flatMap((document): Candidate[] => {
    let held: Held[]
    try {
      const found = heldIn(document.json())
      if (found === null) throw nothingHeld(document.bytes)
      held = found
    } catch (error) {
      const fail = (): never => {
        throw error
      }
      return [{ held: fail, second: () => null }]
    }
    return held.map((one, i) => ({ held: () => one, second: () => secondOf(document.bytes, i) }))
  })
}

async function judged(candidate: Candidate, artifact: Artifact, ask: Ask): Promise<BundleVerdict> {
  try {
    const { json, rawEnvelope, bare } = candidate.held()
    const asked = rawEnvelope === undefined ? ask : { ...ask, rawEnvelope }
    const verdict = await verifySigned(bundleOfJson(json), artifact, asked)
    if (verdict.ok || bare !== true || verdict.reason.code !== 'signature.bad') return verdict
    return { ok: false, reason: { ...verdict.reason, code: 'signature.no-fit' } }
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, reason: error.reason }
    throw error
  }
}

// Of many reasons the one that says most of the artifact is told: that others are about something else is no news.
const unread = /^(?:bundle|key)\./
const elsewhere = /^(?:artifact\.differs|statement\.(?:other-subject|predicate))$/
function rankOf({ code }: Reason): number {
  if (code === 'bundle.form') return 3
  return unread.test(code) ? 2 : elsewhere.test(code) ? 1 : 0
}

function told(reasons: readonly Reason[]): Reason {
  const lowest = Math.min(...reasons.map(rankOf))
  const at = reasons.findIndex((one) => rankOf(one) === lowest)
  const first = reasons[at]
  if (first === undefined) return nothingHeld().reason
  if (reasons.length === 1) return first
  return { ...first, found: `${first.found} (bundle ${at + 1} of ${reasons.length}; none is proven)` }
}

// Bytes that are no text, or whole base64, no larger than a signature is.
function bareSignature(bytes: Buffer): string | null {
  const text = textOf(bytes)
  const inside = text === null ? bytes : fromBase64(text)
  if (inside === null || inside.length < 64 || inside.length > 1024) return null
  return 'what looks like a bare signature; “sallyport verify-file FILE --key KEY.pub --signature SIGNATURE” checks it'
}

function namedOtherwise(bytes: Buffer, error: Refusal): Refusal {
  const start = bytes.subarray(0, 64).toString('latin1').trim()
  if (error.reason.code !== 'bundle.json' || /^[[{]/.test(start)) return error
  const form = formOf([bytes]) ?? bareSignature(bytes)
  return form === null ? error : new Refusal('bundle.form', 'a Sigstore bundle', form)
}

/**
 * Verifies what a file of bundles proves of an artifact: one bundle, several on lines, an answer that holds some, or a form
 * that a tool wrote before there were bundles. Each is read by the strict reader; the first that is proven counts.
 */
export async function verifyBundleSet(file: Buffer, artifact: Artifact, ask: Ask): Promise<SetVerdict> {
  const refused = (reason: Reason): SetVerdict => ({ verdict: { ok: false, reason }, second: null })
  let candidates: Candidate[]
  const bytes = plain(file)
  try {
    if (file.length > limits.sigstoreBundleBytes) throw tooLarge(file.length)
    candidates = candidatesOf(bytes)
    if (candidates.length > limits.bundlesTogether) throw tooMany(candidates.length)
  } catch (error) {
    if (error instanceof JsonError || !(error instanceof Refusal)) throw error
    return refused(namedOtherwise(bytes, error).reason)
  }
  const once = rememberedArtifact(artifact)
  const reasons: Reason[] = []
  for (const candidate of candidates) {
    const verdict = await judged(candidate, once, ask)
    if (verdict.ok) return { verdict, second: candidate.second() }
    reasons.push(verdict.reason)
  }
  return refused(told(reasons))
}

const tooLarge = (size: number): Refusal =>
  new Refusal('bundle.too-large', `at most ${limits.sigstoreBundleBytes} bytes`, `${size} bytes`)
