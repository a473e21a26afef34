import type { Digest } from '../../../shared/digest.ts'
import type { Tree } from '../../archive/tree.ts'
import { shown, type Descriptor } from '../../oci/descriptor.ts'
import type { ImageManifest } from '../../oci/manifest.ts'
import type { ReadManifest } from '../source.ts'
import type { Contents, Problems } from './contents.ts'
import { dockerNames } from './docker-names.ts'
import {
  dockerEntries,
  isDockerList,
  listDocument,
  listPath,
  namedPath,
  type DockerEntry,
} from './image-list.ts'
import {
  isEvidence,
  checkMark,
  layoutContents,
  layoutItems,
  readLayout,
  type ReadLayout,
} from './oci-layout.ts'
import { spellingsOf, spellingsOfListed } from './same-name.ts'

/** What an index leads to. */
interface Reached {
  /** The roots that lead to an image, by its files. */
  readonly images: Map<string, Set<Digest>>
  /** The roots that go by a name, by its spellings. */
  readonly named: Map<string, Set<Digest>>
}

const blobs = 'blobs/sha256/'

/** The files of an image in their order, as one text. */
function filesOf({ config, layers }: ImageManifest): string {
  return [config, ...layers].map(({ digest }) => digest.replace('sha256:', blobs)).join('\n')
}

function note(map: Map<string, Set<Digest>>, key: string, digest: Digest): void {
  const known = map.get(key)
  if (known === undefined) map.set(key, new Set([digest]))
  else known.add(digest)
}

async function reachedOf(layout: ReadLayout): Promise<Reached> {
  const found: Reached = { images: new Map(), named: new Map() }
  const roots = new Set<ReadManifest>()
  for (const entry of layout.entries) {
    const root = await layout.walk.visit(entry)
    if (root === null || isEvidence(entry, root, layout)) continue
    roots.add(root)
    for (const one of spellingsOf(entry)) note(found.named, one, root.digest)
  }
  for (const root of roots)
    for (const { manifest } of layout.walk.withBelow(root))
      if (manifest.kind === 'manifest') note(found.images, filesOf(manifest), root.digest)
  return found
}

/** Two things under one full name: who takes the first and who takes the last take different ones. */
async function checkTwice(layout: ReadLayout): Promise<void> {
  const known = new Map<string, Descriptor>()
  for (const entry of layout.entries) {
    const name = entry.annotations['io.containerd.image.name']
    const root = name === undefined ? null : await layout.walk.visit(entry)
    if (name === undefined || root === null || isEvidence(entry, root, layout)) continue
    const before = known.get(name) ?? entry
    known.set(name, before)
    if (before.digest === entry.digest) continue
    const { problems } = layout
    problems.add('container.agreement', 'documents-disagree', shown(name), before.digest, entry.digest)
  }
}

/** The roots of the image that an entry of the list is; `null`: no root leads to it. Names must be theirs. */
function rootsOf(
  entry: DockerEntry,
  what: string,
  reached: Reached,
  problems: Problems,
): ReadonlySet<Digest> | null {
  const paths: string[] = []
  for (const named of [entry.config, ...entry.layers]) {
    const path = namedPath(named, 'container.agreement', problems)
    if (path === null) return null
    paths.push(path)
  }
  const roots = reached.images.get(paths.join('\n'))
  if (roots === undefined) {
    const expected = 'an image that index.json leads to, with this config and these layers'
    const found = shown(paths.join(', '))
    problems.add('container.agreement', 'documents-disagree', what, expected, found)
    return null
  }
  for (const name of new Set(entry.names)) {
    const called = spellingsOfListed(name).flatMap((one) => [...(reached.named.get(one) ?? [])])
    if (called.some((root) => roots.has(root))) continue
    const expected = 'a name that index.json gives to this image'
    problems.add('container.agreement', 'documents-disagree', `${what}, RepoTags`, expected, shown(name))
  }
  return roots
}

/**
 * Holds Docker's list in a layout against its index: programs read the one or the other, and must get the same.
 *
 * @returns what was compared; `null`: there is no such list
 */
export async function holdAgainstIndex(tree: Tree, layout: ReadLayout): Promise<string | null> {
  const document = await listDocument(tree)
  await checkTwice(layout)
  if (document === null) return null
  if ('wrong' in document || !isDockerList(document.value)) {
    const found = 'wrong' in document ? document.wrong : shown(document.value)
    layout.problems.add('container.agreement', 'form', listPath, 'a list of images', found)
    return null
  }
  const entries = dockerEntries(document.value, layout.problems)
  const reached = await reachedOf(layout)
  const named = entries.flatMap((entry, at) => {
    const roots = rootsOf(entry, `${listPath}, image ${at + 1}`, reached, layout.problems)
    // One index has images of several platforms: they share its names.
    return roots === null ? [] : [{ names: entry.names, content: roots, top: null }]
  })
  await dockerNames(tree, named, layout.problems, layout.warnings)
  return `${entries.length} images of ${listPath} with index.json`
}

/**
 * A layout with Docker's list beside its index (containerd's export, Docker from 25 on). The index decides, with or
 * without the mark of a layout; the list must say the same.
 */
export async function readDockerHybrid(tree: Tree): Promise<Contents | null> {
  const layout = tree.files.has(listPath) ? await readLayout(tree, '') : null
  if (layout === null) return null
  await checkMark(tree, layout)
  const items = await layoutItems(layout)
  const agreement = await holdAgainstIndex(tree, layout)
  const contents = layoutContents('docker-oci-hybrid', layout, items)
  return { ...contents, compared: { ...contents.compared, 'container.agreement': agreement } }
}
