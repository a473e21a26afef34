import { chmod, lstat, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { causeOf, diskFailure, Failure } from './failure.ts'
import { flushFolder } from './files.ts'
import { othersMayWrite } from './owners.ts'

/**
 * A folder outside the desk that this process made and is known to it by device and inode: whoever puts another thing in
 * its place is found out, and what they put there is neither written to nor removed.
 */
export interface MadeFolder {
  readonly path: string
  /** @throws Failure `target-changed` */
  check(): Promise<void>
  /**
   * Gives it its last name, and sees that what is in it is still there.
   *
   * @throws Failure `target-changed`, `disk-*`; the system's error
   */
  name(path: string): Promise<void>
  /** Removes it with all that is in it, if it is still the one that was made. */
  remove(): Promise<void>
}

async function identity(path: string): Promise<string> {
  const found = await lstat(path, { bigint: true }).catch(() => null)
  if (found === null) return 'nothing'
  return found.isDirectory() ? `folder ${found.dev}:${found.ino}` : 'something else'
}

class OwnFolder implements MadeFolder {
  path: string
  private readonly first: string
  private readonly made: string

  constructor(path: string, made: string) {
    this.path = path
    this.first = path
    this.made = made
  }

  async check(): Promise<void> {
    const found = await identity(this.path)
    if (found === this.made) return
    throw new Failure('target-changed', { path: this.path, expected: this.made, found })
  }

  async name(path: string): Promise<void> {
    await this.check()
    const names = await readdir(this.path)
    await rename(this.path, path).catch((error: unknown) => {
      throw diskFailure(error, path)
    })
    this.path = path
    await flushFolder(dirname(path))
    await this.check()
    // Some file systems (fusefat) lose what is in a folder that they rename, and say nothing.
    const found = new Set(await readdir(path))
    const lost = names.filter((name) => !found.has(name)).length
    if (lost === 0) return
    const said = `a file system that lost ${lost} files when their folder was named`
    throw new Failure('disk-failed', { path, found: said }, new Error(said))
  }

  async remove(): Promise<void> {
    if ((await identity(this.path)) !== this.made) return
    // First its last name is taken back: what then can be removed only in part does not look whole.
    if (this.path !== this.first && (await lstat(this.first).catch(() => null)) === null)
      await rename(this.path, this.first).then(
        () => (this.path = this.first),
        () => undefined,
      )
    await rm(this.path, { recursive: true, force: true }).catch(() => undefined)
  }
}

/**
 * Makes a folder that is not there yet, where other accounts cannot put another in its place.
 *
 * @throws Failure `target-shared`, `disk-*`; what `mkdir` throws as its cause
 */
export async function makeNewFolder(path: string, mode: number): Promise<MadeFolder> {
  const parent = dirname(path)
  if (await othersMayWrite(parent).catch(() => false)) throw new Failure('target-shared', { path: parent })
  await mkdir(path, { mode }).catch((error: unknown) => {
    if (causeOf(error) === 'ENOENT') throw error
    throw diskFailure(error, path)
  })
  await chmod(path, mode).catch(() => undefined)
  return new OwnFolder(path, await identity(path))
}
