import { realpath, stat, statfs } from 'node:fs/promises'
import { causeOf, Failure } from '../platform/failure.ts'
import { fileSystemOf } from '../platform/file-system.ts'
import { fatFileBytes } from '../platform/limits.ts'

/** File systems whose largest file is 4 GiB − 1, by the kernel's name and by the magic number of statfs. */
const fatNames = new Set(['vfat', 'msdos', 'fuse.fusefat'])
const fatMagic = 0x4d44

/** What is known of a place to write to. */
export interface Target {
  readonly path: string
  /** Bytes free for this account; `null` where the file system does not say. */
  readonly free: number | null
  /** Largest file that its file system takes; `null` where there is no such limit that we know of. */
  readonly largest: number | null
}

/**
 * Looks at a folder to write to.
 *
 * @throws Failure `medium-missing`
 */
export async function inspectTarget(path: string): Promise<Target> {
  try {
    const real = await realpath(path)
    const info = await stat(real)
    if (!info.isDirectory()) throw new Failure('medium-missing', { path })
    const { bavail, blocks, bsize } = await statfs(real)
    const { name, magic } = await fileSystemOf(real)
    const fat = magic === fatMagic || fatNames.has(name ?? '')
    return { path: real, free: blocks === 0 ? null : bavail * bsize, largest: fat ? fatFileBytes : null }
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure('medium-missing', { path, found: causeOf(error) }, error)
  }
}
