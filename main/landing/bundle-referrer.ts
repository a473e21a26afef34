import type { Digest } from '../../shared/digest.ts'
import { emptyBytes, emptyDigest } from '../oci/kind.ts'
import { madeManifest, smallBlob, type MadeManifest } from '../oci/made-manifest.ts'
import { emptyConfig, ociManifest } from '../oci/media-types.ts'

const bundleType = 'application/vnd.dev.sigstore.bundle.v0.3+json'

/** What a referrer is attached to. */
export interface Subject {
  readonly mediaType: string
  readonly digest: Digest
  readonly size: number
}

/** A Sigstore bundle as OCI 1.1 referrer of what it speaks for. */
export function bundleReferrer(
  bundle: Buffer,
  subject: Subject,
  predicateType: string,
  at: string,
): MadeManifest {
  const blob = smallBlob(bundle)
  return madeManifest(
    {
      schemaVersion: 2,
      mediaType: ociManifest,
      artifactType: bundleType,
      config: { mediaType: emptyConfig, digest: emptyDigest, size: emptyBytes.length },
      layers: [{ mediaType: bundleType, digest: blob.digest, size: bundle.length }],
      subject: { ...subject },
      annotations: {
        'dev.sigstore.bundle.content': 'dsse-envelope',
        'dev.sigstore.bundle.predicateType': predicateType,
        'org.opencontainers.image.created': at,
      },
    },
    [blob, { bytes: emptyBytes, digest: emptyDigest }],
  )
}
