import { isFileTitle, isName } from '../../shared/names.ts'
import type { Digest } from '../../shared/digest.ts'
import { canonical } from '../platform/json.ts'
import { ManifestProblem } from './descriptor.ts'
import { emptyBytes, emptyDigest, titleAnnotation, treeKindOf } from './kind.ts'
import type { Manifest } from './manifest.ts'
import { emptyConfig, ociManifest, octetStream, treeArtifacts, type TreeKind } from './media-types.ts'
import { isTreePath } from './tree-path.ts'

/** A file of a tree: its path below the tree's own name, with `/`. */
export interface TreeEntry {
  readonly path: string
  readonly digest: Digest
  readonly size: number
}

/** Several files that are one thing: manifests, a folder, a repository of git, a model. */
export interface CarriedTree {
  /** What it is called: one step of a path. */
  readonly title: string
  readonly version: string | null
  readonly files: readonly TreeEntry[]
}

/** The version of a thing, where it has one. */
const versionAnnotation = 'org.opencontainers.image.version'

/** The manifest in which a tree travels, as bytes: canonical, its files by their paths, and nothing else in it. */
export function treeManifest(kind: TreeKind, { title, version, files }: CarriedTree): Buffer {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1))
  return canonical({
    schemaVersion: 2,
    mediaType: ociManifest,
    artifactType: treeArtifacts[kind],
    config: { mediaType: emptyConfig, digest: emptyDigest, size: emptyBytes.length },
    layers: sorted.map(({ path, digest, size }) => ({
      mediaType: octetStream,
      digest,
      size,
      annotations: { [titleAnnotation]: path },
    })),
    annotations: { [titleAnnotation]: title, ...(version === null ? {} : { [versionAnnotation]: version }) },
  })
}

function wrong(expected: string, found: string): never {
  throw new ManifestProblem('tree-form', expected, found.slice(0, 200))
}

/** Paths that a file system without regard to case tells apart, and none that lies in another. */
function checkPaths(kind: TreeKind, files: readonly TreeEntry[]): void {
  const seen = new Set<string>()
  const folders = new Set<string>()
  for (const { path } of files) {
    if (!isTreePath(kind, path)) wrong('portable paths of files', path)
    const plain = path.toLowerCase()
    if (seen.has(plain)) wrong('each path once, without regard to case', path)
    seen.add(plain)
    const steps = plain.split('/')
    for (let at = 1; at < steps.length; at += 1) folders.add(steps.slice(0, at).join('/'))
  }
  for (const { path } of files) if (folders.has(path.toLowerCase())) wrong('a file or a folder', path)
}

/**
 * The files of a manifest that says it is a tree of ours.
 *
 * @throws ManifestProblem `tree-form` when it does not have exactly our form
 */
export function treeOf(root: Manifest): CarriedTree {
  const kind = treeKindOf(root.artifactType)
  if (root.kind === 'index' || kind === null)
    return wrong('a manifest with files', root.artifactType ?? root.kind)
  if (root.config.digest !== emptyDigest || root.config.mediaType !== emptyConfig)
    return wrong('the empty config', root.config.mediaType)
  const title = root.annotations[titleAnnotation] ?? ''
  const version = root.annotations[versionAnnotation] ?? null
  if (!isFileTitle(title)) return wrong('a portable name', title)
  if (version !== null && !isName(version)) return wrong('a version that is a name', version)
  if (root.layers.length === 0) return wrong('files', 'none')
  const files = root.layers.map(({ mediaType, digest, size, annotations }): TreeEntry => {
    if (mediaType !== octetStream) wrong(octetStream, mediaType)
    return { path: annotations[titleAnnotation] ?? '', digest, size }
  })
  checkPaths(kind, files)
  return { title, version, files }
}
