import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { causeOf, Failure } from '../../platform/failure.ts'
import { limits } from '../../platform/limits.ts'

/** A file below a folder. */
export interface FolderFile {
  /** Below the folder, with `/`. */
  readonly path: string
  /** Where it lies. */
  readonly place: string
  readonly size: number
}

/**
 * Every file below a folder, by path. Nothing but files and folders may lie there: a link would bring in something of
 * elsewhere, or lose what it leads to.
 *
 * @param name what the folder is called in messages
 * @param passOver whether a path is no part of it; nothing below such a folder is asked
 * @throws Failure `folder-refused`, `file-unreadable`, `too-many`
 */
export async function filesBelow(
  folder: string,
  name: string,
  passOver: (path: string, isFolder: boolean) => boolean = () => false,
): Promise<FolderFile[]> {
  const found: FolderFile[] = []
  const visit = async (at: string, depth: number): Promise<void> => {
    if (depth > limits.archiveSteps)
      throw new Failure('folder-refused', {
        path: `${name}/${at}`,
        expected: `${limits.archiveSteps} levels`,
        found: 'more',
      })
    const names = await readdir(join(folder, at)).catch((error: unknown) => {
      throw new Failure('file-unreadable', { path: `${name}/${at}`, found: causeOf(error) }, error)
    })
    for (const one of names.sort()) {
      const path = at === '' ? one : `${at}/${one}`
      const place = join(folder, path)
      const entry = await lstat(place)
      if (passOver(path, entry.isDirectory())) continue
      if (entry.isDirectory()) await visit(path, depth + 1)
      else if (entry.isFile()) found.push({ path, place, size: entry.size })
      else {
        const kind = entry.isSymbolicLink() ? 'a link' : 'something else'
        throw new Failure('folder-refused', {
          path: `${name}/${path}`,
          expected: 'files and folders',
          found: kind,
        })
      }
      if (found.length > limits.treeFiles)
        throw new Failure('too-many', { subject: `Files below ${name}`, expected: limits.treeFiles })
    }
  }
  await visit('', 0)
  return found
}
