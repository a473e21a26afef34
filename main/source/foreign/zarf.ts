import type { Tree } from '../../archive/tree.ts'
import type { Descriptor } from '../../oci/descriptor.ts'
import { cutReference } from '../../oci/reference.ts'
import { readCharts } from './charts.ts'
import {
  Problems,
  type BlobSource,
  type ContainerCheck,
  type Contents,
  type ForeignItem,
  type Signing,
} from './contents.ts'
import { documentOf } from './documents.ts'
import { isInnerArchive } from './inner-archives.ts'
import { ImageNames, NamedImages } from './named-images.ts'
import { layoutItems, readLayout, type ReadLayout } from './oci-layout.ts'
import { referencesOf } from './oci-items.ts'
import { Choice } from './zarf-choice.ts'
import { signatureFile, signingOf } from './zarf-signing.ts'
import { compareSums, signatureFiles, sums } from './zarf-sums.ts'
import { readZarfYaml, type ZarfDefinition } from './zarf-yaml.ts'

const definitionFile = 'zarf.yaml'
const imageBlobs = 'images/blobs/sha256/'
const baseName = 'org.opencontainers.image.base.name'
const refName = 'org.opencontainers.image.ref.name'

/** A Zarf package, read: alone, or in a bundle of several. */
export interface ZarfPackage {
  readonly definition: ZarfDefinition | null
  readonly images: readonly ForeignItem[]
  readonly files: Contents['files']
  readonly named: NamedImages
  readonly signing: Signing
  readonly problems: Problems
  readonly warnings: Problems
  readonly compared: Readonly<Record<ContainerCheck, string>>
  readonly blobs: BlobSource | null
}

/** Packages of older versions name an image in the second of these annotations only. */
function withName(entry: Descriptor): Descriptor {
  const { annotations } = entry
  const base = annotations[baseName]
  if (base === undefined || annotations[refName] !== undefined) return entry
  return { ...entry, annotations: { ...annotations, [refName]: base } }
}

/** Names in `images/index.json`: each stands for one image, and both annotations say the same. */
function checkNames(entries: readonly Descriptor[], problems: Problems): void {
  const seen = new Map<string, string>()
  for (const { annotations, digest } of entries) {
    const { [refName]: name = '', [baseName]: base = name } = annotations
    if (base !== name) problems.add('container.agreement', 'documents-disagree', digest, name, base)
    const known = seen.get(name) ?? digest
    if (name !== '' && known !== digest) {
      problems.add('container.agreement', 'documents-disagree', name, known, digest)
    }
    seen.set(name, known)
  }
}

/** Every image that a component names is there, and one that is named by a digest has that. */
function checkImages(
  { components }: ZarfDefinition,
  entries: readonly Descriptor[],
  problems: Problems,
): number {
  const names = new ImageNames(entries.flatMap(referencesOf))
  const byName = new Map(entries.flatMap((one) => referencesOf(one).map((name) => [name, one] as const)))
  const wanted = new Set(components.flatMap(({ images }) => images))
  for (const reference of wanted) {
    const expected = 'an image in images/index.json'
    if (!names.has(reference)) {
      problems.add('container.complete', 'missing', reference, expected, 'not here')
      continue
    }
    const { digest } = cutReference(reference)
    const entry = byName.get(reference)
    if (digest !== null && entry !== undefined && entry.digest !== digest) {
      problems.add('container.sums', 'sum-differs', reference, digest, entry.digest)
    }
  }
  return wanted.size
}

async function layoutIn(tree: Tree): Promise<ReadLayout | null> {
  const layout = await readLayout(tree, 'images/')
  return layout === null ? null : { ...layout, entries: layout.entries.map(withName) }
}

function nameAll(definition: ZarfDefinition, named: NamedImages): void {
  for (const { images } of definition.components) {
    for (const image of images) named.add(image, definitionFile)
  }
}

async function signingIn(
  tree: Tree,
  said: string,
  excused: Signing['unlessProven'],
  problems: Problems,
): Promise<Signing> {
  const signatures = []
  for (const path of signatureFiles) {
    const found = await signatureFile(tree, path, definitionFile, problems)
    if (found !== null) signatures.push(found)
  }
  return signingOf(signatures, said, excused ?? [])
}

/**
 * Goes through the files of a package: its definition, its sums, its images by their digests, and its charts.
 *
 * @param chosen the optional components that a bundle took of it: what only the others need may be left out
 */
