import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { Failure } from '../platform/failure.ts'
import { readThrough, type Through } from '../platform/files.ts'
import { digestOf } from '../platform/hash.ts'
import { bytesOf, type Reading } from './bytes.ts'
import { giveAgain } from './held.ts'
import { ArchiveProblem } from './problem.ts'
import type { Tree } from './tree.ts'

/**
 * A file that is no archive which is read, as a tree of one: its own name leads to it.
 *
 * @param paths of its parts, mostly one
 * @throws Failure `file-unreadable`, `cancelled`
 */
export async function openFileTree(name: string, paths: readonly string[], reading: Reading): Promise<Tree> {
  const through: Through = async (take) => {
    for (const path of paths) await readThrough(path, take, reading.signal)
  }
  const hash = createHash('sha256')
  let size = 0
  let first: number | null = null
  await through((piece) => {
    first ??= piece[0] ?? null
    hash.update(piece)
    size += piece.length
    reading.advance(piece.length)
  })
  const digest = `sha256:${hash.digest('hex')}` as const
  const known = (asked: string): void => {
    if (asked !== name) throw new Failure('not-found', { subject: `${asked} in ${name}`, status: 0 })
  }
  const read = async (asked: string, most: number): Promise<Buffer> => {
    known(asked)
    if (size > most) throw new Failure('file-too-large', { path: name, expected: most })
    const pieces: Buffer[] = []
    await through((piece) => void pieces.push(Buffer.from(piece)))
    const bytes = Buffer.concat(pieces)
    const found = digestOf(bytes)
    if (found === digest) return bytes
    throw new ArchiveProblem('changing', { subject: name, expected: digest, found })
  }
  const only = { path: name, size, digest, first, within: null }
  const tree: Tree = {
    ...{ name, size, digest, container: 'file', read, parts: paths.map((one) => basename(one)) },
    files: new Map([[name, only]]),
    folders: new Set(),
    links: new Map(),
    document: async (asked, most) => (size > most ? null : read(asked, most)),
    whole: () => bytesOf({ paths }, reading),
    goInto: () => Promise.resolve(tree),
    rangeOf: (asked) => {
      const [path, ...more] = paths
      return asked !== name || path === undefined || more.length > 0 ? null : { path, position: 0, size }
    },
    lend: (asked, use) => {
      known(asked)
      return use(through)
    },
    lendEach: async (wanted, use) => {
      for (const asked of wanted) {
        known(asked)
        const bytes = bytesOf({ paths }, reading)
        await giveAgain(only, bytes, use).finally(() => bytes.return(undefined))
      }
    },
  }
  return tree
}
