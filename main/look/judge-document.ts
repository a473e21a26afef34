import type { Digest } from '../../shared/digest.ts'
import type { EvidenceSummary } from '../../shared/evidence.ts'
import { assess } from '../evidence/assess.ts'
import { contentArtifact } from '../evidence/content.ts'
import type { EvidenceTrust } from '../evidence/judge.ts'
import type { BlobReader } from '../evidence/piece.ts'
import { summariesOf } from '../evidence/summary.ts'
import { fileEvidenceManifest } from '../oci/file-evidence.ts'
import { parseManifest } from '../oci/manifest.ts'
import { ociManifest } from '../oci/media-types.ts'
import { digestOf } from '../platform/hash.ts'

/** What a document speaks for; its bytes are read only where the digest is not enough. */
export interface SpokenFor {
  readonly digest: Digest
  readonly size: number
  readonly lend: BlobReader['lend']
}

/**
 * Judges everything in a document that speaks for a file, as if it had travelled beside it.
 *
 * @param document its bytes, and the type by which they are read
 * @returns one entry for each signature or attestation in it
 * @throws Failure where the file cannot be read
 */
export async function judgeDocument(
  { bytes, type }: { readonly bytes: Buffer; readonly type: string },
  { digest, size, lend }: SpokenFor,
  trust: EvidenceTrust,
): Promise<EvidenceSummary[]> {
  const held = digestOf(bytes)
  const blobs: BlobReader = {
    read: () => Promise.resolve(bytes),
    lend: (asked, length, use) =>
      asked === held
        ? use((take) => {
            take(bytes)
            return Promise.resolve()
          })
        : lend(asked, length, use),
  }
  const layer = { title: 'signature', type, digest: held, size: bytes.length }
  const json = fileEvidenceManifest({ digest, size }, layer)
  const artifact = contentArtifact(digest, size, blobs)
  const about = { manifest: digestOf(json), subject: digest, signed: digest, artifact }
  return summariesOf(await assess(parseManifest(json, ociManifest), about, blobs, trust))
}
