import type { Digest } from '../../../shared/digest.ts'
import type { Tree } from '../../archive/tree.ts'
import { shown, type Descriptor } from '../../oci/descriptor.ts'
import { titleAnnotation } from '../../oci/kind.ts'
import type { ImageManifest } from '../../oci/manifest.ts'
import { listAt, textAt, type YamlText } from '../../platform/foreign-yaml.ts'
import type { ReadManifest } from '../source.ts'
import { MappedTree } from '../../archive/mapped-tree.ts'
import type { ContainerSignature, Contents, ForeignItem, Problems } from './contents.ts'
import { documentOf, yamlOf } from './documents.ts'
import { NamedImages } from './named-images.ts'
import { referencesOf } from './oci-items.ts'
import { readLayout, type ReadLayout } from './oci-layout.ts'
import {
  bundledPackage,
  goIntoPackages,
  packageFiles,
  titlesOf,
  zarfLayer,
  type BundledPackage,
  type PackageFiles,
} from './uds-packages.ts'
import { signatureFile, signingOf } from './zarf-signing.ts'

const definitionFile = 'uds-bundle.yaml'
const signatureName = 'uds-bundle.yaml.sig'

interface Root {
  readonly entry: Descriptor
  readonly read: ReadManifest
  readonly manifest: ImageManifest
}

const isPackage = (layer: Descriptor): boolean => layer.annotations[titleAnnotation] === undefined

/** The manifest of a bundle, by the type of its config, which nothing else has; it is all that the layout names. */
async function rootOf({ entries, walk, blobs, problems }: ReadLayout): Promise<Root | null> {
  for (const entry of entries) {
    const read = blobs.has(entry.digest) ? await walk.visit(entry) : null
    if (read?.manifest.kind !== 'manifest') continue
    const { manifest } = read
    if (manifest.config.mediaType !== zarfLayer) continue
    if (entries.length > 1) {
      const found = `${entries.length} entries`
      problems.add('container.agreement', 'documents-disagree', 'index.json', 'one bundle', found)
    }
    return { entry, read, manifest }
  }
  return null
}

/** A package as `uds-bundle.yaml` names it. */
interface NamedPackage {
  readonly name: string
  readonly digest: string
  readonly optional: ReadonlySet<string>
}

interface Definition {
  readonly name: string
  readonly version: string
  readonly architecture: string
  readonly packages: readonly NamedPackage[]
}

function namedPackage(one: YamlText): NamedPackage {
  const ref = textAt(one, 'ref')
  const optional = listAt(one, 'optionalComponents').filter(
    (name): name is string => typeof name === 'string',
  )
  return { name: textAt(one, 'name'), digest: ref.slice(ref.indexOf('@') + 1), optional: new Set(optional) }
}

async function definitionOf(files: Tree, problems: Problems): Promise<Definition | null> {
  const bytes = await documentOf(files, definitionFile, problems)
  const documents = bytes === null ? [] : yamlOf(bytes, definitionFile, problems)
  const [document] = documents
  if (document === undefined) return null
  if (documents.length > 1 || textAt(document, 'kind') !== 'UDSBundle') {
    const found = `${documents.length} documents, kind ${shown(textAt(document, 'kind'))}`
    problems.add('container.agreement', 'form', definitionFile, 'one document, kind UDSBundle', found)
  }
  const metadata = (name: string): string => textAt(document, 'metadata', name)
  return {
    ...{ name: metadata('name'), version: metadata('version'), architecture: metadata('architecture') },
    packages: listAt(document, 'packages').map(namedPackage),
  }
}

/** Holds the packages that the definition names against those that are there. */
function comparePackages(
  { packages }: Definition,
  layers: readonly Descriptor[],
  read: ReadonlyMap<Digest, BundledPackage>,
  problems: Problems,
): void {
  const there = new Set<string>(layers.map(({ digest }) => digest))
  const named = new Set(packages.map(({ digest }) => digest))
  for (const { name, digest } of packages) {
    const found = 'no layer of the bundle'
    if (!there.has(digest)) {
      problems.add(
        'container.complete',
        'missing',
        name,
        `a package with the manifest ${shown(digest)}`,
        found,
      )
    }
  }
  for (const { digest } of layers) {
    if (named.has(digest)) continue
    const name = read.get(digest)?.definition?.name ?? digest
    problems.add('container.agreement', 'not-listed', name, `a package that ${definitionFile} names`, digest)
  }
}

