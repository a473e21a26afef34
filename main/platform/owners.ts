import type { Stats } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { fileSystemOf } from './file-system.ts'

/** File systems whose files have no owners and modes of their own: FAT, exFAT, NTFS, and shares of other systems. */
const ownerless = {
  magic: new Set([0x4d44, 0x2011bab0, 0x5346544e, 0x7366746e, 0x517b, 0xff534d42, 0xfe534d42]),
  names: new Set(['fuseblk', 'fuse.fusefat', 'fuse.exfat', 'fuse.ntfs-3g', 'fuse.ntfs']),
}

/** File systems that other computers may write as well: NFS, SMB, 9p, Ceph, AFS, GPFS, and what FUSE mounts. */
const networked = new Set([
  ...[0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x01021997, 0x00c36400, 0x5346414f, 0x47504653, 0x65735546],
])

/** Whether files in a folder have owners and modes. Where nothing tells they are taken to have them. */
export async function hasOwners(folder: string): Promise<boolean> {
  if (process.platform === 'win32') return false
  return fileSystemOf(folder).then(
    ({ name, magic }) => !ownerless.magic.has(magic) && !ownerless.names.has(name ?? ''),
    () => true,
  )
}

/** Whether other computers may have the same folder. Where nothing tells, it is taken to be so. */
export async function isShared(folder: string): Promise<boolean> {
  if (process.platform !== 'linux') return false
  return fileSystemOf(folder).then(
    ({ magic }) => networked.has(magic),
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

const linesOf = async (path: string): Promise<string[][]> =>
  (await readFile(path, 'utf8')).split('\n').map((line) => line.split(':'))

// Many systems give each account a group of its own: a folder that it may write is nobody else's.
async function isOwnGroup(gid: number): Promise<boolean> {
  if (gid !== process.getgid?.()) return false
  try {
    const [groups, accounts] = await Promise.all([linesOf('/etc/group'), linesOf('/etc/passwd')])
    const own = accounts.filter(([, , uid]) => Number(uid) === process.getuid?.()).map(([name]) => name)
    const named = groups.find(([, , id]) => Number(id) === gid)?.[3] ?? ''
    const sharing = accounts.filter(([, , , id]) => Number(id) === gid).map(([name]) => name)
    return [...named.split(',').filter((name) => name !== ''), ...sharing].every((name) => own.includes(name))
  } catch {
    return false
  }
}

/**
 * Whether other accounts may put something else in the place of what is in a folder. A sticky folder keeps them from
 * it; where files have no owners nothing does, and nothing tells.
 */
export async function othersMayWrite(folder: string): Promise<boolean> {
  if (!(await hasOwners(folder))) return false
  const { mode, gid, uid } = await stat(folder)
  const own = process.getuid?.()
  if ((mode & 0o1000) !== 0) return false
  if (own !== undefined && uid !== own && uid !== 0) return true
  return (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && !(await isOwnGroup(gid)))
}
