import { hexOf, type Digest } from '../../shared/digest.ts'
import type { Item } from '../../shared/waybill.ts'
import type { Measured } from '../archive/measure-task.ts'
import type { Layer } from '../archive/stored.ts'
import type { TarEntry } from '../archive/tar-task.ts'
import type { Platform } from '../oci/platform.ts'
import { Failure } from '../platform/failure.ts'
import { spread } from '../store/spread.ts'
import { dockerImagesOf, type DockerImage, type Placed } from './docker-images.ts'
import type { Exportable, Exported, ExportTools } from './export.ts'
import { fillFile } from './target-file.ts'
import { writeTar } from './write-tar.ts'

/** As many items as are named that stay out. */
const mostLeft = 100

const unsigned =
  'Signatures and other evidence are not in it: they speak for digests of manifests, which a docker archive does not keep. The digests here are those of configs, which engines show as ids of images.'

const layerName = (diffId: Digest): string => `${hexOf(diffId)}.tar`
const configName = (id: Digest): string => `${hexOf(id)}.json`

function bytesEntry(name: string, bytes: Uint8Array): TarEntry {
  return { name, size: bytes.length, content: { kind: 'bytes', bytes } }
}

/**
 * A header of a tar says the size before the content, and no image says how large its layers are unpacked. So each packed
 * one is unpacked twice: first to nowhere, on all threads, when its digest is checked as well, so that a layer that lies is
 * found before anything is written; then into the file. A plain copy on the disc would need the room of all of them.
 */
async function measured(layers: readonly Layer[], tools: ExportTools): Promise<ReadonlyMap<Digest, number>> {
  const packed = layers.filter(({ packing }) => packing !== 'none')
  const { pool, signal } = tools
  tools.step(
    'measure',
    packed.reduce((sum, { size }) => sum + size, 0),
  )
  const advance = (bytes: number): void => tools.advance(bytes)
  const input = { layers: packed }
  const done = await spread<Measured[]>(pool, 'measure-layers', input, packed.length, { signal, advance })
  const sizes = new Map(layers.map(({ diffId, size }) => [diffId, size]))
  for (const { diffId, size } of done.flat()) sizes.set(diffId, size)
  return sizes
}

/** `manifest.json`: engines find everything else by it. */
function manifestBytes(images: readonly DockerImage[]): Buffer {
  const listed = images.map(({ id, layers, tags }) => ({
    Config: configName(id),
    RepoTags: [...tags],
    Layers: layers.map(({ diffId }) => layerName(diffId)),
  }))
  return Buffer.from(JSON.stringify(listed), 'utf8')
}

function leftOf(others: readonly Item[]): string[] {
  const named = others
    .slice(0, mostLeft)
    .map(({ reference, kind }) => `Not in it: ${reference}, which is no image (${kind}).`)
  const more = others.length - mostLeft
  return [unsigned, ...named, ...(more > 0 ? [`The same for ${more} more.`] : [])]
}

function writtenOf(placed: readonly Placed[]): Exported['written'] {
  return placed.map(({ item, id, tag }) => ({ from: item.reference, reference: tag ?? id, digest: id }))
}

/**
 * Exports the images as a docker archive, a tar that appears whole: each for one platform, layers unpacked, those that
 * images share once. What is no image stays out and is told, as are signatures.
 *
 * @param platform which one, of images that carry several
 * @throws Failure `archive-no-image`, `archive-platform`, `archive-layer`, `archive-packing`, `export-names`, `file-exists`, `export-target`, `content-damaged`, `disk-full`, `disk-failed`, `cancelled`
 */
export async function exportDockerArchive(
  content: Exportable,
  target: string,
  platform: Platform | null,
  tools: ExportTools,
): Promise<Exported> {
  const fitting = content.items.filter(({ kind }) => kind === 'image')
  const others = content.items.filter(({ kind }) => kind !== 'image')
  if (fitting.length === 0) {
    const found = others.map(({ kind }) => kind)
    throw new Failure('archive-no-image', { found: [...new Set(found)].join(', ') })
  }
  const { images, placed } = await dockerImagesOf(fitting, content, platform)
  const all = [...images.values()]
  const layers = new Map(all.flatMap((image) => image.layers.map((layer) => [layer.diffId, layer] as const)))
  const entries = await fillFile(target, async (file) => {
    const sizes = await measured([...layers.values()], tools)
    const made = [
      bytesEntry('manifest.json', manifestBytes(all)),
      ...all.map(({ id, config }) => bytesEntry(configName(id), config)),
      ...[...layers.values()].map((layer): TarEntry => {
        const size = sizes.get(layer.diffId) ?? layer.size
        return { name: layerName(layer.diffId), size, content: { kind: 'layer', layer } }
      }),
    ]
    await writeTar(file, made, tools)
    return made
  })
  const bytes = entries.reduce((sum, { size }) => sum + size, 0)
  const written = writtenOf(placed)
  return {
    target,
    written,
    moved: [],
    warned: [],
    bytes,
    blobs: all.length + layers.size,
    left: leftOf(others),
  }
}
