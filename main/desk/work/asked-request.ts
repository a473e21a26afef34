import { dirname } from 'node:path'
import type { CallInput } from '../../../shared/contract.ts'
import type { Request } from '../../../shared/request.ts'
import { Failure } from '../../platform/failure.ts'
import { readCapped, realPath } from '../../platform/files.ts'
import { limits } from '../../platform/limits.ts'
import { localItem } from '../../request/parse.ts'
import type { Context } from './context.ts'

/** A request as a call names it: a file, or the text of the window with the folder that was chosen for it. */
type Named = CallInput<'collect.start'>['request']

/** The bytes of a request and the folder its files lie in; `null` while nobody chose one. */
export async function askedFor(
  context: Context,
  request: Named,
): Promise<{ readonly bytes: Buffer; readonly folder: string | null }> {
  if (typeof request === 'string') {
    const path = context.places.path(request, 'request')
    return { bytes: await readCapped(path, limits.requestBytes), folder: await realPath(dirname(path)) }
  }
  const { text, folder } = request
  return {
    bytes: Buffer.from(text, 'utf8'),
    folder: folder === null ? null : await realPath(context.places.path(folder, 'folder')),
  }
}

/** What a request names in its own folder cannot be had when nobody said which folder that is. @throws Failure `content-elsewhere` */
export function folderOf(folder: string | null, request: Request): string {
  const local = localItem(request)
  if (folder !== null || local === undefined) return folder ?? ''
  throw new Failure('content-elsewhere', { path: local.reference, folder: 'none was chosen yet' })
}
