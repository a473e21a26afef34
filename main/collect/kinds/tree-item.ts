import type { AskedFolder, AskedGit, AskedManifests, AskedModel } from '../../../shared/request.ts'
import { emptyBytes } from '../../oci/kind.ts'
import { treeManifest, type TreeEntry } from '../../oci/tree-manifest.ts'
import { isTreePath } from '../../oci/tree-path.ts'
import { Failure } from '../../platform/failure.ts'
import type { Draft } from '../draft.ts'
import type { FolderFile } from './folder-files.ts'
import { madeDraft } from './made-draft.ts'
import { take } from './take.ts'
import type { CollectTools } from '../tools.ts'

/** What is asked for that travels file by file as one thing. */
type AskedTree = AskedManifests | AskedFolder | AskedGit | AskedModel

/** The last step of a path that somebody wrote, which is what a tree is called. */
export function titleOf(reference: string): string {
  return (
    reference
      .split('/')
      .filter((step) => step !== '' && step !== '.')
      .at(-1) ?? reference
  )
}

/** Paths that every system has, and that stay two where case does not count. @throws Failure `folder-refused` */
function checkPaths({ kind, reference }: AskedTree, files: readonly FolderFile[]): void {
  const seen = new Map<string, string>()
  for (const { path } of files) {
    const refuse = (expected: string, found: string): never => {
      throw new Failure('folder-refused', { path: `${reference}/${path}`, expected, found })
    }
    if (!isTreePath(kind, path))
      refuse('names as every system takes them, at most 300 characters together', 'another')
    const twin = seen.get(path.toLowerCase())
    if (twin !== undefined) refuse('names that differ in more than their case', twin)
    seen.set(path.toLowerCase(), path)
  }
}

/**
 * Takes files into the store as one thing.
 *
 * @throws Failure `folder-refused`, and those of `take`
 */
export async function draftTree(
  asked: AskedTree,
  tree: { readonly title: string; readonly version: string | null; readonly files: readonly FolderFile[] },
  tools: CollectTools,
): Promise<Draft> {
  const { title, version, files } = tree
  if (files.length === 0)
    throw new Failure('folder-refused', { path: asked.reference, expected: 'files', found: 'none' })
  checkPaths(asked, files)
  const taken: TreeEntry[] = []
  for (const { path, place, size } of files) {
    if (tools.signal.aborted) throw new Failure('cancelled')
    const { digest, size: found } = await take(place, size, tools)
    taken.push({ path, digest, size: found })
  }
  await tools.blobs.putBytes(emptyBytes)
  return madeDraft(asked, treeManifest(asked.kind, { title, version, files: taken }), tools)
}
