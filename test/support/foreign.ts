import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { exitCodes } from '../../shared/verdict.ts'
import type { Looked } from '../../shared/look.ts'
import { sallyport, testClock } from './command-line.ts'

/* Archives that other tools made, and damaged ones; they lie beside a checkout, never in it. */

const folder = join(import.meta.dirname, '..', '..', '..', 'shared', 'fixtures', 'foreign')
export const hasForeign = existsSync(join(folder, 'expect.json'))

/** What an archive is said to hold, and what must come of looking at it. */
export interface Expected {
  readonly file: string
  readonly format: string
  readonly verdict: string
  readonly why?: string
  readonly content?: {
    readonly images?: readonly { readonly digest?: string; readonly config?: string }[]
    readonly [other: string]: unknown
  }
}

/** All that is said of the archives: whole ones, and damaged ones. */
export function expectations(): {
  readonly archives: readonly Expected[]
  readonly broken: readonly Expected[]
} {
  if (!hasForeign) return { archives: [], broken: [] }
  return JSON.parse(readFileSync(join(folder, 'expect.json'), 'utf8')) as ReturnType<typeof expectations>
}

/** Where an archive lies. Parts of a split package lie in a folder of their own. */
export const foreign = (file: string): string =>
  join(folder, file.startsWith('extra:') ? join('split', file.slice('extra:'.length)) : file)

/** Looks at something, as the command line does. */
export async function looked(path: string, keys: readonly string[] = []): Promise<Looked> {
  // Later than the newest of the archives was signed.
  const clock = testClock('2026-12-01T09:00:00Z')
  const { json, code } = await sallyport(['look', path, ...keys.flatMap((key) => ['--key', key])], clock)
  const found = json as unknown as Looked
  if (code !== exitCodes[found.outcome]) throw new Error(`exit ${code} for ${found.outcome}`)
  return found
}

/** What failed, as ids and reasons. */
export const reasonsOf = ({ checks }: Looked): string[][] =>
  checks.filter(({ result }) => result === 'fail').map(({ id, reason }) => [id, reason])
