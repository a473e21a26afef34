import { isAbsolute, relative } from 'node:path'
import { Failure } from '../../platform/failure.ts'
import type { Desk } from '../desk.ts'

/**
 * A place outside the desk's own folder.
 *
 * @throws Failure `medium-inside-desk`
 */
export function checkOutside(desk: Desk, path: string): void {
  const inside = relative(desk.folder.root, path)
  if (inside === '' || (!inside.startsWith('..') && !isAbsolute(inside))) {
    throw new Failure('medium-inside-desk', { path })
  }
}
