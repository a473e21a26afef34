import { realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'
import type { RequestPlace } from '../../shared/request.ts'
import { causeOf, Failure } from '../platform/failure.ts'

/**
 * The real path of something in the request's folder, with links resolved.
 *
 * @param folder the folder's own real path
 * @throws Failure `path-outside`, `not-found`, `file-unreadable`
 */
export async function realInside(folder: string, path: string, at: RequestPlace): Promise<string> {
  let real: string
  try {
    real = await realpath(join(folder, path))
  } catch (error) {
    if (causeOf(error) === 'ENOENT') throw new Failure('not-found', { subject: path, status: 0 }, error)
    throw new Failure('file-unreadable', { path, found: causeOf(error) }, error)
  }
  const root = folder.endsWith(sep) ? folder : `${folder}${sep}`
  if (real.startsWith(root)) return real
  throw new Failure('path-outside', { path, line: at.line, column: at.column })
}
