import type { Digest } from '../../../shared/digest.ts'
import { MappedTree } from '../../archive/mapped-tree.ts'
import { ArchiveProblem } from '../../archive/problem.ts'
import { insidePath } from '../../archive/tar.ts'
import type { Tree } from '../../archive/tree.ts'
import { asObject, ManifestProblem, parseDescriptor, shown, type Descriptor } from '../../oci/descriptor.ts'
import { titleAnnotation } from '../../oci/kind.ts'
import { ociManifest } from '../../oci/media-types.ts'
import { JsonError, parseStrict } from '../../platform/json.ts'
import { limits } from '../../platform/limits.ts'
import type { ForeignItem, Problems } from './contents.ts'
import { isInnerArchive } from './inner-archives.ts'
import type { TreeBlobs } from './tree-blobs.ts'
import { readPackage, type ZarfPackage } from './zarf.ts'

/** The type of everything in a bundle: of its packages, whose blobs are manifests, and of their files. */
export const zarfLayer = 'application/vnd.zarf.layer.v1.blob'
const zarfConfig = 'application/vnd.zarf.config.v1+json'

/** The manifest of a Zarf package in a bundle: which blob is which of its files. */
export interface PackageFiles {
  readonly digest: Digest
  readonly size: number
  /** Its own, and those of all its files. */
  readonly layers: readonly Descriptor[]
  readonly names: ReadonlyMap<string, Digest>
}

/** Versions before 0.30 call a manifest by the type of the layer that it is. */
function layersIn(bytes: Buffer): Descriptor[] {
  const body = asObject(parseStrict(bytes, limits.manifestValues), 'manifest')
  const { mediaType = ociManifest, layers } = body
  if (mediaType !== ociManifest && mediaType !== zarfLayer) {
    throw new ManifestProblem('media-type-differs', ociManifest, shown(mediaType))
  }
  const config = parseDescriptor(body.config)
  if (config.mediaType !== zarfConfig) {
    throw new ManifestProblem('manifest-form', zarfConfig, shown(config.mediaType))
  }
  if (!Array.isArray(layers) || layers.length > limits.descriptors) {
    throw new ManifestProblem('manifest-form', `a list of at most ${limits.descriptors} layers`, 'another')
  }
  return [config, ...layers.map(parseDescriptor)]
}

function titleOf({ annotations }: Descriptor): string | null {
  try {
    const title = annotations[titleAnnotation] ?? ''
    return insidePath(title) === title ? title : null
  } catch (error) {
    if (error instanceof ArchiveProblem) return null
    throw error
  }
}

/** Titles of layers as paths, each inside and once. @param problems `container.agreement` `path-outside`, `entry-twice` */
export function titlesOf(
  layers: readonly Descriptor[],
  about: string,
  problems: Problems,
): Map<string, Digest> {
  const names = new Map<string, Digest>()
  for (const layer of layers) {
    const title = titleOf(layer)
    const subject = `${about}: ${shown(layer.annotations[titleAnnotation])}`
    if (title === null) {
      problems.add('container.agreement', 'path-outside', subject, 'the path of a file inside', 'another')
    } else if (names.has(title)) {
      problems.add('container.agreement', 'entry-twice', subject, 'each file once', 'two layers')
    } else names.set(title, layer.digest)
  }
  return names
}

/**
 * Reads the manifest of a package.
 *
 * @param problems `container.agreement` `form`, `path-outside`, `entry-twice`
 * @returns `null` where it is not here or no such manifest
 */
export async function packageFiles(
  blobs: TreeBlobs,
  { digest, size }: Descriptor,
  problems: Problems,
): Promise<PackageFiles | null> {
  if (!blobs.has(digest)) return null
  try {
    if (size > limits.manifestBytes) {
      throw new ManifestProblem('too-large', `at most ${limits.manifestBytes} bytes`, `${size} bytes`)
    }
    const [config, ...layers] = layersIn(await blobs.read(digest, limits.manifestBytes))
    if (config === undefined) return null
    return { digest, size, layers: [config, ...layers], names: titlesOf(layers, digest, problems) }
  } catch (error) {
    if (!(error instanceof ManifestProblem || error instanceof JsonError)) throw error
    const { expected, found } =
      error instanceof ManifestProblem
        ? error
        : { expected: 'the manifest of a package', found: error.message }
    problems.add('container.agreement', 'form', digest, expected, found)
    return null
  }
}

