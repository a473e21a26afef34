import { stat } from 'node:fs/promises'
import type { AskedFolder } from '../../../shared/request.ts'
import { treeOf } from '../../oci/tree-manifest.ts'
import { Failure } from '../../platform/failure.ts'
import { realInside } from '../../source/inside.ts'
import type { Draft } from '../draft.ts'
import { filesBelow } from './folder-files.ts'
import { RepositoryFiles } from '../../source/repositories/listing.ts'
import { speakingBeside } from '../../source/repositories/speaking.ts'
import { judgeFolder } from './folder-evidence.ts'
import { checkRepository } from './repository.ts'
import { draftTree, titleOf } from './tree-item.ts'
import type { CollectTools } from '../tools.ts'

/**
 * Takes a folder, file by file. Of a repository of packages its lists and its signature are held against the files; what
 * speaks for single files is judged.
 *
 * @throws Failure `folder-refused`, `folder-lies`, `folder-unsigned`, `path-outside`, `not-found`, `file-unreadable`
 */
export async function draftFolder(asked: AskedFolder, folder: string, tools: CollectTools): Promise<Draft> {
  const { reference, at } = asked
  const real = await realInside(folder, reference, at)
  if (!(await stat(real)).isDirectory())
    throw new Failure('folder-refused', { path: reference, expected: 'a folder', found: 'a file' })
  const files = await filesBelow(real, reference)
  const draft = await draftTree(asked, { title: titleOf(reference), version: null, files }, tools)
  const taken = treeOf(draft.root.manifest).files
  const repository = new RepositoryFiles(taken, (digest) => tools.blobs.path(digest), tools.signal)
  const { findings, speaking } = await checkRepository(asked, folder, repository, tools)
  const all = [...(await speakingBeside(repository)), ...speaking]
  const evidence = await judgeFolder(asked, all, repository, tools)
  draft.findings.push(...findings, ...evidence.findings)
  return evidence.looked === null ? draft : { ...draft, looked: evidence.looked }
}
