import type { Digest } from '../../../shared/digest.ts'
import type { Tree, TreeFile } from '../../archive/tree.ts'
import { shown } from '../../oci/descriptor.ts'
import { dockerConfig } from '../../oci/media-types.ts'
import { Problems, type Contents, type ForeignItem } from './contents.ts'
import { configsOf, digestInName, holdLayers, type Config } from './docker-layers.ts'
import { dockerNames, inventedTag } from './docker-names.ts'
import {
  dockerEntries,
  fileBehind,
  isDockerList,
  linkTarget,
  listDocument,
  listPath,
  namedPath,
  type DockerEntry,
} from './image-list.ts'
import { versionOf } from './oci-items.ts'

/** An image with the files that it is made of, as far as they are here. */
interface Placed {
  readonly names: readonly string[]
  readonly config: TreeFile
  readonly layers: readonly (TreeFile | null)[]
}

/** The file that a list names; a link, a path outside and nothing are problems. */
function place(tree: Tree, named: string, problems: Problems): TreeFile | null {
  const path = namedPath(named, 'container.complete', problems)
  if (path === null) return null
  const file = fileBehind(tree, path)
  if (file !== null) return file
  if (tree.links.has(path)) problems.add('container.sums', 'link', path, 'a file', 'a link')
  else problems.add('container.complete', 'missing', path, 'a file that is named here', 'not here')
  return null
}

function placed(tree: Tree, { config, names, layers }: DockerEntry, problems: Problems): Placed[] {
  const file = place(tree, config, problems)
  const found = layers.map((path) => place(tree, path, problems))
  return file === null ? [] : [{ names, config: file, layers: found }]
}

/** What configs say of layers, by layer. A config that its name belies, and another number of layers, are problems. */
function boundLayers(
  images: readonly Placed[],
  configs: ReadonlyMap<TreeFile, Config>,
  problems: Problems,
): Map<TreeFile, Set<string>> {
  const bound = new Map<TreeFile, Set<string>>()
  for (const { config, layers } of images) {
    const called = digestInName(config.path) ?? config.digest
    if (called !== config.digest) {
      problems.add('container.sums', 'sum-differs', config.path, called, config.digest)
    }
    const diffIds = configs.get(config)?.diffIds
    if (diffIds === undefined) continue
    if (diffIds.length !== layers.length) {
      const expected = `${diffIds.length} layers, as its config says`
      problems.add('container.agreement', 'documents-disagree', config.path, expected, `${layers.length}`)
      continue
    }
    for (const [at, file] of layers.entries()) {
      const sums = file === null ? null : (bound.get(file) ?? new Set<string>())
      if (file !== null && sums !== null) bound.set(file, sums.add(diffIds[at] ?? ''))
    }
  }
  return bound
}

/** No tool writes hard links there, and symbolic ones only to other files of the archive. */
function checkLinks(tree: Tree, problems: Problems): void {
  for (const { path, kind, target } of tree.links.values()) {
    if (kind === 'hardlink') problems.add('container.agreement', 'link', path, 'files', 'a hard link')
    // In a folder it is not looked where a link leads; it is not followed either.
    else if (target !== '' && linkTarget(path, target) === null)
      problems.add('container.agreement', 'link', path, 'links to files of the archive', shown(target))
  }
}

/** Each config once, with the names and layers of all who name it. */
function itemsOf(images: readonly Placed[], configs: ReadonlyMap<TreeFile, Config>): ForeignItem[] {
  const made = new Map<Digest, { config: TreeFile; names: Set<string>; files: Set<TreeFile> }>()
  for (const { names, config, layers } of images) {
    const one = made.get(config.digest) ?? { config, names: new Set<string>(), files: new Set([config]) }
    made.set(config.digest, one)
    for (const name of names) if (!inventedTag.test(name)) one.names.add(name)
    for (const file of layers) if (file !== null) one.files.add(file)
  }
  return [...made.values()].map(({ config, names, files }) => {
    const references = [...names]
    const [name = null] = references
    const platform = configs.get(config)?.platform ?? null
    return {
      kind: 'image',
      name,
      version: name === null ? null : versionOf(name),
      references,
      digest: config.digest,
      mediaType: dockerConfig,
      platforms: platform === null ? [] : [platform],
      size: [...files].reduce((sum, file) => sum + file.size, 0),
      evidence: [],
    }
  })
}

// What stands beside the layers for Docker before 1.10.
const old = /^[0-9a-f]{64}\/(VERSION|json|layer\.tar)$/

function otherFiles(tree: Tree, images: readonly Placed[]): TreeFile[] {
  const known = new Set<TreeFile | null>(images.flatMap(({ config, layers }) => [config, ...layers]))
  const documents = new Set([listPath, 'repositories'])
  return [...tree.files.values()].filter(
    (file) => !known.has(file) && !documents.has(file.path) && !old.test(file.path),
  )
}

/** Docker's list in a tree without an index; `null`: there is none. What only begins like one is a problem. */
async function listIn(tree: Tree, problems: Problems): Promise<DockerEntry[] | null> {
  // With an index beside it, that decides.
  const document = tree.files.has('index.json') ? null : await listDocument(tree)
  if (document === null) return null
  if ('value' in document) {
    return isDockerList(document.value) ? dockerEntries(document.value, problems) : null
  }
  if (!document.list) return null
  problems.add('container.agreement', 'form', listPath, 'a list of images', document.wrong)
  return []
}

/**
 * An archive of `docker save` and those who write as it does (skopeo, podman, buildah, crane): `manifest.json` lists
 * images by their configs. It has no manifests, so nothing of a registry's can be asked of it: an image is its config,
 * whose sums bind the layers as they are unpacked.
 */
export async function readDockerArchive(tree: Tree): Promise<Contents | null> {
  const problems = new Problems()
  const warnings = new Problems()
  const entries = await listIn(tree, problems)
  if (entries === null) return null
  const images = entries.flatMap((entry) => placed(tree, entry, problems))
  checkLinks(tree, problems)
  const configs = await configsOf(tree, new Set(images.map(({ config }) => config)), problems)
  const bound = boundLayers(images, configs, problems)
  await holdLayers(tree, bound, problems)
  const named = images.map(({ names, config, layers }) => ({
    names,
    content: new Set([config.digest]),
    top: layers.at(-1)?.digest ?? null,
  }))
  const compared = await dockerNames(tree, named, problems, warnings)
  return {
    format: 'docker-archive',
    items: itemsOf(images, configs),
    files: otherFiles(tree, images),
    named: [],
    compared: {
      'container.sums': `${bound.size} layers with the sums in ${configs.size} configs`,
      'container.complete': `everything that ${entries.length} entries of ${listPath} name`,
      'container.agreement': compared,
    },
    problems: problems.found,
    warnings: warnings.found,
    signing: { signatures: [], contradicts: null, reaches: null },
    itemsSigned: false,
    blobs: null,
  }
}
