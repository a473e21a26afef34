import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { CheckId } from '../../shared/text/checks.ts'
import { sallyport, type Said } from './command-line.ts'
import type { Crossing } from './desks.ts'

async function count(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isFile()).length
}

/** How many files lie in the high desk's store, without its quarantine. */
export async function storeSize(crossing: Crossing): Promise<number> {
  return count(join(crossing.high, 'store', 'blobs'))
}

/**
 * Verifies a path and expects it refused: by exactly this exit code, with a failing check of this id that says what
 * was expected, found and to do; the store untouched; the ledger one verdict longer.
 */
export async function expectRefused(
  crossing: Crossing,
  path: string,
  exit: number,
  id: CheckId,
): Promise<Said> {
  const before = await storeSize(crossing)
  const ended = await sallyport(['verify', path, '--desk', crossing.high], crossing.clock)
  const failed = ended.json.checks.filter((check) => check.result === 'fail')
  expect({ exit: ended.code, failed: failed.map((check) => check.id) }).toEqual({
    exit,
    failed: expect.arrayContaining([id]) as string[],
  })
  for (const check of failed) {
    for (const field of ['expected', 'found', 'means', 'next'] as const) expect(check[field]).not.toBe('')
  }
  // What failed somewhere is not said to be right everywhere.
  const everywhere = ended.json.checks.filter(
    ({ result, subject }) => result === 'pass' && subject.startsWith('all '),
  )
  for (const check of failed) expect(everywhere.map((one) => one.id)).not.toContain(check.id)
  expect(ended.json.outcome).not.toBe('passed')
  expect(await storeSize(crossing)).toBe(before)
  return ended.json
}

/** Refused before anything was parsed: no consignment, nothing in quarantine. */
export async function expectStopped(crossing: Crossing, path: string, id: CheckId): Promise<Said> {
  const quarantine = join(crossing.high, 'store', 'quarantine')
  const before = await count(quarantine)
  const said = await expectRefused(crossing, path, 3, id)
  expect(said.id).toBeUndefined()
  expect(await count(quarantine)).toBe(before)
  return said
}
