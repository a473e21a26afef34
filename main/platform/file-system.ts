import { stat, statfs } from 'node:fs/promises'
import { deviceNumber, mountsHere } from './mounts.ts'

/** What a file system is: the kernel's name for it, where that can be told, and the magic number of statfs. */
export interface FileSystem {
  readonly name: string | null
  readonly magic: number
}

/** The file system that a folder lies on. @throws NodeJS.ErrnoException */
export async function fileSystemOf(folder: string): Promise<FileSystem> {
  const [{ dev }, { type }] = await Promise.all([stat(folder), statfs(folder)])
  const number = deviceNumber(dev)
  const mount = (await mountsHere()).find((one) => one.number === number)
  return { name: mount?.type ?? null, magic: type >>> 0 }
}
