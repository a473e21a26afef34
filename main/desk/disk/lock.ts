import { randomBytes } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { z } from 'zod'
import type { Clock } from '../../platform/clock.ts'
import { timeOf } from '../../platform/clock.ts'
import { diskFailure, Failure } from '../../platform/failure.ts'
import { readCapped } from '../../platform/files.ts'
import { limits } from '../../platform/limits.ts'

const zHolder = z.strictObject({
  pid: z.number().int(),
  started: z.string(),
  boot: z.string(),
  host: z.string(),
  since: z.string(),
})
type Holder = z.infer<typeof zHolder>

/** `desk.lock`, held by this process. */
export interface Lock {
  /** The holder that was gone and from whom the lock was taken over, in words; else `null`. */
  readonly takenFrom: string | null
  release(): Promise<void>
}

async function bootId(): Promise<string> {
  const text = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => 'unknown')
  return text.trim()
}

// A process number is used again; the start time tells two of them apart. Field 22 of /proc/<pid>/stat.
async function startOf(pid: number): Promise<string | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  if (text === null) return null
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function isGone(holder: Holder, boot: string): Promise<boolean> {
  // Only on the same host and in the same boot can a process be known to be gone.
  if (holder.host !== hostname()) return false
  if (holder.boot !== boot) return holder.boot !== 'unknown' && boot !== 'unknown'
  if (!alive(holder.pid)) return true
  const started = await startOf(holder.pid)
  return started !== null && holder.started !== 'unknown' && started !== holder.started
}

async function readHolder(path: string): Promise<Holder | null> {
  try {
    return zHolder.parse(JSON.parse((await readCapped(path, limits.smallFileBytes)).toString('utf8')))
  } catch {
    return null
  }
}

// Of several that find the same stale lock only one may remove it, and only what it still finds: a process that was
// a moment later would else remove the lock of the one before it.
async function removeStale(path: string, own: string, holder: Holder, boot: string): Promise<void> {
  const turn = `${path}.takeover`
  try {
    await link(own, turn)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const other = await readHolder(turn)
    if (other !== null && (await isGone(other, boot))) await rm(turn, { force: true })
    return
  }
  try {
    const found = await readHolder(path)
    if (JSON.stringify(found) === JSON.stringify(holder)) await rm(path, { force: true })
  } finally {
    await rm(turn, { force: true })
  }
}

/**
 * Takes the lock of a desk. The file appears whole or not at all: it is written beside and linked into place.
 *
 * @throws Failure `desk-busy` naming the holder
 */
export async function takeLock(path: string, clock: Clock): Promise<Lock> {
  const boot = await bootId()
  const started = (await startOf(process.pid)) ?? 'unknown'
  const mine: Holder = { pid: process.pid, started, boot, host: hostname(), since: timeOf(clock.now()) }
  const own = `${path}.${randomBytes(6).toString('hex')}`
  let takenFrom: string | null = null
  try {
    await writeFile(own, JSON.stringify(mine), { mode: 0o600, flag: 'wx' })
    for (let attempt = 0; ; attempt++) {
      try {
        await link(own, path)
        break
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw diskFailure(error, path)
        const holder = await readHolder(path)
        if (holder === null || attempt > 2 || !(await isGone(holder, boot))) {
          const { pid = 0, host = 'an unknown host', since = 'an unknown time' } = holder ?? {}
          throw new Failure('desk-busy', { pid, host, since })
        }
        takenFrom = `process ${holder.pid}, since ${holder.since}`
        await removeStale(path, own, holder, boot)
      }
    }
  } catch (error) {
    throw diskFailure(error, path)
  } finally {
    await rm(own, { force: true })
  }
  return { takenFrom, release: () => rm(path, { force: true }) }
}