// Documents that a package is read by: blobs are not called as if they were any.
const isRead = (title: string): boolean => /^[^/]+\.(yaml|txt|sig)$/.test(title)

/** Goes into the archives in packages, which lie there as blobs: once more through the whole, for all of them. */
export function goIntoPackages(tree: Tree, packages: readonly PackageFiles[]): Promise<Tree> {
  const titles = new Map<string, string[]>()
  const documents = new Set<string>()
  for (const [title, digest] of packages.flatMap(({ names }) => [...names])) {
    const place = blobPath(digest)
    if (isRead(title)) documents.add(place)
    if (isInnerArchive(title, new Set())) titles.set(place, [...(titles.get(place) ?? []), title])
  }
  if (titles.size === 0) return Promise.resolve(tree)
  return tree.goInto({
    isDocument: (path) => documents.has(path),
    isArchive: (path, seen) => {
      const place = path.slice(0, blobPathLength)
      return (titles.get(place) ?? []).some((title) => {
        const has = (one: string): boolean => seen.has(`${place}${one.slice(title.length)}`)
        return isInnerArchive(`${title}${path.slice(place.length)}`, { has })
      })
    },
  })
}

const blobPath = (digest: Digest): string => `blobs/sha256/${digest.slice('sha256:'.length)}`
const blobPathLength = 'blobs/sha256/'.length + 64

/** A package in a bundle, with its images. */
export interface BundledPackage extends ZarfPackage {
  readonly item: ForeignItem
}

/** What of its layers is here in another size than is said, or not here and no file with a sum either. */
function compareLayers(
  { layers, digest }: PackageFiles,
  blobs: TreeBlobs,
  problems: Problems,
  mayMiss: boolean,
): void {
  for (const [at, layer] of layers.entries()) {
    const size = blobs.sizeOf(layer.digest)
    const subject = `${digest}: ${at === 0 ? 'its config' : shown(layer.annotations[titleAnnotation])}`
    if (size !== null && size !== layer.size) {
      problems.add('container.sums', 'size-differs', subject, `${layer.size} bytes`, `${size} bytes`)
    }
    // A file that may be left out is asked for by the package's own list.
    if (size === null && (at === 0 || !mayMiss)) {
      problems.add(
        'container.complete',
        'missing',
        subject,
        `${layer.digest}, ${layer.size} bytes`,
        'not here',
      )
    }
  }
}

/** Reads a package in a bundle as if it lay there by itself. @param chosen the optional components that were taken of it */
export async function bundledPackage(
  tree: Tree,
  blobs: TreeBlobs,
  files: PackageFiles,
  chosen: ReadonlySet<string>,
): Promise<BundledPackage> {
  const { digest, size, layers, names } = files
  const places = new Map([...names].map(([title, one]) => [title, blobPath(one)]))
  const mapped = new MappedTree(tree.name, tree, places)
  const read = await readPackage(mapped, chosen)
  const { definition, signing } = read
  const hasOthers = definition?.components.some((one) => !one.required && !chosen.has(one.name)) ?? false
  compareLayers(files, blobs, read.problems, hasOthers)
  const signatures = signing.signatures.map(({ over, ...one }) => {
    return { ...one, over: over === null ? null : mapped.placeOf(over) }
  })
  const own = new Map(layers.map((one) => [one.digest, blobs.sizeOf(one.digest) ?? 0]))
  const item: ForeignItem = {
    kind: 'package',
    name: definition?.name ?? null,
    version: definition?.version ?? null,
    references: definition === null ? [] : [definition.name],
    digest,
    mediaType: ociManifest,
    platforms: definition === null ? [] : [`linux/${definition.architecture}`],
    size: [...own.values()].reduce((sum, one) => sum + one, size),
    evidence: [],
    signing: { ...signing, signatures },
  }
  const images = read.images.map((one) => ({ ...one, partOf: [digest] }))
  return { ...read, item, images }
}
