import type { Digest } from '../../shared/digest.ts'
import type { Item } from '../../shared/waybill.ts'
import { configPlatform, readsAsConfig } from '../oci/image-config.ts'
import { isImage, mayBeImage } from '../oci/kind.ts'
import type { ImageManifest, Manifest } from '../oci/manifest.ts'
import { formatPlatform, matchesPlatform, precisePlatform, type Platform } from '../oci/platform.ts'
import { Failure } from '../platform/failure.ts'
import type { Plan } from './plan.ts'

/** An image for one platform, with its config as it is carried. */
export interface Picked {
  readonly manifest: ImageManifest
  readonly config: Buffer
}

interface Found extends Picked {
  readonly digest: Digest
  readonly platform: Platform | null
}

type ReadConfig = (digest: Digest) => Promise<Buffer>

async function asImage(
  manifest: ImageManifest,
  digest: Digest,
  stated: Platform | null,
  read: ReadConfig,
): Promise<Found[]> {
  if (!isImage(manifest) && !mayBeImage(manifest)) return []
  const config = await read(manifest.config.digest)
  if (!isImage(manifest) && !readsAsConfig(config)) return []
  const platform = stated ?? configPlatform(config)
  // What runs nowhere is what a builder attached: it says “unknown”.
  if (platform !== null && formatPlatform(platform) === null) return []
  return [{ manifest, digest, config, platform }]
}

async function imagesBelow(root: Digest, plan: Plan, read: ReadConfig): Promise<Map<Digest, Found>> {
  const found = new Map<Digest, Found>()
  const seen = new Set<Digest>()
  const visit = async (digest: Digest, manifest: Manifest, stated: Platform | null): Promise<void> => {
    if (seen.has(digest)) return
    seen.add(digest)
    if (manifest.kind === 'manifest') {
      for (const one of await asImage(manifest, digest, stated, read)) found.set(digest, one)
      return
    }
    for (const child of manifest.manifests) {
      const planned = plan.manifests.get(child.digest)
      if (planned !== undefined) await visit(child.digest, planned.manifest, child.platform)
    }
  }
  const planned = plan.manifests.get(root)
  if (planned !== undefined) await visit(root, planned.manifest, null)
  return found
}

const nameOf = ({ platform }: Found): string =>
  platform === null ? 'one that states no platform' : (precisePlatform(platform) ?? 'unknown')

/**
 * The one image of an item for a platform, or its only one. Platforms that stayed behind are none of it.
 *
 * @param read gives a config, hashed
 * @throws Failure `archive-platform` where it is not exactly one
 */
export async function pickPlatform(
  { root, reference }: Item,
  plan: Plan,
  wanted: Platform | null,
  read: ReadConfig,
): Promise<Picked> {
  const all = [...(await imagesBelow(root.digest, plan, read)).values()]
  const fitting = all.filter(
    ({ platform }) => wanted === null || (platform !== null && matchesPlatform(wanted, platform)),
  )
  const [picked, ...others] = fitting
  if (picked !== undefined && others.length === 0) return picked
  throw new Failure('archive-platform', {
    subject: reference,
    found: all.map(nameOf).join(', ') || 'none',
    expected: wanted === null ? 'one platform' : `one image for ${precisePlatform(wanted) ?? 'it'}`,
  })
}
