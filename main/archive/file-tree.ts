import { createHash } from 'node:crypto'
import { Failure } from '../platform/failure.ts'
import { readCapped, readThrough } from '../platform/files.ts'
import { digestOf } from '../platform/hash.ts'
import { bytesOf, type Reading } from './bytes.ts'
import { giveAgain } from './held.ts'
import { ArchiveProblem } from './problem.ts'
import type { Tree } from './tree.ts'

/**
 * A file that is no archive which is read, as a tree of one: its own name leads to it.
 *
 * @throws Failure `file-unreadable`, `cancelled`
 */
export async function openFileTree(name: string, path: string, reading: Reading): Promise<Tree> {
  const hash = createHash('sha256')
  let size = 0
  let first: number | null = null
  const take = (piece: Buffer): void => {
    first ??= piece[0] ?? null
    hash.update(piece)
    size += piece.length
    reading.advance(piece.length)
  }
  await readThrough(path, take, reading.signal)
  const digest = `sha256:${hash.digest('hex')}` as const
  const known = (asked: string): void => {
    if (asked !== name) throw new Failure('not-found', { subject: `${asked} in ${name}`, status: 0 })
  }
  const only = { path: name, size, digest, first, within: null }
  return {
    ...{ name, size, digest, container: 'file' },
    files: new Map([[name, only]]),
    folders: new Set(),
    links: new Map(),
    read: async (asked, most) => {
      known(asked)
      const bytes = await readCapped(path, most)
      const found = digestOf(bytes)
      if (found === digest) return bytes
      throw new ArchiveProblem('changing', { subject: name, expected: digest, found })
    },
    rangeOf: (asked) => (asked === name ? { path, position: 0, size } : null),
    lend: (asked, use) => {
      known(asked)
      return use((taken) => readThrough(path, taken, reading.signal))
    },
    lendEach: async (paths, use) => {
      for (const asked of paths) {
        known(asked)
        const bytes = bytesOf({ paths: [path] }, reading)
        await giveAgain(only, bytes, use).finally(() => bytes.return(undefined))
      }
    },
  }
}
