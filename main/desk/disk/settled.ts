import { lstat } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import type { DeskFolder } from '../folder.ts'

/** Milliseconds between two looks. */
const between = 100
/** Looks in a row that must find the same before it is believed: more where somebody holds the lock and may be writing. */
const looks = { alone: 2, beside: 10 } as const

/**
 * Looks at a desk that somebody else may be writing to: between an event, its head and the files that are made from it
 * there are moments that are no damage. What is right is right at once; what is wrong must stay the same.
 *
 * @param wrongOf what is wrong with what was found, as a text; `null` when nothing is
 */
export async function settled<Found>(
  folder: DeskFolder,
  look: () => Promise<Found>,
  wrongOf: (found: Found) => string | null,
): Promise<Found> {
  let last: string | null = null
  for (let same = 1; ;) {
    const found = await look()
    const wrong = wrongOf(found)
    if (wrong === null) return found
    same = wrong === last ? same + 1 : 1
    last = wrong
    const held = (await lstat(folder.lock).catch(() => null)) !== null
    if (same >= (held ? looks.beside : looks.alone)) return found
    await pause(between)
  }
}
