import type { EvidenceSummary } from '../../shared/evidence.ts'
import type { Tree } from '../archive/tree.ts'
import { assess, type Assessed } from '../evidence/assess.ts'
import type { BlobReader } from '../evidence/piece.ts'
import { summariesOf } from '../evidence/summary.ts'
import { childrenOf } from '../oci/manifest.ts'
import { Failure } from '../platform/failure.ts'
import { judgeDocument } from './judge-document.ts'
import type { LookTrust } from './look-trust.ts'
import { isOpenPgpSignature, openPgpSummaries } from './openpgp.ts'
import type { BlobSource, ContainerSignature, ForeignItem } from '../source/foreign/contents.ts'

/** What the signatures of something came to. */
export interface Signed {
  readonly summaries: readonly EvidenceSummary[]
  /** Who signed exactly this, each once. */
  readonly by: readonly string[]
  /** One is there that somebody known contradicts. */
  readonly bad: readonly string[]
  readonly unknown: readonly string[]
}

/** What pieces come to. @param about whether one speaks for exactly the thing */
export function signedOf(
  summaries: readonly EvidenceSummary[],
  about: (piece: EvidenceSummary) => boolean,
): Signed {
  const counted = summaries.filter((one) => one.result === 'proven' && about(one))
  // Who attests something of a thing did not sign it, where somebody else says that they did.
  const signatures = summaries.filter((one) => one.kind === 'signature')
  const borne = signatures.length === 0 || counted.some((one) => one.kind === 'signature')
  const by = borne ? counted.flatMap((one) => one.signer ?? []) : []
  const reasons = (result: 'bad' | 'unknown'): string[] =>
    summaries
      .filter((one) => one.result === result)
      .map((one) => [`${one.kind}: ${one.reason ?? result}`, ...one.notChecked].join('. '))
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
  return signedOf(summariesOf(assessed), (piece) => piece.subject === item.digest)
}

/** Judges signatures over a file of a container, or over the whole of it. */
export async function containerSigned(
  signatures: readonly ContainerSignature[],
  tree: Tree,
  whole: BlobReader,
  trust: LookTrust,
): Promise<Signed> {
  const summaries: EvidenceSummary[] = []
  for (const signature of signatures) {
    const { bytes, type, over, path } = signature
    if (isOpenPgpSignature(signature)) {
      summaries.push(...(await openPgpSummaries(signature, tree, trust)))
      continue
    }
    const content = over === null ? tree : tree.files.get(over)
    if (content?.digest == null)
      throw new Failure('internal', { found: `nothing under the signature ${path}` })
    const { digest, size } = content
    const lend: BlobReader['lend'] = (_, __, use) =>
      over === null ? whole.lend(digest, size, use) : tree.lend(over, use)
    summaries.push(...(await judgeDocument({ bytes, type }, { digest, size, lend }, trust.evidence)))
  }
  return signedOf(summaries, () => true)
}
