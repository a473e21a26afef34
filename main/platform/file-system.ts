import { readFile, stat, statfs } from 'node:fs/promises'

/** What a file system is: the kernel's name for it, where that can be told, and the magic number of statfs. */
export interface FileSystem {
  readonly name: string | null
  readonly magic: number
}

// Linux: the mount with this device's number; field 3 is major:minor, the type follows the lone dash.
async function nameOf(dev: number): Promise<string | null> {
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

/** The file system that a folder lies on. @throws NodeJS.ErrnoException */
export async function fileSystemOf(folder: string): Promise<FileSystem> {
  const [{ dev }, { type }] = await Promise.all([stat(folder), statfs(folder)])
  return { name: await nameOf(dev), magic: type >>> 0 }
}
