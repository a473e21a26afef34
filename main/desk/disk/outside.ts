import { realpath } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path'
import { Failure } from '../../platform/failure.ts'
import type { Desk } from '../desk.ts'

// Where something lies or would lie, with links above it followed: what does not exist yet has no links of its own.
async function realPlace(path: string): Promise<string> {
  const real = await realpath(path).catch(() => null)
  if (real !== null) return real
  const above = dirname(path)
  return above === path ? path : join(await realPlace(above), basename(path))
}

/**
 * A place outside the desk's own folder, whatever links lead there.
 *
 * @throws Failure `medium-inside-desk`
 */
export async function checkOutside(desk: Desk, path: string): Promise<void> {
  const inside = relative(await realPlace(desk.folder.root), await realPlace(path))
  const outside = inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)
  if (!outside) throw new Failure('medium-inside-desk', { path })
}
