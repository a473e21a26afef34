import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isParityName } from '../bundle/medium.ts'
import type { Part } from '../bundle/parts.ts'
import { Failure } from '../platform/failure.ts'
import type { PinnedProgram } from '../platform/pinned-program.ts'
import { bareEnvironment } from '../platform/program.ts'
import { runSilently, type RanSilently } from '../platform/silent-program.ts'

/*
 * Recovery data by PAR2, made and used by the program of that name which the policy pins. It is no evidence: what was
 * repaired is judged like anything else.
 */

/** What a run of the program may take: as long as it needs, within a day. */
const patience = 24 * 60 * 60 * 1000
/** Megabytes that the program may use. */
const memory = 512
/** Into how many blocks it cuts what it protects: some of each part, and not so many that little takes long. */
const blocksOf = (size: number, parts: number): number =>
  Math.max(parts * 2, Math.min(2000, Math.max(40, Math.ceil(size / 16_384))))
const mostFiles = 31

/** How a bundle's parts are protected, and by which program. */
export interface ParityTools {
  readonly program: PinnedProgram
  readonly signal: AbortSignal
}

/** Bytes that recovery data of parts takes, at the most: the blocks, and what the format writes beside them. */
export function parityBytes(size: number, percent: number): number {
  const blocks = blocksOf(size, 1)
  const block = Math.ceil(size / blocks) + 4
  const made = Math.ceil((blocks * percent) / 100) + 1
  return made * (block + 68) + (blocks * 20 + 100_000) * 12
}

/** Bytes of parts that fit where parts and their recovery data share `room`. */
export function roomWithParity(room: number, percent: number): number {
  let [low, high] = [0, room]
  while (low < high) {
    const size = Math.ceil((low + high) / 2)
    if (size + parityBytes(size, percent) <= room) low = size
    else high = size - 1
  }
  return low
}

function run(words: readonly string[], { program, signal }: ParityTools): Promise<RanSilently> {
  const home = join(program.path, '..')
  const order = {
    path: program.path,
    words,
    input: '',
    environment: bareEnvironment({}, home),
    most: 1024 * 1024,
    patience,
    signal,
    complaints: 4096,
  }
  return runSilently(order, home)
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1)?.slice(0, 200) ?? ''

/**
 * Makes recovery data of the parts in a folder, beside them.
 *
 * @param largest the largest file that the medium takes; `null` where there is no such limit
 * @returns the names of its files
 * @throws Failure `parity-failed`, `cancelled`
 */
export async function makeParity(
  folder: string,
  parts: readonly Part[],
  order: { readonly percent: number; readonly largest: number | null },
  tools: ParityTools,
): Promise<readonly string[]> {
  const size = parts.reduce((sum, part) => sum + part.size, 0)
  const bytes = parityBytes(size, order.percent)
  const files = Math.min(mostFiles, Math.max(4, Math.ceil(bytes / (order.largest ?? bytes))))
  const level = [`-b${blocksOf(size, parts.length)}`, `-r${order.percent}`, '-u', `-n${files}`, `-m${memory}`]
  const paths = parts.map(({ name }) => join(folder, name))
  const ran = await run(['create', '-q', ...level, '--', join(folder, 'bundle.par2'), ...paths], tools)
  if (tools.signal.aborted) throw new Failure('cancelled')
  if (ran.ended !== 'code 0')
    throw new Failure('parity-failed', { found: `${ran.ended}${said(lastLine(ran.complaint))}` })
  const names = (await readdir(folder)).filter(isParityName).sort()
  if (names.length < 2)
    throw new Failure('parity-failed', { found: `${names.length} files of recovery data` })
  return names
}

const said = (complaint: string): string => (complaint === '' ? '' : `, “${complaint}”`)

/**
 * Repairs the parts in a folder from recovery data that lies there. What came of it is for whoever hashes the parts.
 *
 * @param from the files of recovery data that are as they were written
 * @returns how the program ended, and whether it had no way out
 * @throws Failure `cancelled`
 */
export async function repairParts(
  folder: string,
  from: readonly string[],
  tools: ParityTools,
): Promise<RanSilently> {
  const [first = 'bundle.par2'] = from
  const ran = await run(['repair', '-q', `-m${memory}`, '--', join(folder, first)], tools)
  if (tools.signal.aborted) throw new Failure('cancelled')
  return ran
}
