import { randomUUID } from 'node:crypto'
import { lstat, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { timeOf, type Clock } from '../../platform/clock.ts'
import { causeOf, diskFailure, Failure } from '../../platform/failure.ts'
import { readCapped, writeRecord } from '../../platform/files.ts'
import { limits } from '../../platform/limits.ts'
import { askSocket, holdSocket, type LocalSocket } from '../../platform/local-socket.ts'
import { isShared } from '../../platform/owners.ts'
import type { DeskFolder } from '../folder.ts'

/*
 * The lock of a desk is a socket in its folder: held by the living, whatever their number or namespace, and by nobody
 * once their process is gone. Beside it lies who took it, for a holder that cannot answer any more. A socket cannot be
 * made together with a file, so whoever is about to take or to free it leaves a claim of its own while only one is there.
 */

const zHolder = z.strictObject({
  id: z.string(),
  pid: z.number().int(),
  host: z.string(),
  /** Of the computer, and of its start. */
  machine: z.string(),
  boot: z.string(),
  since: z.string(),
})
type Holder = z.infer<typeof zHolder>

/** `desk.lock`, held by this process. */
export interface Lock {
  /** The holder that was gone and from whom the lock was taken over, in words; else `null`. */
  readonly takenFrom: string | null
  /**
   * That it is still this process's, asked before each line is written.
   *
   * @throws Failure `desk-busy`
   */
  check(): Promise<void>
  release(): Promise<void>
}

const lockName = 'desk.lock'
const unknown = 'unknown'

const textOf = (path: string): Promise<string> =>
  readFile(path, 'utf8').then(
    (text) => text.trim() || unknown,
    () => unknown,
  )

async function myself(clock: Clock): Promise<Holder> {
  const machine = await textOf('/etc/machine-id')
  const boot = await textOf('/proc/sys/kernel/random/boot_id')
  const since = timeOf(clock.now())
  return { id: randomUUID(), pid: process.pid, host: hostname(), machine, boot, since }
}

function holderOf(text: string | null): Holder | null {
  try {
    return zHolder.parse(JSON.parse(text ?? ''))
  } catch {
    return null
  }
}

const writtenHolder = async (path: string): Promise<Holder | null> =>
  readCapped(path, limits.smallFileBytes).then(
    (bytes) => holderOf(bytes.toString('utf8')),
    () => null,
  )

const claimOf = ({ holder }: DeskFolder, { id }: Holder): string => `${holder}.${id}`

/** Where those claim it who were about to take or to free the lock, but one. */
async function claims({ root, holder }: DeskFolder, but: Holder): Promise<string[]> {
  const own = `${basename(holder)}.`
  const names = (await readdir(root)).filter((name) => name.startsWith(own) && name !== `${own}${but.id}`)
  return names.map((name) => join(root, name))
}

/** Removes what those left who ended while they were about to. */
async function clear(folder: DeskFolder, but: Holder): Promise<void> {
  for (const path of await claims(folder, but)) await rm(path, { force: true })
}

function busy(holder: Holder | null): Failure {
  const { pid = 0, host = 'an unknown host', since = 'an unknown time' } = holder ?? {}
  return new Failure('desk-busy', { pid, host, since })
}

// A socket that refuses is nobody's, but only on the computer that it was made on: another one cannot reach who holds it.
// A copy of this computer may have its number too; where the folder is shared, only the same start of it is the same.
async function isOurs(holder: Holder, mine: Holder, root: string): Promise<boolean> {
  if (holder.machine === unknown || holder.machine !== mine.machine) return false
  return (holder.boot !== unknown && holder.boot === mine.boot) || !(await isShared(root))
}

const inode = async (path: string): Promise<string> =>
  lstat(path, { bigint: true }).then(
    ({ dev, ino }) => `${dev}:${ino}`,
    () => 'none',
  )

class SocketLock implements Lock {
  readonly takenFrom: string | null
  private readonly folder: DeskFolder
  private readonly mine: Holder
  private readonly made: string
  private readonly socket: LocalSocket | null

  constructor(
    folder: DeskFolder,
    { mine, made }: { readonly mine: Holder; readonly made: string },
    socket: LocalSocket | null,
    takenFrom: string | null,
  ) {
    this.folder = folder
    this.mine = mine
    this.made = made
    this.socket = socket
    this.takenFrom = takenFrom
  }

  async check(): Promise<void> {
    if (process.platform === 'win32' || (await inode(this.folder.lock)) === this.made) return
    throw busy(await writtenHolder(this.folder.holder))
  }

  async release(): Promise<void> {
    // Only what is still ours goes: somebody else's lock may stand there by now, and its name would go with our socket.
    if (process.platform !== 'win32' && (await inode(this.folder.lock)) !== this.made) return
    if (this.socket !== null) await claim(this.folder, this.mine)
    await rm(this.folder.holder, { force: true })
    if (this.socket === null) await rm(this.folder.lock, { force: true })
    else await this.socket.close()
    await rm(claimOf(this.folder, this.mine), { force: true })
  }
}

// Where no socket can be made (FAT, some shares) a file stands for it; nobody can tell whether its holder lives.
async function hold(folder: DeskFolder, mine: Holder, owners: boolean): Promise<LocalSocket | null> {
  const text = JSON.stringify(mine)
  try {
    // Not even tried where it leaves something else behind.
    if (process.platform === 'win32' || owners) return await holdSocket(folder.root, lockName, text)
  } catch (error) {
    // Each file system has its own word for what it cannot make; these say that something else is wrong.
    if (['EADDRINUSE', 'EACCES', 'ENOSPC', 'EDQUOT', 'EROFS', 'ENOENT'].includes(causeOf(error))) throw error
  }
  await writeFile(folder.lock, text, { mode: 0o600, flag: 'wx' })
  return null
}

async function claim(folder: DeskFolder, mine: Holder): Promise<void> {
  await writeFile(claimOf(folder, mine), JSON.stringify(mine), { mode: 0o600, flag: 'wx' })
}

/** Who made a socket beside which nothing is written: one of those who claim it, where all are of this computer. */
async function claimant(folder: DeskFolder, mine: Holder): Promise<Holder | null> {
  const found = await Promise.all((await claims(folder, mine)).map(writtenHolder))
  const ours = await Promise.all(
    found.map((one) => (one === null ? Promise.resolve(false) : isOurs(one, mine, folder.root))),
  )
  return ours.every((one) => one) ? (found[0] ?? null) : null
}

async function standing(folder: DeskFolder, mine: Holder): Promise<{ gone: boolean; holder: Holder | null }> {
  const found = await lstat(folder.lock).catch(() => null)
  if (found?.isFile() === true) return { gone: false, holder: await writtenHolder(folder.lock) }
  const behind = await askSocket(folder.root, lockName)
  const said = behind.kind === 'alive' ? holderOf(behind.says) : null
  const holder = said ?? (await writtenHolder(folder.holder)) ?? (await claimant(folder, mine))
  return { gone: behind.kind !== 'alive', holder }
}

/**
 * Takes the lock of a desk.
 *
 * @param owners whether its file system has owners: where it has not, no socket is made
 * @param lift takes it also from a holder that another computer would have to know to be gone: never from one that answers
 * @throws Failure `desk-busy` naming the holder
 */
export async function takeLock(
  folder: DeskFolder,
  clock: Clock,
  owners: boolean,
  lift = false,
): Promise<Lock> {
  const mine = await myself(clock)
  try {
    await claim(folder, mine)
    return await taken(folder, mine, owners, lift)
  } catch (error) {
    throw error instanceof Failure ? error : diskFailure(error, folder.lock)
  } finally {
    await rm(claimOf(folder, mine), { force: true }).catch(() => undefined)
  }
}

async function taken(folder: DeskFolder, mine: Holder, owners: boolean, lift: boolean): Promise<Lock> {
  let takenFrom: string | null = null
  for (let attempt = 0; ; attempt++) {
    try {
      const socket = await hold(folder, mine, owners)
      const made = await inode(folder.lock)
      if (socket !== null) await writeRecord(folder.holder, JSON.stringify(mine))
      const lock = new SocketLock(folder, { mine, made }, socket, takenFrom)
      await lock.check()
      await clear(folder, mine)
      return lock
    } catch (error) {
      if (!['EADDRINUSE', 'EEXIST'].includes(causeOf(error))) throw error
      const { gone, holder } = await standing(folder, mine)
      const known = holder !== null && (await isOurs(holder, mine, folder.root))
      const isFile = (await lstat(folder.lock).catch(() => null))?.isFile() === true
      const may = lift ? gone || isFile : gone && known
      if (!may || attempt > 2) throw busy(holder)
      takenFrom = `process ${holder?.pid ?? unknown} on ${holder?.host ?? unknown}, since ${holder?.since ?? unknown}`
      await rm(folder.lock, { force: true })
    }
  }
}
