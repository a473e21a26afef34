import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Parts, Reading } from '../archive/bytes.ts'
import { haulChunks } from './haul-chunks.ts'
import type { Joined, Joiner, PartPlace } from './part-place.ts'
import { zarfParts } from './zarf-parts.ts'

const joiners: readonly Joiner[] = [zarfParts]

/**
 * The whole of which a file is a part.
 *
 * @param path of any of its files
 * @param isTar whether some bytes are a tar once they are unpacked
 * @returns the file alone, where it is no part of anything
 * @throws ArchiveProblem `part-missing`, `part-extra`, `part-size`, `part-order`, `truncated`; Failure `file-unreadable`
 */
export async function joined(
  path: string,
  name: string,
  reading: Reading,
  isTar: (parts: Parts, reading: Reading) => Promise<boolean>,
): Promise<Joined> {
  const folder = dirname(path)
  const pathOf = (one: string): string => join(folder, one)
  const place: PartPlace = {
    name: basename(path),
    pathOf,
    beside: () => readdir(folder),
    sizeOf: async (one) => (await stat(pathOf(one))).size,
  }
  for (const join of joiners) {
    const found = await join(place, reading)
    if (found !== null) return found
  }
  const chunks = await haulChunks(path, (parts) => isTar(parts, reading), reading)
  return { ...(chunks ?? { name, paths: [path] }), opened: (open) => open() }
}
