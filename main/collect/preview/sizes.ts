import type { Digest } from '../../../shared/digest.ts'
import { childrenOf, parseManifest } from '../../oci/manifest.ts'
import { isManifestType } from '../../oci/media-types.ts'
import { limits } from '../../platform/limits.ts'
import type { Named } from '../../source/source.ts'
import type { Blobs } from '../../store/blobs.ts'
import type { Draft } from '../draft.ts'

/**
 * Bytes of each blob of something that was resolved, as its manifests state them.
 *
 * @param blobs where its manifests are
 */
export async function sizesOf(draft: Draft, blobs: Blobs): Promise<ReadonlyMap<Digest, number>> {
  const sizes = new Map<Digest, number>()
  const evidence = draft.spoken.map((one) => one.evidence)
  const needed = new Set([...draft.needs, ...draft.spoken.flatMap(({ needs }) => [...needs])])
  const visit = async (named: Named): Promise<void> => {
    sizes.set(named.digest, named.size)
    const bytes = await blobs.read(named.digest, limits.manifestBytes)
    for (const child of childrenOf(parseManifest(bytes, named.mediaType))) {
      if (!needed.has(child.digest) || sizes.has(child.digest)) continue
      if (isManifestType(child.mediaType)) await visit(child)
      else sizes.set(child.digest, child.size)
    }
  }
  for (const named of [...draft.carried, ...evidence]) await visit(named)
  return sizes
}

/** How many bytes that is, and how many of them a desk has already. */
export async function totalOf(
  sizes: ReadonlyMap<Digest, number>,
  store: Blobs,
): Promise<{ readonly size: number; readonly here: number }> {
  let [size, here] = [0, 0]
  for (const [digest, bytes] of sizes) {
    size += bytes
    if ((await store.size(digest)) === bytes) here += bytes
  }
  return { size, here }
}
