import { readFile, realpath, stat, statfs } from 'node:fs/promises'
import { causeOf, Failure } from '../platform/failure.ts'
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

// Linux: the mount with this device's number; field 3 is major:minor, the type follows the lone dash.
async function fileSystemOf(dev: number): Promise<string | null> {
  const text = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '')
  const major = ((dev >> 8) & 0xfff).toString()
  const minor = ((dev & 0xff) | ((dev >> 12) & 0xfff00)).toString()
  for (const line of text.split('\n')) {
    const fields = line.split(' ')
    if (fields[2] !== `${major}:${minor}`) continue
    return fields[fields.indexOf('-') + 1] ?? null
  }
  return null
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
    const { bavail, blocks, bsize, type } = await statfs(real)
    const fat = type === fatMagic || fatNames.has((await fileSystemOf(info.dev)) ?? '')
    return { path: real, free: blocks === 0 ? null : bavail * bsize, largest: fat ? fatFileBytes : null }
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure('medium-missing', { path, found: causeOf(error) }, error)
  }
}
