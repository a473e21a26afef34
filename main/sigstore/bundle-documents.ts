import type { Digest } from '../../shared/digest.ts'
import type { Through } from '../platform/files.ts'
import { LongText } from '../platform/json.ts'
import { limits } from '../platform/limits.ts'
import { fromBase64, textOf, withoutMark } from '../platform/text-forms.ts'
import { formOf } from './bare/forms.ts'
import { bundleOfJson, type Bundle } from './bundle-file.ts'
import { heldIn, type Held } from './bundle-forms.ts'
import { tooLarge, withPayload, type Opened } from './large/open.ts'
import { setAside, usualSizes, type SetAside, type Sizes } from './large/set-aside.ts'
import { linesOf } from './lines.ts'
import { bundleJson, withoutNulls } from './parse.ts'
import { Refusal } from './refusal.ts'
import { bundleForSecond } from './second/opinion.ts'
import type { VerifierKey } from './verifier-key.ts'

/* Which bundles a file holds: one, several on lines, an answer that holds some, or a form of before there were bundles. */

/** One bundle of a file, read. */
export interface Found {
  readonly bundle: Bundle
  /** The envelope as it was published, where old log entries hold its hash. */
  readonly rawEnvelope?: Buffer
  /** A signature and nothing beside it: what does not fit is not called false. */
  readonly bare?: true
}

/** One bundle that a file holds, or a line of it that holds none. */
export interface Candidate {
  /** @throws Refusal what is wrong with it; it does not spoil the others */
  readonly open: () => Promise<Found>
  /** Its JSON for the second verifier; `null` where it is too large to be held twice. */
  readonly second: () => unknown
}

/** Where a file of bundles lies. */
export interface BundleSource {
  readonly size: number
  /** What it must hash to, where that is known. */
  readonly digest: Digest | null
  /** All of it, where it is at most so large. */
  readonly read: (most: number) => Promise<Buffer>
  readonly through: Through
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

/** That there are more bundles than are read at once. */
export const tooMany = (count: number, where: 'file' | 'manifest' = 'file'): Refusal =>
  new Refusal(
    'bundle.form',
    `at most ${limits.bundlesTogether} bundles in a ${where}`,
    where === 'file' ? `${count}; split the file` : `${count} or more`,
  )

/** That a document is JSON, and holds no bundle. */
export function nothingHeld(bytes: Buffer = Buffer.alloc(0)): Refusal {
  const has = (name: string): boolean => bytes.includes(`"${name}"`)
  const found = has('bundle_url')
    ? 'an answer of GitHub that names its bundles by address alone; “gh attestation download” gets them'
    : has('Base64Signature')
      ? 'a signature of an image, by “cosign download signature”; “sallyport evidence IMAGE” checks it'
      : 'JSON that holds neither a bundle nor an envelope with its signature'
  return new Refusal('bundle.form', 'a Sigstore bundle, or a document of a tool that holds one', found)
}

function secondOf(bytes: Buffer, index: number): unknown {
  try {
    return heldIn(withoutNulls(bundleForSecond(bytes)))?.[index]?.json ?? null
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}

type Open = (held: Held) => Promise<Found>

const openHeld: Open = ({ json, ...more }) => Promise.resolve({ bundle: bundleOfJson(json), ...more })

// A line that cannot be read is one that proves nothing; it does not spoil the others.
function candidatesOf(bytes: Buffer, open: Open, second: typeof secondOf): Candidate[] {
  const found = documentsOf(bytes).flatMap((document): Candidate[] => {
    let held: Held[]
    try {
      const all = heldIn(document.json())
      if (all === null) throw nothingHeld(document.bytes)
      held = all
    } catch (error) {
      const fail = (): never => {
        throw error
      }
      return [{ open: fail, second: () => null }]
    }
    return held.map((one, i) => ({
      open: async () => open(one),
      second: () => second(document.bytes, i),
    }))
  })
  if (found.length > limits.bundlesTogether) throw tooMany(found.length)
  return found
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

/** The bundles that a file in memory holds. @throws Refusal where it can hold none */
export function bundlesIn(file: Buffer): Candidate[] {
  if (file.length > limits.sigstoreBundleBytes) throw tooLarge(file.length)
  const bytes = plain(file)
  try {
    return candidatesOf(bytes, openHeld, secondOf)
  } catch (error) {
    throw error instanceof Refusal ? namedOtherwise(bytes, error) : error
  }
}

// A stand-in that stands anywhere but for the payload would be read for what it is not.
function standsIn(json: unknown, text: string): boolean {
  if (json === text) return true
  if (typeof json !== 'object' || json === null || json instanceof LongText) return false
  return Object.values(json).some((value) => standsIn(value, text))
}

async function setAsideOf({ through, size, digest }: BundleSource, sizes: Sizes): Promise<SetAside | null> {
  try {
    return await setAside(through, digest, sizes)
  } catch (error) {
    // As a whole it may be text of Windows, or lines.
    if (error instanceof Refusal && size <= limits.sigstoreBundleBytes) return null
    throw error
  }
}

/**
 * The bundles that a file holds; a large payload of one of them is read as it streams by.
 *
 * @param keys those that may have signed what names no certificate
 * @throws Refusal where it can hold none
 * @throws Failure where it cannot be read, or changes meanwhile
 */
export async function bundlesOf(
  source: BundleSource,
  keys: readonly VerifierKey[],
  sizes: Sizes = usualSizes,
): Promise<Candidate[]> {
  const { size, through } = source
  const streams = size > sizes.whole && size <= limits.largeBundleBytes
  const aside = streams ? await setAsideOf(source, sizes) : null
  if (aside === null) return bundlesIn(await source.read(limits.sigstoreBundleBytes))
  const standIn = aside.standIn.toString('base64')
  const open: Open = async (held) => {
    const found = await openHeld(held)
    if (!standsIn(held.json, standIn)) return found
    const { bundle }: Opened = await withPayload(through, aside, found.bundle, keys, sizes)
    return { ...found, bundle }
  }
  return candidatesOf(plain(aside.rest), open, () => null)
}
