import type { Digest } from '../../shared/digest.ts'
import { childrenOf } from '../oci/manifest.ts'
import { currentFormat, isManifestType, isRefusedManifestType, nameOfRefused } from '../oci/media-types.ts'
import { Failure } from '../platform/failure.ts'
import { limits } from '../platform/limits.ts'
import type { Blobs } from '../store/blobs.ts'
import { readManifest } from '../source/reading.ts'
import type { Named, ReadManifest, Source } from '../source/source.ts'
import type { Places } from './draft.ts'
import { chosenChildren } from './platforms.ts'

/**
 * What is below a manifest: `carried` the manifests themselves, `needs` every digest, `leftOut` what stays behind,
 * `foreign` layers that their makers do not want passed on.
 */
export interface Tree {
  readonly carried: Named[]
  readonly needs: Set<Digest>
  readonly leftOut: Map<Digest, number>
  readonly foreign: Set<Digest>
  /** Subjects, by the manifest that names one. */
  readonly subjects: Map<Digest, Digest>
}

const foreignLayer = /layer\.(?:nondistributable|foreign)\b|rootfs\.foreign\b/

export interface TreeTools {
  readonly source: Source
  readonly blobs: Blobs
  readonly places: Places
  readonly signal: AbortSignal
}

/** A manifest that the store already has is not asked for again. */
async function manifestOf(named: Named, { source, blobs }: TreeTools): Promise<ReadManifest> {
  if (named.size <= limits.manifestBytes && (await blobs.size(named.digest)) === named.size) {
    const bytes = await blobs.read(named.digest, limits.manifestBytes).catch(() => null)
    if (bytes !== null) return readManifest(bytes, named.mediaType, `${source.from}@${named.digest}`)
  }
  return source.manifest(named)
}

function refuse(tools: TreeTools, reason: string, expected: string, found: string): never {
  throw new Failure('manifest-refused', { subject: tools.source.from, reason, expected, found })
}

async function descend(
  read: ReadManifest,
  wanted: readonly string[] | null,
  depth: number,
  tree: Tree,
  tools: TreeTools,
): Promise<void> {
  if (tools.signal.aborted) throw new Failure('cancelled')
  if (depth > limits.graphDepth) refuse(tools, 'too-deep', `at most ${limits.graphDepth} levels`, 'more')
  await tools.blobs.putBytes(read.bytes)
  const { digest, mediaType, manifest } = read
  tree.carried.push({ digest, mediaType, size: read.bytes.length })
  tree.needs.add(digest)
  if (manifest.subject !== null) tree.subjects.set(digest, manifest.subject.digest)
  const children = childrenOf(manifest)
  const chosen = manifest.kind === 'index' ? chosenChildren(manifest.manifests, wanted) : new Set(children)
  for (const child of children) {
    if (!chosen.has(child)) {
      tree.leftOut.set(child.digest, child.size)
      continue
    }
    if (foreignLayer.test(child.mediaType)) tree.foreign.add(child.digest)
    const seen = tree.needs.has(child.digest)
    tree.needs.add(child.digest)
    if (tree.needs.size > limits.blobs) {
      throw new Failure('too-many', { subject: tools.source.from, expected: limits.blobs })
    }
    if (!tools.places.has(child.digest)) tools.places.set(child.digest, tools.source)
    if (manifest.kind !== 'index' || seen) continue
    if (isRefusedManifestType(child.mediaType)) {
      refuse(tools, 'format-refused', currentFormat, nameOfRefused(child.mediaType))
    }
    if (isManifestType(child.mediaType)) {
      await descend(await manifestOf(child, tools), wanted, depth + 1, tree, tools)
    }
  }
}

/**
 * Brings a manifest and all manifests below it into the store, leaving out platforms that are not wanted.
 *
 * @param wanted platforms, or `null` for all
 * @throws Failure `manifest-refused`, `registry-lies`, `not-found`, …
 */
export async function growTree(
  root: ReadManifest,
  wanted: readonly string[] | null,
  tools: TreeTools,
): Promise<Tree> {
  const tree: Tree = {
    carried: [],
    needs: new Set(),
    leftOut: new Map(),
    foreign: new Set(),
    subjects: new Map(),
  }
  if (!tools.places.has(root.digest)) tools.places.set(root.digest, tools.source)
  await descend(root, wanted, 1, tree, tools)
  return tree
}
