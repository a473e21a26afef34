import type { Digest } from '../../shared/digest.ts'
import type { Item } from '../../shared/waybill.ts'
import { compressionOf, type Compression } from '../archive/decompress.ts'
import { ArchiveProblem } from '../archive/problem.ts'
import type { Layer } from '../archive/stored.ts'
import { ManifestProblem } from '../oci/descriptor.ts'
import { diffIdsOf } from '../oci/image-config.ts'
import type { Platform } from '../oci/platform.ts'
import { Failure } from '../platform/failure.ts'
import { readCapped, readHead } from '../platform/files.ts'
import { digestOf } from '../platform/hash.ts'
import { limits } from '../platform/limits.ts'
import type { Exportable } from './export.ts'
import { pickPlatform } from './pick-platform.ts'
import { planOf } from './plan.ts'
import { repoTagOf } from './repo-tags.ts'

/** An image as engines know it: by its config, with the layers that this names and the tags that lead to it. */
export interface DockerImage {
  /** What engines show as its id. */
  readonly id: Digest
  readonly config: Buffer
  readonly layers: readonly Layer[]
  readonly tags: Set<string>
}

/** Where an item went: to which image, under which name. */
export interface Placed {
  readonly item: Item
  readonly id: Digest
  readonly tag: string | null
}

export interface DockerImages {
  /** By their ids. */
  readonly images: ReadonlyMap<Digest, DockerImage>
  readonly placed: readonly Placed[]
}

/** Bytes at the beginning that tell a packing. */
const packingHead = 16

function packingOf(digest: Digest, head: Buffer): Compression {
  try {
    return compressionOf(head)
  } catch (error) {
    if (!(error instanceof ArchiveProblem)) throw error
    throw new Failure('archive-packing', { subject: digest, found: error.found }, error)
  }
}

class Gathering {
  readonly images = new Map<Digest, DockerImage>()
  readonly placed: Placed[] = []
  private readonly content: Exportable
  private readonly sizes: ReadonlyMap<Digest, number>
  private readonly byTag = new Map<string, Digest>()

  constructor(content: Exportable) {
    this.content = content
    this.sizes = new Map(content.blobs.map(({ digest, size }) => [digest, size]))
  }

  async add(item: Item, wanted: Platform | null): Promise<void> {
    const plan = await planOf(item, this.content)
    const picked = await pickPlatform(item, plan, wanted, (digest) => this.config(digest))
    const { manifest, config } = picked
    const id = manifest.config.digest
    const tag = repoTagOf(item)
    const known = this.images.get(id)
    const image = known ?? {
      id,
      config,
      layers: await this.layers(id, config, manifest.layers),
      tags: new Set(),
    }
    this.images.set(id, image)
    if (tag !== null) this.name(tag, image)
    this.placed.push({ item, id, tag })
  }

  private name(tag: string, { id, tags }: DockerImage): void {
    if ((this.byTag.get(tag) ?? id) !== id) {
      throw new Failure('export-names', { found: tag, expected: 'one content for each name' })
    }
    this.byTag.set(tag, id)
    tags.add(tag)
  }

  private async config(digest: Digest): Promise<Buffer> {
    const bytes = await readCapped(this.content.path(digest), limits.manifestBytes)
    const found = digestOf(bytes)
    if (found === digest) return bytes
    throw new Failure('content-damaged', { subject: digest, expected: digest, found })
  }

  private async layers(
    id: Digest,
    config: Buffer,
    stored: readonly { readonly digest: Digest }[],
  ): Promise<Layer[]> {
    const ids = this.diffIds(id, config)
    if (ids.length !== stored.length) {
      const [expected, found] = [`${ids.length} layers`, `${stored.length} in its manifest`]
      throw new Failure('archive-layer', { subject: `list of ${id}`, expected, found })
    }
    const layers: Layer[] = []
    for (const [i, diffId] of ids.entries()) {
      const digest = stored[i]?.digest
      if (digest !== undefined) layers.push(await this.layer(digest, diffId))
    }
    return layers
  }

  private diffIds(id: Digest, config: Buffer): Digest[] {
    try {
      return diffIdsOf(config)
    } catch (error) {
      if (!(error instanceof ManifestProblem)) throw error
      const { expected, found } = error
      throw new Failure('archive-layer', { subject: `list of ${id}`, expected, found }, error)
    }
  }

  private async layer(digest: Digest, diffId: Digest): Promise<Layer> {
    const size = this.sizes.get(digest)
    if (size === undefined) {
      throw new Failure('archive-layer', { subject: digest, expected: diffId, found: 'it stayed behind' })
    }
    const path = this.content.path(digest)
    const packing = packingOf(digest, await readHead(path, packingHead))
    if (packing === 'none' && digest !== diffId) {
      throw new Failure('archive-layer', { subject: digest, expected: diffId, found: digest })
    }
    return { path, digest, size, packing, diffId }
  }
}

/**
 * The images of items, each for one platform. Items that are one image are one here, under the names of all.
 *
 * @throws Failure `archive-platform`, `archive-layer`, `archive-packing`, `export-names`, `content-damaged`, …
 */
export async function dockerImagesOf(
  items: readonly Item[],
  content: Exportable,
  platform: Platform | null,
): Promise<DockerImages> {
  const gathering = new Gathering(content)
  for (const item of items) await gathering.add(item, platform)
  return gathering
}
