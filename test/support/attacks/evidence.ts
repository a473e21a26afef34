import { assess, type Assessed } from '../../../main/evidence/assess.ts'
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

/** Bundles as evidence of an image, judged by a desk that knows the private Sigstore and no keys, unless others are given. */
export async function assessed(
  plans: readonly BundlePlan[],
  knows: EvidenceTrust = { roots: [trust], keys: [] },
): Promise<Assessed[]> {
  const blobs = plans.map((plan) => Buffer.from(JSON.stringify(makeBundle(plan).json)))
  const manifest: ImageManifest = {
    kind: 'manifest',
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    artifactType: type,
    subject: null,
    annotations: {},
    config: empty,
    layers: blobs.map((bytes) => ({ ...empty, digest: digestOf(bytes), size: bytes.length })),
  }
  const read = (digest: string): Promise<Buffer> =>
    Promise.resolve(blobs.find((one) => digestOf(one) === digest) ?? Buffer.alloc(0))
  return assess(manifest, { manifest: subject, subject, signed: subject }, read, knows)
}
