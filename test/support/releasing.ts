import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Item } from '../../shared/waybill.ts'
import { done, sallyport } from './command-line.ts'
import { decideBoth, makeCrossing, release, writeRequest, writeTo, type Crossing } from './desks.ts'

/** Items of requests as far as the test wants them: collected, refused, or landed on the far side. */
export interface Releasing {
  readonly crossing: Crossing
  /** A path in the request's folder. */
  inRequest(...steps: string[]): string
  /** Writes files below the request's folder. */
  lay(files: Readonly<Record<string, string | Buffer>>): Promise<void>
  /** The items of the waybill that a collect made. */
  collected(items: readonly string[], words?: readonly string[]): Promise<Item[]>
  /** The failure of a collect, which must fail. */
  refused(items: readonly string[]): Promise<{ readonly code: string; readonly facts: object }>
  /** Carries items to the high desk, has them accepted, and exports them into a folder. */
  landed(items: readonly string[], name: string): Promise<string>
}

/** A crossing with an empty folder for requests. */
export async function openReleasing(): Promise<Releasing> {
  const crossing = await makeCrossing()
  const { clock, low, high } = crossing
  const inRequest = (...steps: string[]): string => join(crossing.folder, 'request', ...steps)
  await mkdir(inRequest(), { recursive: true })
  return {
    crossing,
    inRequest,
    async lay(files) {
      for (const [path, content] of Object.entries(files)) {
        await mkdir(dirname(inRequest(path)), { recursive: true })
        await writeFile(inRequest(path), content)
      }
    },
    async collected(items, words = []) {
      const request = await writeRequest(crossing, items)
      const { id } = await done(['collect', request, '--desk', low, ...words], clock)
      const folder = join(low, 'consignments', id)
      const name = (await readdir(folder)).find((one) => one.startsWith('waybill-')) ?? ''
      return (JSON.parse(await readFile(join(folder, name), 'utf8')) as { items: Item[] }).items
    },
    async refused(items) {
      const ended = await sallyport(['collect', await writeRequest(crossing, items), '--desk', low], clock)
      if (ended.code !== 1) throw new Error(`not refused: ${ended.stdout}`)
      return ended.json.failure
    },
    async landed(items, name) {
      const id = await release(crossing, await writeRequest(crossing, items))
      const verified = await done(['verify', await writeTo(crossing, id, name), '--desk', high], clock)
      if (verified.outcome !== 'passed') throw new Error(JSON.stringify(verified))
      await decideBoth(crossing, verified.id, 'accept')
      const out = join(crossing.folder, `${name}-out`)
      await done(['export', verified.id, '--desk', high, '--to', `dir:${out}`], clock)
      return out
    },
  }
}

/** Codes and subjects of what the signers are told of an item. */
export const findingsOf = (item: Item | undefined): string[] =>
  (item?.findings ?? []).map(({ code, subject }) => `${code} ${subject}`)
