import type { Digest } from '../../shared/digest.ts'
import { formatPlatform } from '../oci/platform.ts'
import { isTag } from '../oci/reference.ts'
import { Failure } from '../platform/failure.ts'
import type { Destination } from './names.ts'
import type { Plan, PlannedManifest } from './plan.ts'

/** How an index goes of which platforms stay behind: as it is, or as its platforms, each an image of its own. */
export type Sparse = 'index' | 'platforms'

/** A manifest that lands under a name: by its tag, or by its digest only. */
export interface Landing {
  readonly planned: PlannedManifest
  readonly tag: string | null
}

interface Found {
  readonly planned: PlannedManifest
  readonly platform: string | null
}

/** Whether something stays behind anywhere below. */
function isSparse(planned: PlannedManifest, plan: Plan): boolean {
  if (planned.sparse) return true
  if (planned.manifest.kind === 'manifest') return false
  return planned.manifest.manifests.some(({ digest }) => {
    const child = plan.manifests.get(digest)
    return child !== undefined && isSparse(child, plan)
  })
}

/** The whole parts of a sparse index: what a registry takes of it. */
function wholeParts(planned: PlannedManifest, plan: Plan): Found[] {
  if (planned.manifest.kind === 'manifest') return []
  return planned.manifest.manifests.flatMap(({ digest, platform }): Found[] => {
    const child = plan.manifests.get(digest)
    if (child === undefined) return []
    if (isSparse(child, plan)) return wholeParts(child, plan)
    return [{ planned: child, platform: platform === null ? null : formatPlatform(platform) }]
  })
}

/** Whatever of the plan cannot go because parts of it stay behind. */
function sparseOnes(plan: Plan): PlannedManifest[] {
  return [...plan.manifests.values()].filter((one) => isSparse(one, plan))
}

/**
 * What lands under which name. As platforms, one image takes the item's tag itself, several take it with the name of the
 * platform behind it (`1.0-linux-arm64`); the index does not go, and no other is made. Its manifests leave the plan.
 */
export function landingsOf({ item, tag }: Destination, plan: Plan, sparse: Sparse): Landing[] {
  const root = plan.manifests.get(item.root.digest)
  if (root === undefined) return []
  if (sparse === 'index' || !isSparse(root, plan)) return [{ planned: root, tag }]
  const parts = wholeParts(root, plan)
  for (const one of sparseOnes(plan)) plan.manifests.delete(one.digest)
  const images = parts.filter(({ platform }) => platform !== null)
  const taken = new Set<string>()
  return images.map(({ planned, platform }) => {
    const own =
      images.length === 1 ? tag : tag === null ? null : `${tag}-${(platform ?? '').replaceAll('/', '-')}`
    if (own === null || taken.has(own) || !isTag(own)) return { planned, tag: null }
    taken.add(own)
    return { planned, tag: own }
  })
}

/** That no two contents land under one name. @throws Failure `export-names` */
export function checkNames(
  all: readonly { readonly repository: string; readonly landings: readonly Landing[] }[],
): void {
  const taken = new Map<string, Digest>()
  for (const { repository, landings } of all) {
    for (const { planned, tag } of landings) {
      const name = `${repository}:${tag ?? planned.digest}`
      if ((taken.get(name) ?? planned.digest) !== planned.digest) {
        throw new Failure('export-names', { found: name, expected: 'one content for each name' })
      }
      taken.set(name, planned.digest)
    }
  }
}