async function packagesOf(
  tree: Tree,
  { blobs }: ReadLayout,
  files: readonly PackageFiles[],
  definition: Definition | null,
): Promise<Map<Digest, BundledPackage>> {
  const deep = await goIntoPackages(tree, files)
  const found = new Map<Digest, BundledPackage>()
  for (const one of files) {
    const optional = definition?.packages.find(({ digest }) => digest === one.digest)?.optional
    found.set(one.digest, await bundledPackage(deep, blobs, one, optional ?? new Set()))
  }
  return found
}

/** Images of all packages, each once with all its names. */
function imagesOf(packages: Iterable<BundledPackage>): ForeignItem[] {
  const found = new Map<Digest, ForeignItem>()
  for (const image of [...packages].flatMap(({ images }) => images)) {
    const known = found.get(image.digest) ?? image
    const references = [...new Set([...known.references, ...image.references])]
    const partOf = [...new Set([...(known.partOf ?? []), ...(image.partOf ?? [])])]
    found.set(image.digest, { ...known, references, partOf })
  }
  return [...found.values()]
}

function bundleItem(tree: Tree, { entry, read }: Root, definition: Definition | null): ForeignItem {
  return {
    kind: 'bundle',
    name: definition?.name ?? null,
    version: definition?.version ?? null,
    references: [definition?.name ?? '', ...referencesOf(entry)].filter((one) => one !== ''),
    digest: read.digest,
    mediaType: read.mediaType,
    platforms: definition === null ? [] : [`linux/${definition.architecture}`],
    size: tree.size,
    evidence: [],
    signing: 'whole',
  }
}

/** The files of a bundle's own: its definition, and what signs that. */
function ownFiles(
  tree: Tree,
  { manifest, read }: Root,
  blobs: ReadLayout['blobs'],
  problems: Problems,
): MappedTree {
  const titled = manifest.layers.filter((layer) => !isPackage(layer))
  const places = [...titlesOf(titled, read.digest, problems)].flatMap(([title, digest]) => {
    const place = blobs.pathOf(digest)
    return place === null ? [] : [[title, place] as const]
  })
  return new MappedTree(tree.name, tree, new Map(places))
}

async function bundleSignature(files: MappedTree, problems: Problems): Promise<ContainerSignature[]> {
  const found = await signatureFile(files, signatureName, definitionFile, problems)
  return found === null ? [] : [{ ...found, over: files.placeOf(definitionFile) }]
}

/**
 * A bundle of UDS: a layout whose one manifest names Zarf packages by their manifests, which it calls layers. Whoever goes
 * through it as through any other layout stops there; what lies below is gone through here.
 */
export async function readUdsBundle(tree: Tree): Promise<Contents | null> {
  if (!tree.files.has('oci-layout')) return null
  const layout = await readLayout(tree, '')
  const root = layout === null ? null : await rootOf(layout)
  if (layout === null || root === null) return null
  const { problems, warnings, blobs } = layout
  const own = ownFiles(tree, root, blobs, problems)
  const definition = await definitionOf(own, problems)
  const layers = root.manifest.layers.filter(isPackage)
  const files: PackageFiles[] = []
  for (const layer of layers) {
    const found = await packageFiles(blobs, layer, problems)
    if (found !== null) files.push(found)
  }
  const packages = await packagesOf(tree, layout, files, definition)
  if (definition !== null) comparePackages(definition, layers, packages, problems)
  const named = new NamedImages()
  const listed: Contents['files'][number][] = [...own.files.values()]
  for (const [digest, one] of packages) {
    const folder = `${one.definition?.name ?? digest}/`
    problems.take(one.problems.found, folder)
    warnings.take(one.warnings.found, folder)
    named.take(one.named, folder)
    listed.push(...one.files.map((file) => ({ ...file, path: `${folder}${file.path}` })))
  }
  const images = imagesOf(packages.values())
  const signatures = await bundleSignature(own, problems)
  return {
    format: 'uds-bundle',
    items: [bundleItem(tree, root, definition), ...[...packages.values()].map(({ item }) => item), ...images],
    ...{ files: listed, named: named.among(images) },
    compared: {
      'container.sums': `${blobs.count} blobs with the digests in their names, ${packages.size} packages with their own sums`,
      'container.complete': `everything that ${packages.size} packages list, and their images need`,
      'container.agreement': `${definitionFile}, the packages and what they say of themselves`,
    },
    ...{ problems: problems.found, warnings: warnings.found, signing: signingOf(signatures, '', []) },
    ...{ itemsSigned: true, blobs },
  }
}
