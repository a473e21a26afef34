import { isFileTitle } from '../../shared/names.ts'
import type { Item, ItemKind } from '../../shared/waybill.ts'
import { digestOf } from '../platform/hash.ts'
import { ManifestProblem, type Descriptor } from './descriptor.ts'
import type { ImageManifest, Manifest } from './manifest.ts'
import {
  dockerConfig,
  emptyConfig,
  fileArtifact,
  helmConfig,
  isImageLayerType,
  isOldConfigType,
  modelTypes,
  ociConfig,
  octetStream,
  treeArtifacts,
  type TreeKind,
} from './media-types.ts'

/** The name of a file in a layer. */
export const titleAnnotation = 'org.opencontainers.image.title'
/** The config of a manifest that has none: `{}`. */
export const emptyBytes = Buffer.from('{}')
export const emptyDigest = digestOf(emptyBytes)

/** Whether a manifest is of a container image: engines run what has such a config, whatever its `artifactType` says. */
export function isImage(manifest: ImageManifest): boolean {
  const config = manifest.config.mediaType
  return config === ociConfig || config === dockerConfig
}

/** Whether a manifest is of an image too if its config reads as one: it has layers of images, and a config of an old type. */
export function mayBeImage(manifest: ImageManifest): boolean {
  const { config, layers } = manifest
  return (
    isOldConfigType(config.mediaType) &&
    layers.length > 0 &&
    layers.every(({ mediaType }) => isImageLayerType(mediaType))
  )
}

const treeKinds = Object.keys(treeArtifacts) as TreeKind[]

/** What several files that travel as one thing are, by the type of their root; `null` for everything else. */
export function treeKindOf(artifactType: string | null): TreeKind | null {
  return treeKinds.find((kind) => treeArtifacts[kind] === artifactType) ?? null
}

/** The same of an item. Its kind alone does not say it: models come from registries too, in a form of their own. */
export function treeKindIn({ kind, root }: Pick<Item, 'kind' | 'root'>): TreeKind | null {
  const tree = treeKindOf(root.artifactType)
  return tree === kind ? tree : null
}

/** The kind of what is no image, by the types that its maker gave it. */
function kindBy({ artifactType, config }: ImageManifest): ItemKind {
  if (config.mediaType === helmConfig) return 'chart'
  return [artifactType, config.mediaType].some((type) => modelTypes.includes(type ?? ''))
    ? 'model'
    : 'artifact'
}

/**
 * The kind of an item, from its root and whether that, or (of an index) a manifest below it that is carried, is an image.
 * An index is an image when some manifest below is one, whatever its `artifactType` says.
 */
export function kindOf(root: Manifest, image: boolean): ItemKind {
  if (root.artifactType === fileArtifact) return 'file'
  const tree = treeKindOf(root.artifactType)
  if (tree !== null) return tree
  if (image) return 'image'
  return root.kind === 'manifest' ? kindBy(root) : 'artifact'
}

export interface CarriedFile {
  readonly title: string
  readonly layer: Descriptor
}

/**
 * The one file of a manifest that says it is a file of ours.
 *
 * @throws ManifestProblem when it does not have exactly our form (bundle.md, "Reader rules")
 */
export function fileOf(root: Manifest): CarriedFile {
  const wrong = (expected: string, found: string): never => {
    throw new ManifestProblem('file-form', expected, found)
  }
  if (root.kind === 'index') return wrong('a manifest with one layer', 'an index')
  const [layer, ...more] = root.layers
  if (layer === undefined || more.length > 0) return wrong('one layer', `${root.layers.length}`)
  if (root.config.digest !== emptyDigest || root.config.mediaType !== emptyConfig) {
    return wrong('the empty config', root.config.mediaType)
  }
  if (layer.mediaType !== octetStream) return wrong(octetStream, layer.mediaType)
  const title = layer.annotations[titleAnnotation]
  if (title === undefined || !isFileTitle(title)) return wrong('a portable file name', title ?? 'none')
  return { title, layer }
}
