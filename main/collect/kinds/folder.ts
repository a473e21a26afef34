import { stat } from 'node:fs/promises'
import type { AskedFolder } from '../../../shared/request.ts'
import { Failure } from '../../platform/failure.ts'
import { realInside } from '../../source/inside.ts'
import type { Draft } from '../draft.ts'
import { filesBelow } from './folder-files.ts'
import { draftTree, titleOf } from './tree-item.ts'
import type { CollectTools } from '../tools.ts'

/** Takes a folder, file by file. @throws Failure `folder-refused`, `path-outside`, `not-found`, `file-unreadable` */
export async function draftFolder(asked: AskedFolder, folder: string, tools: CollectTools): Promise<Draft> {
  const { reference, at } = asked
  const real = await realInside(folder, reference, at)
  if (!(await stat(real)).isDirectory())
    throw new Failure('folder-refused', { path: reference, expected: 'a folder', found: 'a file' })
  const files = await filesBelow(real, reference)
  return draftTree(asked, { title: titleOf(reference), version: null, files }, tools)
}
