import type { Digest } from '../../shared/digest.ts'
import { visible } from '../../shared/names.ts'
import type { Finding } from '../../shared/waybill.ts'
import { ManifestProblem } from '../oci/descriptor.ts'
import { parseManifest } from '../oci/manifest.ts'
import { tagNotResolved } from '../oci/normal-form.ts'
import { asFailure, Failure } from '../platform/failure.ts'
import { digestOf } from '../platform/hash.ts'
import { limits } from '../platform/limits.ts'
import type { Named, ReadManifest } from './source.ts'

/**
 * Parses bytes under a media type, naming what they are of.
 *
 * @throws Failure `manifest-refused`, `algorithm-refused`
 */
export function readManifest(bytes: Buffer, mediaType: string, subject: string): ReadManifest {
  try {
    return { bytes, digest: digestOf(bytes), mediaType, manifest: parseManifest(bytes, mediaType) }
  } catch (error) {
    if (!(error instanceof ManifestProblem)) throw error
    const { reason, expected, found } = error
    if (reason === 'algorithm') throw new Failure('algorithm-refused', { subject, found }, error)
    throw new Failure('manifest-refused', { subject, reason, expected, found }, error)
  }
}

/** What is wrong with a manifest as the answer to a name, or `null`. */
export function difference(
  named: Named,
  read: { bytes: Buffer; digest: Digest; mediaType: string },
): Difference | null {
  if (read.digest !== named.digest) {
    return { reason: 'digest-differs', expected: named.digest, found: read.digest }
  }
  if (read.bytes.length !== named.size) {
    const found = `${read.bytes.length} bytes`
    return { reason: 'size-differs', expected: `${named.size} bytes`, found }
  }
  if (read.mediaType === named.mediaType) return null
  return { reason: 'media-type-differs', expected: named.mediaType, found: read.mediaType }
}
interface Difference {
  readonly reason: string
  readonly expected: string
  readonly found: string
}

/** A failure that does not stop the collect, as a line that signers and readers will see. Cancelling is no finding. */
export function findingOf(subject: string, error: unknown): Finding {
  const failure = asFailure(error)
  // A limit that cut off the question for signatures is as loud as an item that failed.
  const ends = ['cancelled', 'disk-full', 'disk-failed', 'internal', 'network-refused', 'registry-limit']
  if (ends.includes(failure.code)) throw failure
  return { code: failure.code, subject: subject.slice(0, 500), detail: plain(failure.view().happened) }
}

/** Says once that entries of a list count for nothing; the others stay. */
export function oddFinding(subject: string, odd: number, why: string): Finding {
  const detail = `${odd} of what is listed cannot be used and counts for nothing: ${why}`
  return { code: 'evidence-odd', subject: subject.slice(0, 500), detail: plain(detail) }
}

/** What is listed, each once, as much of it as is read; that there was more becomes a finding. */
export function firstOf(listed: readonly Named[], from: string, findings: Finding[]): Named[] {
  const distinct = [...new Map(listed.map((named) => [named.digest, named])).values()]
  if (distinct.length > limits.referrersRead) {
    const detail = `There is more listed for one manifest than the ${limits.referrersRead} that are read.`
    findings.push({ code: 'evidence-left-out', subject: from, detail })
  }
  return distinct.slice(0, limits.referrersRead)
}

/** Text that the waybill can hold: visible characters in NFC, not too long. */
export function plain(text: string): string {
  // Whole characters: half a surrogate pair is none.
  return visible(text)
    .normalize('NFC')
    .slice(0, 480)
    .replace(/\p{Cs}/gu, '')
}

/** Says that a tag beside a digest does not name it, as far as was seen: the digest decides, and the tag is no version. */
export function tagFinding(
  subject: string,
  tag: string,
  root: Digest,
  found: Digest | null | Failure,
): Finding {
  const names =
    found instanceof Failure
      ? `what it names could not be asked: ${plain(found.view().happened)}`
      : found === null
        ? 'there is no such tag there'
        : `it names ${found} there`
  const detail = `The tag ${tag} was not resolved to ${root}; ${names}. The digest decides, and the item has no version.`
  return { code: tagNotResolved, subject: subject.slice(0, 500), detail: detail.slice(0, 500) }
}
