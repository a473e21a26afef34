import type { Digest } from '../../../shared/digest.ts'
import type { Tree, TreeFile } from '../../archive/tree.ts'
import { asObject, ManifestProblem, shown, type Descriptor } from '../../oci/descriptor.ts'
import { JsonError, parseStrict } from '../../platform/json.ts'
import { cutReference } from '../../oci/reference.ts'
import { limits } from '../../platform/limits.ts'
import { SharedLayout } from '../layout-evidence.ts'
import type { ReadManifest } from '../source.ts'
import { Problems, type Contents, type ForeignItem } from './contents.ts'
import { listDocument, listPath } from './image-list.ts'
import { bundleContent, lockedImages } from './imgpkg-bundle.ts'
import { imgpkgImages, isImgpkgList, type ListedImage, type Stated } from './imgpkg-list.ts'
import { OciWalk } from './oci-items.ts'
import { TreeBlobs } from './tree-blobs.ts'

const layerPath = /^sha256-([0-9a-f]{64})\.tar\.gz$/

/** Every image and index of a list, each index before what is below it. */
function allOf(images: readonly ListedImage[]): ListedImage[] {
  return images.flatMap((one) => [one, ...allOf(one.below)])
}

/** Takes the documents that stand in the list, where they are what is said of them. */
function stateAll(images: readonly ListedImage[], blobs: TreeBlobs, problems: Problems): void {
  const state = ({ digest, bytes }: Stated, what: string): void => {
    const found = blobs.state(bytes)
    if (found !== digest) problems.add('container.sums', 'sum-differs', what, digest, found)
  }
  for (const { manifest, config, references } of images) {
    const [name = manifest.digest] = references
    state(manifest, `${listPath}: manifest of ${shown(name)}`)
    if (config !== null) state(config, `${listPath}: config of ${shown(name)}`)
  }
}

/** What the list says beside a manifest must be what the manifest says. */
function holdBeside(listed: ListedImage, { manifest, digest }: ReadManifest, problems: Problems): void {
  const disagree = (expected: string, found: string): void =>
    problems.add('container.agreement', 'documents-disagree', digest, shown(expected), shown(found))
  for (const reference of listed.references) {
    const named = cutReference(reference).digest
    if (named !== null && named !== digest) disagree(`a name with ${digest}`, reference)
  }
  if (manifest.kind === 'index') {
    const own = new Set<string>(manifest.manifests.map((one) => one.digest))
    for (const below of listed.below)
      if (!own.has(below.manifest.digest)) disagree('an image of this index', below.manifest.digest)
    return
  }
  if (listed.config !== null && listed.config.digest !== manifest.config.digest)
    disagree(manifest.config.digest, listed.config.digest)
  const layers = (all: readonly { digest: string; size: number }[]): string =>
    all.map((one) => `${one.digest} ${one.size}`).join(', ')
  if (layers(listed.layers) !== layers(manifest.layers))
    disagree(layers(manifest.layers), layers(listed.layers))
}

/** Whether a config is that of a bundle: by its label. */
function isBundle(config: Stated | null): boolean {
  if (config === null) return false
  try {
    const own = asObject(parseStrict(config.bytes, limits.manifestValues), 'config').config ?? {}
    const labels = asObject(own, 'config').Labels ?? {}
    return asObject(labels, 'labels')['dev.carvel.imgpkg.bundle'] === 'true'
  } catch (error) {
    if (error instanceof ManifestProblem || error instanceof JsonError) return false
    throw error
  }
}

/** An entry as an index would have it, so that evidence is found by tags. */
function entryOf({ manifest, mediaType, tag }: ListedImage): Descriptor {
  const annotations: Record<string, string> = tag === '' ? {} : { 'org.opencontainers.image.ref.name': tag }
  const { digest, bytes } = manifest
  return { digest, size: bytes.length, mediaType, artifactType: null, platform: null, annotations }
}

function referencesOf({ references, tag }: ListedImage): string[] {
  const [first] = references
  const tagged = first === undefined || tag === '' ? [] : [`${cutReference(first).name}:${tag}`]
  return [...new Set([...references, ...tagged])]
}

