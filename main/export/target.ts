import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { causeOf, diskFailure, Failure } from '../platform/failure.ts'
import { flushFolder } from '../platform/files.ts'

async function isEmpty(path: string): Promise<boolean> {
  try {
    if (!(await stat(path)).isDirectory()) {
      throw new Failure('export-target', { path, found: 'a file', expected: 'a new or empty folder' })
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

/**
 * Fills a new or empty folder so that it appears whole, by rename, or not at all.
 *
 * @param fill writes into the folder it is given, which lies beside the target under a temporary name
 * @throws Failure `export-target`, and what `fill` throws
 */
export async function fillTarget<Result>(
  target: string,
  fill: (folder: string) => Promise<Result>,
): Promise<Result> {
  const path = resolve(target)
  const parent = dirname(path)
  const temporary = join(parent, `.${basename(path)}.${randomBytes(6).toString('hex')}.part`)
  await isEmpty(path)
  await mkdir(temporary).catch((error: unknown) => {
    if (causeOf(error) !== 'ENOENT') throw diskFailure(error, parent)
    throw new Failure('export-target', {
      path,
      found: 'no folder above it',
      expected: 'a new or empty folder',
    })
  })
  try {
    const result = await fill(temporary)
    // Somebody may have put something there meanwhile.
    if (await isEmpty(path)) await rmdir(path)
    await rename(temporary, path).catch((error: unknown) => {
      throw diskFailure(error, path)
    })
    await flushFolder(parent)
    return result
  } catch (error) {
    await rm(temporary, { recursive: true, force: true })
    throw error
  }
}
