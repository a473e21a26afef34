import { randomBytes } from 'node:crypto'
import { lstat, readdir, rmdir } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { causeOf, diskFailure, Failure } from '../platform/failure.ts'
import { makeNewFolder, type MadeFolder } from '../platform/made-folder.ts'

async function isEmpty(path: string): Promise<boolean> {
  try {
    const found = await lstat(path)
    if (!found.isDirectory()) {
      const what = found.isSymbolicLink() ? 'a link' : 'a file'
      throw new Failure('export-target', { path, found: what, expected: 'a new or empty folder' })
    }
    if ((await readdir(path)).length === 0) return true
  } catch (error) {
    if (causeOf(error) === 'ENOENT') return false
    throw error instanceof Failure ? error : diskFailure(error, path)
  }
  throw new Failure('export-target', {
    path,
    found: 'a folder with content',
    expected: 'a new or empty folder',
  })
}

/** Makes the folder in which something is written until it is whole. @throws Failure `export-target`, `target-shared` */
export async function makeBeside(path: string, expected: string): Promise<MadeFolder> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.part`)
  return makeNewFolder(temporary, 0o755).catch((error: unknown) => {
    if (causeOf(error) !== 'ENOENT') throw error
    const found = 'no folder above it'
    throw new Failure('export-target', { path, found, expected })
  })
}

/**
 * Fills a new or empty folder so that it appears whole, by rename, or not at all.
 *
 * @param fill writes into the folder it is given, which lies beside the target under a temporary name
 * @throws Failure `export-target`, `target-shared`, `target-changed`, and what `fill` throws
 */
export async function fillTarget<Result>(
  target: string,
  fill: (folder: string) => Promise<Result>,
): Promise<Result> {
  const path = resolve(target)
  await isEmpty(path)
  const made = await makeBeside(path, 'a new or empty folder')
  try {
    const result = await fill(made.path)
    await made.check()
    // Somebody may have put something there meanwhile.
    if (await isEmpty(path)) await rmdir(path)
    await made.name(path)
    return result
  } catch (error) {
    await made.remove()
    throw diskFailure(error, path)
  }
}
