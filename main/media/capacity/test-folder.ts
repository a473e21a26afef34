import { randomBytes } from 'node:crypto'
import { lstat, mkdir, readdir, rm, rmdir, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { causeOf, Failure } from '../../platform/failure.ts'

const ownName = /^sallyport-test-[0-9a-f]{16}$/
const ownFile = /^\d{4}$/

/** Bytes that are free for this account on the file system at a path. @throws Failure `medium-missing` */
export async function freeAt(path: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(path)
    return bavail * bsize
  } catch (error) {
    throw new Failure('medium-missing', { path, found: causeOf(error) }, error)
  }
}

/** How much of what was free may stay unwritten: file systems keep their own lists in it. */
export const slackOf = (free: number): number => Math.ceil(free / 100) + 4 * 1024 * 1024

/** A new folder for a test at the root of a medium. @throws Failure `medium-failed` */
export async function makeTestFolder(root: string): Promise<{ readonly name: string; readonly key: string }> {
  const name = `sallyport-test-${randomBytes(8).toString('hex')}`
  try {
    await mkdir(join(root, name))
  } catch (error) {
    throw new Failure('medium-failed', { found: causeOf(error) }, error)
  }
  return { name, key: randomBytes(32).toString('hex') }
}

/** Removes a test's folder: only files that a test makes, and no link. What is something else stays. */
export async function removeTestFolder(root: string, name: string): Promise<void> {
  const folder = join(root, name)
  if (!ownName.test(name)) return
  const found = await lstat(folder).catch(() => null)
  if (found?.isDirectory() !== true) return
  for (const entry of await readdir(folder, { withFileTypes: true }))
    if (entry.isFile() && ownFile.test(entry.name)) await rm(join(folder, entry.name), { force: true })
  await rmdir(folder).catch(() => undefined)
}

/**
 * Sees that nothing is on a medium but what systems leave there, and removes what earlier tests left.
 *
 * @param isLeft whether a system leaves a name by itself
 * @throws Failure `media-not-empty`, `medium-missing`
 */
export async function clearForTest(root: string, isLeft: (name: string) => boolean): Promise<void> {
  const list = (): Promise<string[]> =>
    readdir(root).catch((error: unknown) => {
      throw new Failure('medium-missing', { path: root, found: causeOf(error) }, error)
    })
  const isOther = (name: string): boolean => !isLeft(name)
  const before = (await list()).filter(isOther)
  const strange = before.filter((name) => !ownName.test(name))
  // Nothing is removed from a medium that somebody still uses.
  if (strange.length === 0) for (const name of before) await removeTestFolder(root, name)
  const found = strange.length === 0 ? (await list()).filter(isOther) : strange
  if (found.length > 0) throw new Failure('media-not-empty', { found: found.slice(0, 5).join(', ') })
}
