import { createHash } from 'node:crypto'
import { lstat, opendir } from 'node:fs/promises'
import { join } from 'node:path'
import { causeOf, Failure } from '../platform/failure.ts'
import { readCapped, readThrough, type Through } from '../platform/files.ts'
import { digestOf } from '../platform/hash.ts'
import { limits } from '../platform/limits.ts'
import { bytesOf, type Reading } from './bytes.ts'
import { giveAgain } from './held.ts'
import { ArchiveProblem } from './problem.ts'
import { insidePath } from './tar.ts'
import type { Tree, TreeFile, TreeLink, Use } from './tree.ts'

class FolderTree implements Tree {
  readonly container = 'folder'
  readonly digest = null
  readonly name: string
  readonly files = new Map<string, TreeFile>()
  readonly folders = new Set<string>()
  readonly links = new Map<string, TreeLink>()
  size = 0
  private readonly folder: string
  private readonly reading: Reading

  constructor(name: string, folder: string, reading: Reading) {
    this.name = name
    this.folder = folder
    this.reading = reading
  }

  private known(path: string): TreeFile {
    const file = this.files.get(path)
    if (file !== undefined) return file
    throw new Failure('not-found', { subject: `${path} in ${this.name}`, status: 0 })
  }

  async read(path: string, most: number): Promise<Buffer> {
    const { digest } = this.known(path)
    const bytes = await readCapped(join(this.folder, path), most)
    const found = digestOf(bytes)
    if (found === digest) return bytes
    throw new ArchiveProblem('changing', { subject: path, expected: digest, found })
  }

  rangeOf(path: string): ReturnType<Tree['rangeOf']> {
    const file = this.files.get(path)
    return file === undefined ? null : { path: join(this.folder, path), position: 0, size: file.size }
  }

  lend<Found>(path: string, use: (through: Through) => Promise<Found>): Promise<Found> {
    this.known(path)
    // Whoever reads a blob hashes it, and holds that against its name.
    return use((take) => readThrough(join(this.folder, path), take, this.reading.signal))
  }

  async lendEach(paths: ReadonlySet<string>, use: Use): Promise<void> {
    for (const path of paths) {
      const bytes = bytesOf({ paths: [join(this.folder, path)] }, this.reading)
      await giveAgain(this.known(path), bytes, use).finally(() => bytes.return(undefined))
    }
  }

  /** @throws ArchiveProblem, Failure */
  async walk(below = ''): Promise<void> {
    for await (const { name } of await opendir(join(this.folder, below))) {
      const path = insidePath(below === '' ? name : `${below}/${name}`)
      if (this.files.size + this.folders.size + this.links.size >= limits.archiveEntries) {
        const expected = `at most ${limits.archiveEntries} entries`
        throw new ArchiveProblem('too-many', { subject: this.name, expected, found: 'more' })
      }
      const found = await lstat(join(this.folder, path))
      if (found.isSymbolicLink()) {
        this.links.set(path, { path, kind: 'symlink', target: '', within: null })
      } else if (found.isDirectory()) {
        this.folders.add(path)
        await this.walk(path)
      } else if (found.isFile()) await this.take(path, found.size)
      else {
        const about = { subject: path, expected: 'a file, folder or link', found: 'a device or pipe' }
        throw new ArchiveProblem('device', about)
      }
    }
  }

  private async take(path: string, size: number): Promise<void> {
    const hash = createHash('sha256')
    let first: number | null = null
    const through = (piece: Buffer): void => {
      first ??= piece[0] ?? null
      hash.update(piece)
      this.reading.advance(piece.length)
    }
    await readThrough(join(this.folder, path), through, this.reading.signal)
    this.size += size
    this.files.set(path, { path, size, digest: `sha256:${hash.digest('hex')}`, first, within: null })
  }
}

/**
 * Goes through a folder once: every file in it is hashed. Links are noted and never followed.
 *
 * @param name as failures name it
 * @throws ArchiveProblem; Failure `file-unreadable`, `cancelled`
 */
export async function openFolderTree(name: string, folder: string, reading: Reading): Promise<Tree> {
  const tree = new FolderTree(name, folder, reading)
  try {
    await tree.walk()
  } catch (error) {
    if (error instanceof Failure || error instanceof ArchiveProblem) throw error
    throw new Failure('file-unreadable', { path: name, found: causeOf(error) }, error)
  }
  return tree
}
