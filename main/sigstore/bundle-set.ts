import { stat } from 'node:fs/promises'
import { readCapped, readThrough, type Through } from '../platform/files.ts'
import { JsonError, LongText } from '../platform/json.ts'
import { limits } from '../platform/limits.ts'
import { fromBase64, textOf, withoutMark } from '../platform/text-forms.ts'
import type { Reason } from '../../shared/reason.ts'
import { rememberedArtifact, type Artifact } from './artifact.ts'
import { formOf } from './bare/forms.ts'
import { bundleOfJson, type Bundle } from './bundle-file.ts'
import { heldIn, type Held } from './bundle-forms.ts'
import { tooLarge, withPayload } from './large/open.ts'
import { setAside, usualSizes, type SetAside, type Sizes } from './large/set-aside.ts'
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
  /** Gives it the payload that was set aside, where it is its own. */
  readonly large?: (json: unknown, bundle: Bundle) => Promise<Bundle>
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
    const bundle = bundleOfJson(json)
    const verdict = await verifySigned((await candidate.large?.(json, bundle)) ?? bundle, artifact, asked)
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
  return firstProven(candidates, artifact, ask)
}

const refused = (reason: Reason): SetVerdict => ({ verdict: { ok: false, reason }, second: null })

async function firstProven(
  candidates: readonly Candidate[],
  artifact: Artifact,
  ask: Ask,
): Promise<SetVerdict> {
  const once = rememberedArtifact(artifact)
  const reasons: Reason[] = []
  for (const candidate of candidates) {
    const verdict = await judged(candidate, once, ask)
    if (verdict.ok) return { verdict, second: candidate.second() }
    reasons.push(verdict.reason)
  }
  return refused(told(reasons))
}

// A stand-in that stands anywhere but for the payload would be read for what it is not.
function standsIn(json: unknown, text: string): boolean {
  if (json === text) return true
  if (typeof json !== 'object' || json === null || json instanceof LongText) return false
  return Object.values(json).some((value) => standsIn(value, text))
}

async function setAsideOf(through: Through, size: number, sizes: Sizes): Promise<SetAside | null> {
  try {
    return await setAside(through, null, sizes)
  } catch (error) {
    // As a whole it may be text of Windows, or lines.
    if (error instanceof Refusal && size <= limits.sigstoreBundleBytes) return null
    throw error
  }
}

/**
 * The same of a file, of which one large payload is read as it streams by.
 *
 * @throws Failure where it cannot be read, or changes meanwhile
 */
export async function verifyBundleFile(
  path: string,
  artifact: Artifact,
  ask: Ask,
  sizes: Sizes = usualSizes,
): Promise<SetVerdict> {
  const size = (await stat(path).catch(() => null))?.size ?? 0
  const whole = async (): Promise<SetVerdict> =>
    verifyBundleSet(await readCapped(path, limits.sigstoreBundleBytes), artifact, ask)
  if (size <= sizes.whole || size > limits.largeBundleBytes) return whole()
  const through: Through = (take) => readThrough(path, take)
  try {
    const aside = await setAsideOf(through, size, sizes)
    if (aside === null) return await whole()
    const keys = ask.key === null ? [] : [ask.key]
    const standIn = aside.standIn.toString('base64')
    const large = async (json: unknown, bundle: Bundle): Promise<Bundle> =>
      standsIn(json, standIn) ? (await withPayload(through, aside, bundle, keys, sizes)).bundle : bundle
    const found = candidatesOf(plain(aside.rest)).map((one) => ({ ...one, second: () => null, large }))
    if (found.length > limits.bundlesTogether) throw tooMany(found.length)
    return await firstProven(found, artifact, ask)
  } catch (error) {
    if (error instanceof Refusal) return refused(error.reason)
    throw error
  }
}
