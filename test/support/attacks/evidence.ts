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

/** The same for layers of any form. */
export async function assessedLayers(
  layers: readonly LayerPlan[],
  knows: EvidenceTrust = { roots: [trust], keys: [] },
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
  const read = (digest: string): Promise<Buffer> =>
    Promise.resolve(layers.find(({ bytes }) => digestOf(bytes) === digest)?.bytes ?? Buffer.alloc(0))
  return assess(manifest, { manifest: subject, subject, signed: subject }, read, knows)
}
