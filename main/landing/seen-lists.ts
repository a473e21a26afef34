import { lstat, open } from 'node:fs/promises'
import { z } from 'zod'
import { zHex64 } from '../../shared/schema.ts'
import { causeOf } from '../platform/failure.ts'
import { readCapped } from '../platform/files.ts'
import { parseStrict } from '../platform/json.ts'
import { limits } from '../platform/limits.ts'
import type { Seen } from './gate.ts'

/*
 * Which lists a node has seen. The file is only ever added to, one line for each list that is newer: two gates that run at
 * the same time can never put the number back, as they could where one wrote over the other.
 */

const zLine = z.strictObject({ site: zHex64, sequence: z.number().int().min(1) })

/** Why the state is none: then nothing is admitted. */
export class StateError extends Error {}

function seenIn(text: string): Seen | null {
  let highest: Seen | null = null
  for (const line of text.split('\n')) {
    // A line that a crash cut off was never acted on: it is on the disc before anything is admitted.
    if (line === '' || (line.startsWith('{') && !line.endsWith('}'))) continue
    let seen: Seen
    try {
      seen = zLine.parse(parseStrict(Buffer.from(line), 10))
    } catch {
      throw new StateError('the state file holds something else than what was seen here')
    }
    if (highest !== null && highest.site !== seen.site)
      throw new StateError('the state file names several sites')
    if (highest === null || seen.sequence > highest.sequence) highest = seen
  }
  return highest
}

/** What was seen here; `null` before the first list. @throws StateError */
export async function readSeen(path: string): Promise<Seen | null> {
  try {
    await lstat(path)
    return seenIn((await readCapped(path, limits.smallFileBytes)).toString('utf8'))
  } catch (error) {
    if (error instanceof StateError) throw error
    if (causeOf(error) === 'ENOENT') return null
    throw new StateError(`the state file cannot be read: ${causeOf(error)}`)
  }
}

/** Keeps that a newer list was seen, on the disc before anything is admitted by it. @throws StateError */
export async function noteSeen(path: string, seen: Seen): Promise<void> {
  try {
    const file = await open(path, 'a', 0o600)
    try {
      await file.write(`\n${JSON.stringify({ site: seen.site, sequence: seen.sequence })}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
  } catch (error) {
    throw new StateError(`the state file cannot be written: ${causeOf(error)}`)
  }
}
