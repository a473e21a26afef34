import { isFileReference, isFileTitle } from '../../shared/names.ts'
import type { TreeKind } from './media-types.ts'

/*
 * What OpenSSF Model Signing leaves out of a signature as a matter of course lies in nearly every folder of a model
 * (`.gitattributes` says what Git LFS keeps). No other hidden file travels: programs act on what they do not show.
 */
const besideModels: ReadonlySet<string> = new Set(['.gitattributes', '.github', '.gitignore'])

/** Whether a path below a tree's own name is one that every system has, and that travels in a tree of this kind. */
export function isTreePath(kind: TreeKind, path: string): boolean {
  const steps = path.split('/').map((step) => {
    const known = kind === 'model' && besideModels.has(step)
    return known ? step.replace('.', '_') : step
  })
  return isFileReference(steps.join('/')) && steps.every(isFileTitle)
}
