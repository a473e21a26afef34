import type { Digest } from '../../shared/digest.ts'
import { canonical } from '../platform/json.ts'
import { emptyBytes, emptyDigest, titleAnnotation } from './kind.ts'
import { emptyConfig, fileArtifact, ociManifest, octetStream } from './media-types.ts'

/** The manifest in which a plain file travels, as bytes: canonical, and nothing in it but digest, size and title. */
export function fileManifest(file: { title: string; digest: Digest; size: number }): Buffer {
  return canonical({
    schemaVersion: 2,
    mediaType: ociManifest,
    artifactType: fileArtifact,
    config: { mediaType: emptyConfig, digest: emptyDigest, size: emptyBytes.length },
    layers: [
      {
        mediaType: octetStream,
        digest: file.digest,
        size: file.size,
        annotations: { [titleAnnotation]: file.title },
      },
    ],
  })
}
