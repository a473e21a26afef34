import type { Tree } from '../../archive/tree.ts'
import type { Contents } from './contents.ts'

/** A tar, folder or file of no format that is read: its files are listed, and it may be signed as a whole. */
export function readPlain(tree: Tree): Contents {
  return {
    format: tree.container === 'file' || tree.container === 'folder' ? tree.container : 'tar',
    items: [],
    files: [...tree.files.values()],
    named: [],
    compared: { 'container.sums': null, 'container.complete': null, 'container.agreement': null },
    problems: [],
    warnings: [],
    signing: { signatures: [], contradicts: null, reaches: null },
    itemsSigned: false,
    blobs: null,
  }
}
