import type { Digest } from '../../../shared/digest.ts'
import type { Tree } from '../../archive/tree.ts'
import { ManifestProblem, type Descriptor } from '../../oci/descriptor.ts'
import { statedMediaType } from '../../oci/manifest.ts'
import { ociIndex, ociManifest } from '../../oci/media-types.ts'
import { limits } from '../../platform/limits.ts'
import { SharedLayout } from '../layout-evidence.ts'
import type { ReadManifest } from '../source.ts'
import { Problems, type Contents, type ForeignItem, type ForeignProblem } from './contents.ts'
import { listPath } from './image-list.ts'
import { OciWalk } from './oci-items.ts'
import { digestTag, registryTree, type RegistryTree, type StoredRepository } from './registry-tree.ts'
import { TreeBlobs } from './tree-blobs.ts'

const speaksForOthers = /^sha256-[0-9a-f]{64}(\.(sig|att|sbom))?$/

/** A tag with what it leads to. */
interface Tagged {
  readonly repository: StoredRepository
  readonly tag: string
  readonly entry: Descriptor
}

/** A manifest as an index would have it; `null`: it is not here, or no manifest, which is a problem. */
async function entryOf(
  digest: Digest,
  tag: string,
  blobs: TreeBlobs,
  problems: Problems,
): Promise<Descriptor | null> {
  const size = blobs.sizeOf(digest)
  if (size === null) {
    problems.add('container.complete', 'missing', digest, `the manifest of ${tag}`, 'not here')
    return null
  }
  try {
    if (size > limits.manifestBytes)
      throw new ManifestProblem('too-large', `at most ${limits.manifestBytes} bytes`, `${size} bytes`)
    const bytes = await blobs.read(digest, limits.manifestBytes)
    const mediaType =
      statedMediaType(bytes) ?? (/"manifests"\s*:/.test(bytes.toString('utf8')) ? ociIndex : ociManifest)
    const annotations = { 'org.opencontainers.image.ref.name': tag }
    return { digest, size, mediaType, artifactType: null, platform: null, annotations }
  } catch (error) {
    if (!(error instanceof ManifestProblem)) throw error
    problems.add('container.agreement', 'form', digest, error.expected, error.found)
    return null
  }
}

async function taggedOf(stored: RegistryTree, blobs: TreeBlobs, problems: Problems): Promise<Tagged[]> {
  const found: Tagged[] = []
  for (const repository of stored.repositories) {
    for (const [tag, digest] of repository.tags) {
      const entry = await entryOf(digest, tag, blobs, problems)
      if (entry !== null) found.push({ repository, tag, entry })
    }
  }
  return found
}

/** The name that a tag gives. */
function nameOf({ repository, tag, entry }: Tagged): string {
  const own = tag === digestTag(entry.digest)
  return own ? `${repository.name}@${entry.digest}` : `${repository.name}:${tag}`
}

/** Whether a tag stands for what speaks for another. */
function isEvidence({ tag, entry }: Tagged, read: ReadManifest, walk: OciWalk): boolean {
  const tagged = speaksForOthers.test(tag) && tag !== digestTag(entry.digest)
  return (tagged || read.manifest.subject !== null) && !walk.holdsImage(read)
}

async function itemsOf(
  tagged: readonly Tagged[],
  walk: OciWalk,
  shared: SharedLayout,
): Promise<ForeignItem[]> {
  const named = new Map<ReadManifest, Set<string>>()
  for (const one of tagged) {
    const read = await walk.visit(one.entry)
    if (read === null || isEvidence(one, read, walk)) continue
    named.set(read, (named.get(read) ?? new Set()).add(nameOf(one)))
  }
  const items: ForeignItem[] = []
  for (const [read, names] of named) {
    // A tag says more than the digest that stands beside it.
    const references = [...names].sort((a, b) => Number(a.includes('@')) - Number(b.includes('@')))
    items.push(await walk.item(read, references, shared))
  }
  return items
}

/** What is not here may be in another archive: those after the first have only what is new. What is here and damaged is not. */
function leftOut(problems: readonly ForeignProblem[], here: ReadonlySet<string>): ForeignProblem[] {
  return problems.map((one) =>
    one.reason === 'missing' && !here.has(one.subject) ? { ...one, reason: 'left-out' } : one,
  )
}

/** An image of an index that its repository has a link to belongs here; one that it has none to was never mirrored. */
function expectChildren(stored: RegistryTree, warnings: Problems, problems: Problems): ForeignProblem[] {
  const linked = new Set<string>(stored.repositories.flatMap(({ revisions }) => [...revisions]))
  return warnings.found.filter(({ subject, expected, found }) => {
    if (!linked.has(subject)) return true
    problems.add('container.complete', 'missing', subject, expected, found)
    return false
  })
}

/** An archive of oc-mirror's (v2): the storage of a registry, and the request by which it was made. */
export async function readOcMirror(tree: Tree): Promise<Contents | null> {
  const problems = new Problems()
  const warnings = new Problems()
  const stored = registryTree(tree, problems)
  if (stored === null) return null
  const blobs = new TreeBlobs(tree)
  for (const [digest, path] of stored.blobs) blobs.name(digest, path, problems)
  if (stored.repositories.length === 0) {
    problems.add('container.complete', 'missing', tree.name, 'repositories', 'blobs alone')
  }
  for (const path of [listPath, 'index.json']) {
    if (!tree.files.has(path)) continue
    const found = 'a list of images beside it'
    problems.add('container.agreement', 'two-formats', path, 'the storage of a registry alone', found)
  }
  const tagged = await taggedOf(stored, blobs, problems)
  const walk = new OciWalk(blobs, problems, warnings)
  const shared = new SharedLayout(blobs.asLayout(tagged.map(({ entry }) => entry)))
  const items = await itemsOf(tagged, walk, shared)
  const sparse = expectChildren(stored, warnings, problems)
  return {
    format: 'oc-mirror',
    items,
    files: stored.others.flatMap((path) => tree.files.get(path) ?? []),
    named: [],
    compared: {
      'container.sums': `${blobs.count} blobs with the digests in their paths`,
      'container.complete': `everything that ${tagged.length} tags of ${stored.repositories.length} repositories name`,
      'container.agreement': `${stored.links} links with their paths and repositories`,
    },
    problems: leftOut(problems.found, new Set(stored.blobs.keys())),
    warnings: sparse,
    signing: null,
    itemsSigned: true,
    blobs,
  }
}
