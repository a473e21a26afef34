import type { AskedFolder, AskedGit, AskedManifests } from '../../../shared/request.ts'
import { isFileReference, isFileTitle } from '../../../shared/names.ts'
import { emptyBytes } from '../../oci/kind.ts'
import { treeManifest, type TreeEntry } from '../../oci/tree-manifest.ts'
import { Failure } from '../../platform/failure.ts'
import type { Draft } from '../draft.ts'
import type { FolderFile } from './folder-files.ts'
import { madeDraft } from './made-draft.ts'
import { take } from './take.ts'
import type { CollectTools } from '../tools.ts'

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
function checkPaths(name: string, files: readonly FolderFile[]): void {
  const seen = new Map<string, string>()
  for (const { path } of files) {
    const refuse = (expected: string, found: string): never => {
      throw new Failure('folder-refused', { path: `${name}/${path}`, expected, found })
    }
    const portable = isFileReference(path) && path.split('/').every(isFileTitle)
    if (!portable) refuse('names as every system takes them, at most 300 characters together', 'another')
    const twin = seen.get(path.toLowerCase())
    if (twin !== undefined) refuse('names that differ in more than their case', twin)
    seen.set(path.toLowerCase(), path)
  }
}

/**
 * Takes files into the store as one thing.
 *
 * @param name what it is called in messages
 * @throws Failure `folder-refused`, and those of `take`
 */
export async function draftTree(
  asked: AskedManifests | AskedFolder | AskedGit,
  tree: { readonly title: string; readonly version: string | null; readonly files: readonly FolderFile[] },
  tools: CollectTools,
): Promise<Draft> {
  const { title, version, files } = tree
  if (files.length === 0)
    throw new Failure('folder-refused', { path: asked.reference, expected: 'files', found: 'none' })
  checkPaths(asked.reference, files)
  const taken: TreeEntry[] = []
  for (const { path, place, size } of files) {
    if (tools.signal.aborted) throw new Failure('cancelled')
    const { digest, size: found } = await take(place, size, tools)
    taken.push({ path, digest, size: found })
  }
  await tools.blobs.putBytes(emptyBytes)
  return madeDraft(asked, treeManifest(asked.kind, { title, version, files: taken }), tools)
}
