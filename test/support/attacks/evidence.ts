import { assess, type Assessed } from '../../../main/evidence/assess.ts'
import type { Digest } from '../../../shared/digest.ts'
import type { BlobReader } from '../../../main/evidence/piece.ts'
import type { Artifact } from '../../../main/sigstore/artifact.ts'
import type { Sizes } from '../../../main/sigstore/large/set-aside.ts'
import type { EvidenceTrust } from '../../../main/evidence/judge.ts'
import type { ImageManifest } from '../../../main/oci/manifest.ts'
import { digestOf } from '../../../main/platform/hash.ts'
import { artifact, makeBundle, type BundlePlan } from '../authority/bundle.ts'
import { trust } from '../authority/world.ts'

const type = 'application/vnd.dev.sigstore.bundle.v0.3+json'
const empty = {
  mediaType: type,
  digest: digestOf(Buffer.alloc(0)),
  size: 0,
  artifactType: null,
  platform: null,
  annotations: {},
}

/** What the evidence is about. */
export const subject = digestOf(artifact)

/** Blobs in memory, lent in pieces of so many bytes. */
export function blobsOf(read: (digest: Digest) => Buffer, piece = 64 * 1024): BlobReader {
  return {
    read: (digest) => Promise.resolve(read(digest)),
    lend: (digest, _, use) =>
      use((take) => {
        const bytes = read(digest)
        for (let at = 0; at < bytes.length; at += piece) take(bytes.subarray(at, at + piece))
        return Promise.resolve()
      }),
  }
}

/** One layer of a manifest of evidence. */
export interface LayerPlan {
  readonly mediaType: string
  readonly bytes: Buffer
  readonly annotations?: Readonly<Record<string, string>>
}

/** Bundles as evidence of an image, judged by a desk that knows the private Sigstore and no keys, unless others are given. */
export function assessed(plans: readonly BundlePlan[], knows?: EvidenceTrust): Promise<Assessed[]> {
  const layers = plans.map((plan) => ({
    mediaType: type,
    bytes: Buffer.from(JSON.stringify(makeBundle(plan).json)),
  }))
  return assessedLayers(layers, knows)
}

/** How evidence is read, where it is not as usual. */
interface EvidencePlan {
  readonly sizes?: Sizes
  readonly blobs?: BlobReader
  /** The content that is signed; its digest alone is known unless given. */
  readonly artifact?: Artifact
}

/** The same for layers of any form. */
export async function assessedLayers(
  layers: readonly LayerPlan[],
  knows: EvidenceTrust = { roots: [trust], keys: [] },
  { sizes, blobs, artifact: content }: EvidencePlan = {},
): Promise<Assessed[]> {
  const manifest: ImageManifest = {
    kind: 'manifest',
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    artifactType: type,
    subject: null,
    annotations: {},
    config: empty,
    layers: layers.map(({ mediaType, bytes, annotations = {} }) => ({
      ...empty,
      mediaType,
      annotations,
      digest: digestOf(bytes),
      size: bytes.length,
    })),
  }
  const read = (digest: Digest): Buffer =>
    layers.find(({ bytes }) => digestOf(bytes) === digest)?.bytes ?? Buffer.alloc(0)
  const about = { manifest: subject, subject, signed: subject, ...(content && { artifact: content }) }
  return assess(manifest, about, blobs ?? blobsOf(read), knows, sizes)
}