export async function readPackage(tree: Tree, chosen: ReadonlySet<string> | null): Promise<ZarfPackage> {
  const problems = new Problems()
  const warnings = new Problems()
  const named = new NamedImages()
  const bytes = await documentOf(tree, definitionFile, problems)
  const definition = bytes === null ? null : readZarfYaml(bytes, definitionFile, problems)
  const unknown = { aggregate: '', provenanceFiles: [] }
  const choice = new Choice(definition?.components ?? [], chosen)
  const mayMiss = (path: string): boolean => choice.mayMiss(path)
  const { lines, excused } = await compareSums(tree, definition ?? unknown, { problems, warnings, mayMiss })
  const all = await layoutIn(tree)
  const layout = all === null ? null : { ...all, entries: await choice.entriesOf(all, warnings) }
  const images = layout === null ? [] : await layoutItems(layout)
  problems.take(layout?.problems.found ?? [])
  warnings.take(layout?.warnings.found ?? [])
  checkNames(all?.entries ?? [], problems)
  const wanted = definition === null ? 0 : checkImages(definition, all?.entries ?? [], problems)
  if (definition?.differential != null) {
    const about = `the package of version ${definition.differential}`
    warnings.add('container.complete', 'differential', definition.name, `${about} beside it`, 'a part')
  }
  if (definition !== null) nameAll(definition, named)
  await readCharts(tree, named, warnings)
  return {
    ...{ definition, images, named, problems, warnings, blobs: layout?.blobs ?? null },
    files: [...tree.files.values()].filter(({ path }) => !path.startsWith(imageBlobs)),
    signing: await signingIn(tree, definition?.signed ?? '', excused, problems),
    compared: {
      'container.sums': `${lines} files with ${sums}, ${layout?.blobs.count ?? 0} blobs with the digests in their names`,
      'container.complete': `${lines} files that ${sums} lists, ${wanted} images that ${definitionFile} names`,
      'container.agreement': `${definitionFile}, images/index.json and what the signature says of itself`,
    },
  }
}

/** Whether something is a package, and no definition from which one is still to be made. */
async function isPackage(tree: Tree): Promise<boolean> {
  const own = tree.files.get(definitionFile) ?? tree.links.get(definitionFile)
  if (own?.within !== null) return false
  if (tree.files.has(sums)) return true
  const unread = new Problems()
  const bytes = await documentOf(tree, definitionFile, unread)
  return bytes !== null && (readZarfYaml(bytes, definitionFile, unread)?.aggregate ?? '') !== ''
}

/** In a folder archives are files like any other; that somebody must unpack them to look into them is said. */
function notGoneInto(tree: Tree, warnings: Problems): void {
  for (const path of tree.files.keys()) {
    if (!isInnerArchive(path, tree.files)) continue
    const expected = 'an archive that is looked into'
    warnings.add('container.complete', 'not-read-in', path, expected, 'one in a folder, which is not')
  }
}

const mediaTypes: Readonly<Record<Tree['container'], string>> = {
  folder: 'application/x-directory',
  tar: 'application/x-tar',
  'tar.gz': 'application/gzip',
  'tar.zst': 'application/zstd',
  file: 'application/octet-stream',
}

/** A package of Zarf, as one file or unpacked. */
export async function readZarf(tree: Tree): Promise<Contents | null> {
  const own = tree.files.get(definitionFile) ?? tree.files.get(sums)
  if (own === undefined || !(await isPackage(tree))) return null
  const read = await readPackage(tree, null)
  if (tree.container === 'folder') notGoneInto(tree, read.warnings)
  const { definition, images, named, problems, warnings } = read
  const item: ForeignItem = {
    kind: 'package',
    name: definition?.name ?? null,
    version: definition?.version ?? null,
    references: definition === null ? [] : [definition.name],
    digest: tree.digest ?? own.digest,
    mediaType: mediaTypes[tree.container],
    platforms: definition === null ? [] : [`linux/${definition.architecture}`],
    size: tree.size,
    evidence: [],
    signing: 'whole',
  }
  return {
    format: 'zarf',
    items: [item, ...images],
    ...{ files: read.files, named: named.among(images), compared: read.compared },
    ...{ problems: problems.found, warnings: warnings.found, signing: read.signing },
    itemsSigned: true,
    blobs: read.blobs,
  }
}
