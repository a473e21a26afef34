import type { Digest } from '../../../shared/digest.ts'
import type { Item, Waybill } from '../../../shared/waybill.ts'
import type { Descriptor } from '../../oci/descriptor.ts'
import { childrenOf, parseManifest } from '../../oci/manifest.ts'
import { isIndexType, isManifestType } from '../../oci/media-types.ts'
import { Failure } from '../../platform/failure.ts'
import { limits } from '../../platform/limits.ts'
import type { Consignment } from '../state/consignment.ts'

/** What landed under a name: an item, or a platform of one. */
export interface LandedItem {
  readonly item: Item
  /** The repository in its registry, without the host. */
  readonly path: string
  readonly tag: string | null
  readonly digest: Digest
  /** Manifests of platforms below it that were carried. */
  readonly platforms: readonly Digest[]
}

interface ReadManifest {
  readonly bytes: Buffer
  readonly mediaType: string
}

/** Reads a manifest, and which media type it has; it is hashed by whoever reads it. */
export type ReadManifests = (path: string, digest: Digest) => Promise<ReadManifest>

/** What of a waybill was carried. */
export const carriedIn = (waybill: Waybill): Set<Digest> =>
  new Set(waybill.blobs.filter(({ state }) => state !== 'omitted').map(({ digest }) => digest))

type Written = Consignment['exports'][number]['written'][number]

// `HOST/PATH:TAG`, or `HOST/PATH@DIGEST`: as the export wrote it.
function placeOf(reference: string, host: string): { readonly path: string; readonly tag: string | null } {
  const rest = reference.slice(host.length + 1)
  const at = rest.indexOf('@')
  if (at >= 0) return { path: rest.slice(0, at), tag: null }
  const colon = rest.lastIndexOf(':')
  return colon < 0 ? { path: rest, tag: null } : { path: rest.slice(0, colon), tag: rest.slice(colon + 1) }
}

const isPlatform = ({ platform }: Descriptor): boolean =>
  platform === null || platform.os !== 'unknown' || platform.architecture !== 'unknown'

/**
 * The manifests of platforms below a manifest that were carried; none where it is no index.
 *
 * @param read gives it and each index below it, hashed
 * @throws Failure of `read`, `content-damaged`
 */
async function platformsBelow(
  read: (digest: Digest, mediaType: string | null) => Promise<ReadManifest>,
  digest: Digest,
  carried: ReadonlySet<Digest>,
  depth = 1,
  stated: string | null = null,
): Promise<Digest[]> {
  const { bytes, mediaType } = await read(digest, stated)
  if (!isIndexType(mediaType)) return []
  if (depth > limits.graphDepth)
    throw new Failure('content-damaged', { subject: digest, expected: 'fewer levels', found: 'more' })
  const found: Digest[] = []
  for (const child of childrenOf(parseManifest(bytes, mediaType))) {
    if (!carried.has(child.digest) || !isManifestType(child.mediaType)) continue
    if (isIndexType(child.mediaType))
      found.push(...(await platformsBelow(read, child.digest, carried, depth + 1, child.mediaType)))
    // What builders add about a platform says that it is for none.
    else if (isPlatform(child)) found.push(child.digest)
  }
  return found
}

/**
 * The same of content that lies here: only indexes are read.
 *
 * @param read gives an index; `null` where it was let go, and then nothing is known of what is below it
 */
export const platformsIn = (
  root: { readonly digest: Digest; readonly mediaType: string },
  carried: ReadonlySet<Digest>,
  read: (digest: Digest) => Promise<Buffer | null>,
): Promise<Digest[]> =>
  platformsBelow(
    async (digest, mediaType) => {
      const bytes = mediaType !== null && isIndexType(mediaType) ? await read(digest) : null
      return bytes === null
        ? { bytes: Buffer.alloc(0), mediaType: '' }
        : { bytes, mediaType: mediaType ?? '' }
    },
    root.digest,
    carried,
    1,
    root.mediaType,
  )

/** What the last export to a target wrote, by its record. @throws Failure `landing-not-there` */
export function writtenAt(one: Pick<Consignment, 'exports' | 'name'>, target: string): readonly Written[] {
  const last = one.exports.filter((other) => other.target === target).at(-1)
  if (last === undefined) throw new Failure('landing-not-there', { subject: one.name, found: target })
  return last.written
}

/**
 * What landed by the record of an export, each with the platforms below it.
 *
 * @throws Failure of `read`, `content-damaged`
 */
export async function landedItems(
  waybill: Waybill,
  host: string,
  written: readonly Written[],
  read: ReadManifests,
): Promise<LandedItem[]> {
  const carried = carriedIn(waybill)
  const landed: LandedItem[] = []
  for (const { from, reference, digest } of written) {
    const item = waybill.items.find((one) =>
      from === undefined ? one.root.digest === digest : one.reference === from,
    )
    if (item === undefined) continue
    const { path, tag } = placeOf(reference, host)
    const platforms = await platformsBelow((below) => read(path, below), digest, carried)
    landed.push({ item, path, tag, digest, platforms: [...new Set(platforms)] })
  }
  return landed
}
