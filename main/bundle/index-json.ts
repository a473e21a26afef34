import type { Item } from '../../shared/waybill.ts'
import { refNameOf } from '../oci/normal-form.ts'
import { canonical } from '../platform/json.ts'

/** The constant file `oci-layout`. */
export const ociLayoutBytes = Buffer.from('{"imageLayoutVersion":"1.0.0"}', 'utf8')

/**
 * `index.json`, a pure function of the items (bundle.md, "Reader rules"): each item's root under its reference, then
 * its evidence that is not listed yet.
 */
export function indexBytes(items: readonly Item[]): Buffer {
  const manifests: object[] = []
  const listed = new Set<string>()
  for (const { root, reference, evidence } of items) {
    const { mediaType, digest, size, artifactType } = root
    manifests.push({
      mediaType,
      digest,
      size,
      ...(artifactType === null ? {} : { artifactType }),
      annotations: { 'org.opencontainers.image.ref.name': refNameOf(reference) },
    })
    listed.add(digest)
    for (const piece of evidence) {
      if (listed.has(piece.digest)) continue
      listed.add(piece.digest)
      manifests.push({
        mediaType: piece.mediaType,
        digest: piece.digest,
        size: piece.size,
        ...(piece.artifactType === null ? {} : { artifactType: piece.artifactType }),
      })
    }
  }
  return canonical({
    manifests,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    schemaVersion: 2,
  })
}
