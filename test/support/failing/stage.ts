import { randomBytes, randomUUID } from 'node:crypto'
import { cp, mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { done, sallyport, type Ended, type Said } from '../command-line.ts'
import { decideBoth, makeCrossing, release, writeFiles, writeRequest, type Crossing } from '../desks.ts'

/** Media of this size take 300 kB of a bundle: the rest is for the small files and the file system. */
const ofSize = String(4 * 1024 * 1024 + 300_000)

/** A released bundle, on media that were written without a fault; what every case begins with a copy of. */
export interface Stage {
  readonly crossing: Crossing
  readonly id: string
  /** The low desk before each of the media was written; behind the last, after all of them. */
  readonly lows: readonly string[]
  /** Folders of the media, the first first. */
  readonly media: readonly string[]
  readonly sent: ReadonlyMap<string, Buffer>
}

/** @param several on three media; else on one */
export async function makeStage(several: boolean): Promise<Stage> {
  const crossing = await makeCrossing()
  const sent = new Map([
    ['large.bin', randomBytes(500_000)],
    ['middle.bin', randomBytes(250_000)],
    ['small.txt', Buffer.from('small\n')],
    ['empty.txt', Buffer.alloc(0)],
  ])
  const items = await writeFiles(crossing, Object.fromEntries(sent))
  const id = await release(crossing, await writeRequest(crossing, items))
  const lows: string[] = []
  const media: string[] = []
  const keep = async (): Promise<void> => {
    const low = join(crossing.folder, `low-${lows.length}`)
    await cp(crossing.low, low, { recursive: true })
    lows.push(low)
  }
  for (let n = 1; n <= (several ? 3 : 1); n++) {
    await keep()
    const to = join(crossing.folder, `medium-${n}`)
    await mkdir(to)
    const size = several && n === 1 ? ['--of-size', ofSize] : []
    const words = ['write', id, '--desk', crossing.low, '--to', to, ...size]
    media.push((await done(words, crossing.clock)).folder)
  }
  await keep()
  return { crossing, id, lows, media, sent }
}

/** Something of one case's own: a copy of a desk, or of a medium's folder. */
export async function copyOf(stage: Stage, folder: string, name = ''): Promise<string> {
  const copy = join(stage.crossing.folder, `case-${randomUUID()}`, name)
  await cp(folder, copy, { recursive: true })
  return copy
}

/** The state of a consignment at a desk, and what it has of media that were not left unfinished. */
export async function stateAt(stage: Stage, desk: string, id: string): Promise<unknown> {
  const shown = await done(['consignment', 'show', id, '--desk', desk], stage.crossing.clock)
  const media = shown['media'] as readonly { readonly state: string }[]
  return [shown.state, media.filter(({ state }) => state !== 'failed')]
}

/** The checks that failed, by id and reason, each once, in their order. */
export function failing({ json }: Ended): readonly string[] {
  const { checks = [] } = json as Partial<Said>
  const found = checks.filter(({ result }) => result === 'fail')
  return [...new Set(found.map(({ id, reason }) => `${id} ${reason}`))]
}

/** What an act was refused with: a failure's code, or the first check that failed; `null` where nothing was refused. */
export function saidOf(ended: Ended): string | null {
  const { failure } = ended.json as Partial<Said>
  return failure?.code ?? failing(ended)[0] ?? null
}

/** Demands that accepted content is exported whole: every file byte for byte what was sent. */
export async function exportsWhole(stage: Stage, high: string, id: string): Promise<void> {
  const { crossing, sent } = stage
  const out = join(crossing.folder, `out-${randomUUID()}`)
  await done(['export', id, '--desk', high, '--to', `dir:${out}`], crossing.clock)
  const files = join(out, 'files')
  expect((await readdir(files)).sort()).toEqual([...sent.keys()].sort())
  for (const [name, bytes] of sent) expect((await readFile(join(files, name))).equals(bytes)).toBe(true)
  await rm(out, { recursive: true })
}

/** Demands that these media cross: they verify together at a high desk, are accepted, and come out whole. */
export async function crosses(stage: Stage, media: readonly string[], high?: string): Promise<void> {
  const { crossing } = stage
  const desk = high ?? (await copyOf(stage, crossing.high))
  const { code, json } = await sallyport(['verify', ...media, '--desk', desk], crossing.clock)
  expect([code, json.outcome]).toEqual([0, 'passed'])
  const { id } = json
  await decideBoth({ ...crossing, high: desk }, id, 'accept')
  await exportsWhole(stage, desk, id)
  if (high === undefined) await rm(desk, { recursive: true })
}
