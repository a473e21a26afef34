import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Looked } from '../../shared/look.ts'
import { afterAll } from 'vitest'
import { openSession, type Session } from '../../main/desk/session.ts'
import { openGate } from '../../main/platform/network.ts'
import { testClock } from './command-line.ts'

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

let session: Session | null = null
afterAll(() => session?.close())

/** Looks at something through the contract; one session a file of tests, because its threads take time to start. */
export async function looked(path: string, keys: readonly string[] = []): Promise<Looked> {
  // Later than the newest of the archives was signed.
  session ??= openSession({ clock: testClock('2026-12-01T09:00:00Z'), network: openGate })
  const place = session.place(statSync(path).isDirectory() ? 'look-folder' : 'look', path)
  const what = statSync(path).isDirectory() ? { folder: place } : { file: place }
  const named = keys.map((key) => session?.place('key', key) ?? '')
  const started = await session.call('look.start', { what, keys: named, roots: [], plainHttp: false })
  const { result, failure } = await session.call('job.wait', { job: started.job })
  if (result === undefined) throw new Error(`${path}: ${failure?.happened ?? 'no result'}`)
  return result as Looked
}

/** What failed, as ids and reasons. */
export const reasonsOf = ({ checks }: Looked): string[][] =>
  checks.filter(({ result }) => result === 'fail').map(({ id, reason }) => [id, reason])
