import { statfs } from 'node:fs/promises'
import type { Stats } from 'node:fs'

/** File systems whose files have no owners and modes of their own: FAT, exFAT, NTFS, and shares of other systems. */
const ownerless = new Set([0x4d44, 0x2011bab0, 0x5346544e, 0x7366746e, 0x517b, 0xff534d42, 0xfe534d42])

/** Whether files in a folder have owners and modes. Where nothing tells they are taken to have them. */
export async function hasOwners(folder: string): Promise<boolean> {
  if (process.platform === 'win32') return false
  return statfs(folder).then(
    ({ type }) => !ownerless.has(type >>> 0),
    () => true,
  )
}

/** Whose something is and who else may reach it, in words for one that is not this account's alone; else `null`. */
export function sharedWith({ uid, mode }: Pick<Stats, 'uid' | 'mode'>, secret = false): string | null {
  const own = process.getuid?.()
  if (own !== undefined && uid !== own) return `of the account ${uid}, not of ${own}`
  if ((mode & 0o022) !== 0) return 'open to be written by others'
  if (secret && (mode & 0o077) !== 0) return 'open to be read by others'
  return null
}