/** One name of two images: which of them it is depends on who reads it. */
function checkNames(listed: readonly ListedImage[], problems: Problems): void {
  const known = new Map<string, Digest>()
  for (const one of listed) {
    const { digest } = one.manifest
    for (const name of referencesOf(one)) {
      const before = known.get(name) ?? digest
      known.set(name, before)
      if (before !== digest)
        problems.add('container.agreement', 'documents-disagree', shown(name), before, digest)
    }
  }
}

const speaksForOthers = /^sha256-[0-9a-f]{64}\.(sig|att|sbom)$/

/** The one layer of a bundle, by its path. */
function bundleLayer({ manifest, digest }: ReadManifest, blobs: TreeBlobs, problems: Problems): string[] {
  if (manifest.kind === 'index') return []
  const [layer, ...more] = manifest.layers
  if (layer === undefined || more.length > 0) {
    const found = `${manifest.layers.length}`
    problems.add('container.agreement', 'form', digest, 'a bundle of one layer', found)
    return []
  }
  // One that is not here is a problem already.
  return [blobs.pathOf(layer.digest) ?? []].flat()
}

/** Reads the images of a list: what they are, and what speaks for them. */
async function itemsOf(
  listed: readonly ListedImage[],
  blobs: TreeBlobs,
  problems: Problems,
): Promise<{ items: ForeignItem[]; layers: Set<string> }> {
  const warnings = new Problems()
  const walk = new OciWalk(blobs, problems, warnings)
  const shared = new SharedLayout(blobs.asLayout(listed.map(entryOf)))
  const items = new Map<Digest, ForeignItem>()
  const layers = new Set<string>()
  for (const one of listed) {
    if (!blobs.has(one.manifest.digest)) continue
    const read = await walk.visit(entryOf(one))
    if (read === null) continue
    holdBeside(one, read, problems)
    const evidence = speaksForOthers.test(one.tag) && !walk.holdsImage(read)
    if (evidence || items.has(read.digest)) continue
    const item = await walk.item(read, referencesOf(one), shared)
    const bundle = isBundle(one.config)
    items.set(read.digest, bundle ? { ...item, kind: 'bundle' } : item)
    if (bundle) for (const path of bundleLayer(read, blobs, problems)) layers.add(path)
  }
  // imgpkg copies indexes whole: one without an image that it names was made so by somebody else.
  for (const { subject, expected, found } of warnings.found)
    problems.add('container.complete', 'missing', subject, expected, found)
  return { items: [...items.values()], layers }
}

/** A tar of imgpkg's: manifests and configs as texts in one list, layers beside it, and bundles that name other images. */
export async function readImgpkg(tree: Tree): Promise<Contents | null> {
  const document = tree.files.has('index.json') ? null : await listDocument(tree)
  if (document === null || 'wrong' in document || !isImgpkgList(document.value)) return null
  const problems = new Problems()
  const listed = allOf(imgpkgImages(document.value, problems))
  const blobs = new TreeBlobs(tree)
  for (const path of [...tree.files.keys(), ...tree.links.keys()]) {
    const [, hex] = layerPath.exec(path) ?? []
    if (hex !== undefined) blobs.name(`sha256:${hex}`, path, problems)
  }
  stateAll(listed, blobs, problems)
  checkNames(listed, problems)
  const { items, layers } = await itemsOf(listed, blobs, problems)
  const { files, locked } = await bundleContent(tree, layers, problems)
  const carried = new Set<string>(
    listed.map(({ manifest }) => manifest.digest).filter((one) => blobs.has(one)),
  )
  const others: TreeFile[] = [...tree.files.values()].filter(
    ({ path }) => path !== listPath && !layerPath.test(path),
  )
  return {
    format: 'imgpkg',
    items,
    files: [...files, ...others],
    named: lockedImages(locked, carried, problems),
    compared: {
      'container.sums': `${blobs.count} layers, manifests and configs with their digests`,
      'container.complete': `everything that ${listed.length} images and ${locked.size} entries of bundles name`,
      'container.agreement': `${listed.length} manifests with what ${listPath} says beside them`,
    },
    problems: problems.found,
    warnings: [],
    signing: null,
    itemsSigned: true,
    blobs,
  }
}
