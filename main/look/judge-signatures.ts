import type { EvidenceSummary } from '../../shared/evidence.ts'
import { check } from '../../shared/rules/check.ts'
import type { Check } from '../../shared/verdict.ts'
import type { Tree } from '../archive/tree.ts'
import { assess, type Assessed } from '../evidence/assess.ts'
import { contentArtifact } from '../evidence/content.ts'
import type { EvidenceTrust } from '../evidence/judge.ts'
import type { BlobReader } from '../evidence/piece.ts'
import { summaryOf } from '../evidence/summary.ts'
import { childrenOf, parseManifest } from '../oci/manifest.ts'
import { ociManifest } from '../oci/media-types.ts'
import { fileEvidenceManifest } from '../oci/file-evidence.ts'
import { Failure } from '../platform/failure.ts'
import { digestOf } from '../platform/hash.ts'
import type { BlobSource, ContainerSignature, ForeignItem } from '../source/foreign/contents.ts'

/** By whom signatures are judged. */
export interface LookTrust {
  readonly evidence: EvidenceTrust
  /** Somebody named keys or roots: whoever else signed does not count. */
  readonly named: boolean
}

/** What the signatures of something came to. */
export interface Signed {
  readonly summaries: readonly EvidenceSummary[]
  /** Who signed exactly this, each once. */
  readonly by: readonly string[]
  /** One is there that somebody known contradicts. */
  readonly bad: readonly string[]
  readonly unknown: readonly string[]
}

/** What assessed pieces come to. @param about whether a piece speaks for exactly the thing */
export function signedOf(assessed: readonly Assessed[], about: (piece: EvidenceSummary) => boolean): Signed {
  const summaries = assessed.map(({ view }) => summaryOf(view))
  const counted = summaries.filter((one) => one.result === 'proven' && about(one))
  // Who attests something of a thing did not sign it, where somebody else says that they did.
  const signatures = summaries.filter((one) => one.kind === 'signature')
  const borne = signatures.length === 0 || counted.some((one) => one.kind === 'signature')
  const by = borne ? counted.flatMap((one) => one.signer ?? []) : []
  const reasons = (result: 'bad' | 'unknown'): string[] =>
    summaries.filter((one) => one.result === result).map((one) => `${one.kind}: ${one.reason ?? result}`)
  return {
    summaries,
    by: [...new Set(by)],
    bad: [...new Set(reasons('bad'))],
    unknown: [...new Set(reasons('unknown'))],
  }
}

const readerOf = (blobs: BlobSource): BlobReader => ({
  read: (digest, most) => blobs.read(digest, most),
  lend: (digest, _, use) => blobs.lend(digest, use),
})

/** Judges what speaks for an item. What is proven about something below it alone does not sign it. */
export async function itemSigned(item: ForeignItem, blobs: BlobSource, trust: LookTrust): Promise<Signed> {
  const assessed: Assessed[] = []
  for (const { subject, manifest } of item.evidence) {
    const about = { manifest: manifest.digest, subject, signed: subject }
    // What of it is not here, or has other bytes, is a problem of the container.
    if (!childrenOf(manifest.manifest).every(({ digest }) => blobs.has(digest))) continue
    assessed.push(...(await assess(manifest.manifest, about, readerOf(blobs), trust.evidence)))
  }
  return signedOf(assessed, (piece) => piece.subject === item.digest)
}

/** Judges signatures over a file of a container, or over the whole of it. */
export async function containerSigned(
  signatures: readonly ContainerSignature[],
  tree: Tree,
  whole: BlobReader,
  trust: LookTrust,
): Promise<Signed> {
  const assessed: Assessed[] = []
  for (const { bytes, type, over, path } of signatures) {
    const content = over === null ? tree : tree.files.get(over)
    if (content?.digest == null)
      throw new Failure('internal', { found: `nothing under the signature ${path}` })
    const held = digestOf(bytes)
    const of = { digest: content.digest, size: content.size }
    const blobs: BlobReader = {
      read: (digest, most) => (digest === held ? Promise.resolve(bytes) : whole.read(digest, most)),
      lend: (digest, size, use) => {
        if (digest === held)
          return use((take) => {
            take(bytes)
            return Promise.resolve()
          })
        return over === null ? whole.lend(digest, size, use) : tree.lend(over, use)
      },
    }
    const layer = { title: 'signature', type, digest: held, size: bytes.length }
    const json = fileEvidenceManifest(of, layer)
    const digest = digestOf(json)
    const artifact = contentArtifact(of.digest, of.size, blobs)
    const about = { manifest: digest, subject: of.digest, signed: of.digest, artifact }
    assessed.push(...(await assess(parseManifest(json, ociManifest), about, blobs, trust.evidence)))
  }
  return signedOf(assessed, () => true)
}

/** What signatures come to: proven by somebody, by nobody that was named, or nothing to ask. */
export function signatureCheck(
  id: 'container.signature' | 'item.signature',
  subject: string,
  signed: Signed,
  named: boolean,
): Check | null {
  const expected = named ? 'a signature by a key or root that was named' : 'a signature by somebody known'
  if (signed.by.length > 0 && signed.bad.length === 0) {
    return check(id, 'pass', { subject, expected, found: signed.by.join('; ') })
  }
  const found = [...signed.bad, ...signed.unknown].join('; ')
  if (signed.bad.length > 0) return check(id, 'fail', { subject, expected, found, reason: 'bad' })
  if (signed.summaries.length > 0) {
    const reason = named ? 'another-key' : 'nobody-known'
    return check(id, named ? 'fail' : 'not-checked', { subject, expected, found, reason })
  }
  return named
    ? check(id, 'not-checked', { subject, expected, found: 'no signature', reason: 'unsigned' })
    : null
}
