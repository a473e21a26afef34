import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Reason } from '../../../shared/reason.ts'
import { attackTables } from './all.ts'
import type { Attack } from './attack.ts'

/*
 * What is found in each attack, in the words that people read. Many attacks share one reason: only the words tell that
 * an attack was refused for its own flaw, and not for another one that stood before it.
 */

/** The words by table and attack; `write-found.ts` writes them. */
export const foundFile = join(import.meta.dirname, 'found.json')

/** The words without what differs from run to run: digests, keys, places and sizes. */
export const wordsOf = ({ found }: Pick<Reason, 'found'>): string =>
  found
    .replaceAll(/[A-Za-z0-9+/]{40,}={0,2}|\b[0-9a-f]{8}\b|[0-9a-f]{16,}/g, '…')
    .replaceAll(/position \d+/g, 'position …')
    .replaceAll(/\d{5,} bytes/g, '… bytes')
    // A signature of ECDSA is of 70 to 72 bytes, as it falls.
    .replace(/^\d+ bytes that/, '… bytes that')

type Words = readonly (readonly [name: string, found: string])[]
// As pairs: an attack may be called `__proto__`.
const written = JSON.parse(readFileSync(foundFile, 'utf8')) as Readonly<Record<string, Words>>

/** What is to be found in each attack of a table, by its name. */
export function foundIn(attacks: readonly Attack[]): ReadonlyMap<string, string> {
  const [name = ''] = Object.entries(attackTables).find(([, table]) => table === attacks) ?? []
  return new Map(written[name] ?? [])
}
