import { open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Digest } from '../../shared/digest.ts'
import type { Medium } from '../bundle/medium.ts'
import { diskFailure, Failure } from '../platform/failure.ts'
import { digestOfFile, flushFile, flushFolder, readCapped, writeRecord } from '../platform/files.ts'
import { limits } from '../platform/limits.ts'
import { makeNewFolder } from '../platform/made-folder.ts'
import { openRegular } from '../platform/regular.ts'
import type { RanSilently } from '../platform/silent-program.ts'
import { smallFiles } from './unfinished.ts'

const block = 1024 * 1024
/** What is read at once where a larger piece cannot be read. */
const sector = 4096

type Listed = Medium['parts'][number] | NonNullable<Medium['parity']>[number]

/** What a repair came to. */
export interface Repaired {
  /** Names of the files that were not as they were written. */
  readonly damaged: readonly string[]
  /** Whether the program had no way out while it ran; `null` where nothing had to be repaired. */
  readonly silent: boolean | null
}

interface Order {
  /** The medium's folder, which is only read. */
  readonly from: string
  /** The folder that is made. */
  readonly to: string
  readonly medium: Medium
  /** Runs the program over the parts in a folder, from recovery data that is as it was written. */
  readonly repair: (folder: string, from: readonly string[]) => Promise<RanSilently>
}

interface Tools {
  readonly signal: AbortSignal
  readonly step: (name: string, total?: number) => void
  readonly advance: (bytes: number) => void
}

/** Reads what can be read: what cannot is left out, a sector at a time, and stays zero. */
async function readAround(
  source: Awaited<ReturnType<typeof openRegular>>['file'],
  buffer: Buffer,
  at: number,
): Promise<void> {
  for (let done = 0; done < buffer.length; done += sector) {
    const length = Math.min(sector, buffer.length - done)
    const piece = await source.read(buffer, done, length, at + done).catch(() => null)
    if (piece === null) buffer.fill(0, done, done + length)
  }
}

/** Copies a file as far as it can be read, at most as long as it must be. A file that is not there makes none. */
async function copyDamaged(from: string, to: string, size: number, tools: Tools): Promise<void> {
  const source = await openRegular(from).catch(() => null)
  if (source === null) return
  const target = await open(to, 'wx', 0o644).catch((error: unknown) => {
    throw diskFailure(error, to)
  })
  try {
    const length = Math.min(size, source.size)
    for (let at = 0; at < length; at += block) {
      if (tools.signal.aborted) throw new Failure('cancelled')
      const buffer = Buffer.alloc(Math.min(block, length - at))
      const whole = await source.file.read(buffer, 0, buffer.length, at).catch(() => null)
      if (whole?.bytesRead !== buffer.length) await readAround(source.file, buffer, at)
      await target.write(buffer, 0, buffer.length, at).catch((error: unknown) => {
        throw diskFailure(error, to)
      })
      tools.advance(buffer.length)
    }
  } finally {
    await target.close()
    await source.file.close()
  }
}

async function differing(folder: string, files: readonly Listed[], signal: AbortSignal): Promise<string[]> {
  const bad: string[] = []
  for (const { name, digest } of files) {
    const found: Digest | null = await digestOfFile(join(folder, name), signal).catch((error: unknown) => {
      if (signal.aborted) throw error
      return null
    })
    if (found !== digest) bad.push(name)
  }
  return bad
}

/** The small files, byte for byte: they were proven, or `verify` says what is wrong with them. */
async function copySmall(from: string, to: string): Promise<void> {
  for (const name of smallFiles) {
    const most = name === 'waybill.json' ? limits.waybillBytes : limits.mediumBytes
    const bytes = await readCapped(join(from, name), most).catch(() => null)
    if (bytes !== null) await writeRecord(join(to, name), bytes, 0o644)
  }
}

/** The program keeps what was damaged under other names. */
async function removeOthers(folder: string, listed: readonly Listed[]): Promise<void> {
  const known = new Set<string>([...smallFiles, ...listed.map(({ name }) => name)])
  for (const name of await readdir(folder))
    if (!known.has(name)) await rm(join(folder, name), { force: true })
}

async function repairIn(folder: string, order: Order, tools: Tools): Promise<Repaired> {
  const { from, medium } = order
  const parity = medium.parity ?? []
  const badParity = await differing(folder, parity, tools.signal)
  const damaged = await differing(folder, medium.parts, tools.signal)
  if (damaged.length === 0) return { damaged: badParity, silent: null }
  // Only recovery data that the sender’s station has signed for is given to the program.
  for (const name of badParity) await rm(join(folder, name), { force: true })
  const good = parity.flatMap(({ name }) => (badParity.includes(name) ? [] : [name]))
  if (good.length === 0)
    throw new Failure('repair-failed', { found: 'no file of recovery data is left whole' })
  tools.step('repair')
  const { ended, silent } = await order.repair(folder, good)
  const left = await differing(folder, medium.parts, tools.signal)
  if (left.length > 0) throw new Failure('repair-failed', { found: `${left.join(', ')} (par2: ${ended})` })
  for (const name of badParity) {
    const size = parity.find((file) => file.name === name)?.size ?? 0
    await copyDamaged(join(from, name), join(folder, name), size, tools)
  }
  return { damaged: [...damaged, ...badParity], silent }
}

/**
 * Makes a copy of a damaged medium with its parts repaired from recovery data. The medium is only read; what is not
 * right afterwards leaves nothing behind.
 *
 * @throws Failure `repair-failed`, `disk-*`, `cancelled`, `target-changed`
 */
export async function repairMedium(order: Order, tools: Tools): Promise<Repaired> {
  const made = await makeNewFolder(`${order.to}.part`, 0o755)
  try {
    const listed: readonly Listed[] = [...order.medium.parts, ...(order.medium.parity ?? [])]
    tools.step(
      'copy',
      listed.reduce((sum, { size }) => sum + size, 0),
    )
    await copySmall(order.from, made.path)
    for (const { name, size } of listed)
      await copyDamaged(join(order.from, name), join(made.path, name), size, tools)
    await made.check()
    tools.step('through')
    const repaired = await repairIn(made.path, order, tools)
    await removeOthers(made.path, listed)
    for (const name of await readdir(made.path)) await flushFile(join(made.path, name))
    await flushFolder(made.path)
    if (tools.signal.aborted) throw new Failure('cancelled')
    await made.name(order.to)
    return repaired
  } catch (error) {
    await made.remove()
    throw error
  }
}
