import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import type { Digest } from '../../shared/digest.ts'
import { Failure } from '../platform/failure.ts'
import type { Through } from '../platform/files.ts'
import { bytesOf, peeked, type Parts, type Reading } from './bytes.ts'
import { compressionOf, decompressed, type Compression } from './decompress.ts'
import { giveAgain } from './held.ts'
import { limits } from '../platform/limits.ts'
import { ArchiveProblem } from './problem.ts'
import { tarEntries } from './tar.ts'
import type { Container, Tree, TreeFile, Use } from './tree.ts'
import { TarWalk, type Gathered } from './walk-tar.ts'
import type { Wanted } from './wanted.ts'

const containers: Readonly<Record<Compression, Container>> = { none: 'tar', gzip: 'tar.gz', zstd: 'tar.zst' }

/** What is needed to go through it once more. */
interface Again {
  readonly parts: Parts
  readonly reading: Reading
  readonly compression: Compression
  readonly wanted: Wanted
}

class TarTree implements Tree {
  readonly name: string
  readonly container: Container
  readonly size: number
  readonly digest: Digest
  private readonly gathered: Gathered
  private timesAgain = 0
  private readonly again: Again

  constructor(
    about: { readonly name: string; readonly size: number; readonly digest: Digest },
    gathered: Gathered,
    again: Again,
  ) {
    this.name = about.name
    this.size = about.size
    this.digest = about.digest
    this.container = containers[again.compression]
    this.gathered = gathered
    this.again = again
  }

  get parts(): readonly string[] {
    return this.again.parts.paths.map((path) => basename(path))
  }
  get files(): ReadonlyMap<string, TreeFile> {
    return this.gathered.files
  }
  get folders(): ReadonlySet<string> {
    return this.gathered.folders
  }
  get links(): Tree['links'] {
    return this.gathered.links
  }

  private known(path: string): TreeFile {
    const file = this.files.get(path)
    if (file !== undefined) return file
    throw new Failure('not-found', { subject: `${path} in ${this.name}`, status: 0 })
  }

  async read(path: string, most: number): Promise<Buffer> {
    const { size } = this.known(path)
    if (size > most) throw new Failure('file-too-large', { path, expected: most })
    const kept = this.gathered.kept.get(path)
    if (kept !== undefined) return kept
    const pieces: Buffer[] = []
    await this.lend(path, (through) => through((piece) => void pieces.push(Buffer.from(piece))))
    return Buffer.concat(pieces)
  }

  rangeOf(path: string): ReturnType<Tree['rangeOf']> {
    const { parts, compression } = this.again
    const [only, ...more] = parts.paths
    const position = this.gathered.places.get(path)
    const size = this.files.get(path)?.size
    if (only === undefined || more.length > 0 || compression !== 'none') return null
    return position === undefined || size === undefined ? null : { path: only, position, size }
  }

  async document(path: string, most: number): Promise<Buffer | null> {
    const { size } = this.known(path)
    const near =
      this.gathered.kept.has(path) ||
      (this.again.compression === 'none' && this.gathered.places.has(path)) ||
      size === 0
    return near && size <= most ? this.read(path, most) : null
  }

  whole(): AsyncIterable<Buffer> {
    const { parts, reading } = this.again
    return bytesOf(parts, reading)
  }

  goInto(more: Wanted): Promise<Tree> {
    const { parts, reading, wanted } = this.again
    const both: Wanted = {
      isArchive: (path, seen) => wanted.isArchive(path, seen) || more.isArchive(path, seen),
      isDocument: (path) => wanted.isDocument(path) || more.isDocument(path),
    }
    return openTarTree(this.name, parts, both, reading)
  }

  lend<Found>(path: string, use: (through: Through) => Promise<Found>): Promise<Found> {
    const file = this.known(path)
    const kept = this.gathered.kept.get(path)
    return use(async (take) => {
      if (kept !== undefined) {
        take(kept)
        return
      }
      const hash = createHash('sha256')
      for await (const piece of this.bytes(file)) {
        hash.update(piece)
        take(piece)
      }
      const found = `sha256:${hash.digest('hex')}`
      if (found !== file.digest) throw changed(path, file.digest, found)
    })
  }

  async lendEach(paths: ReadonlySet<string>, use: Use): Promise<void> {
    const { parts, reading, compression } = this.again
    const left = new Set(paths)
    for (const path of paths) {
      const kept = this.gathered.kept.get(path)
      if (kept === undefined && compression !== 'none') continue
      left.delete(path)
      const bytes = kept === undefined ? this.bytes(this.known(path)) : givenOf(kept)
      // Whoever gives up early closes the file.
      await giveAgain(this.known(path), bytes, use).finally(() => bytes.return(undefined))
    }
    if (left.size === 0) return
    for await (const { kind, path, body } of tarEntries(decompressed(bytesOf(parts, reading), compression))) {
      if (kind === 'file' && left.delete(path)) await giveAgain(this.known(path), body, use)
      if (left.size === 0) return
    }
    for (const path of left) throw changed(path, this.known(path).digest, 'nothing')
  }

  private async *bytes({ path, size, within, digest }: TreeFile): AsyncGenerator<Buffer> {
    const { parts, reading, compression } = this.again
    const place = this.gathered.places.get(path)
    if (compression === 'none' && place !== undefined) {
      yield* bytesOf({ paths: parts.paths, from: place, size }, reading)
      return
    }
    this.timesAgain += 1
    if (this.timesAgain > limits.archiveAgain) {
      const expected = `documents of at most ${limits.archiveKeptBytes} bytes together, and few more`
      throw new ArchiveProblem('too-many', { subject: path, expected, found: 'more' })
    }
    const outer = decompressed(bytesOf(parts, reading), compression)
    let found = false
    for await (const piece of within === null ? fileIn(outer, path) : nestedIn(outer, within, path)) {
      found = true
      yield piece
    }
    if (!found && size > 0) throw changed(path, digest, 'nothing')
  }
}

function changed(subject: string, expected: string, found: string): ArchiveProblem {
  return new ArchiveProblem('changing', { subject, expected, found })
}

async function* givenOf(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes
}

/** The bytes of one file of a tar, which is left as soon as it was given. */
async function* fileIn(tar: AsyncIterable<Buffer>, path: string): AsyncGenerator<Buffer> {
  for await (const entry of tarEntries(tar)) {
    if (entry.kind !== 'file' || entry.path !== path) continue
    yield* entry.body
    return
  }
}

/** The same of an archive within: its path, and those within it, are the beginning of the file's. */
async function* nestedIn(tar: AsyncIterable<Buffer>, within: string, path: string): AsyncGenerator<Buffer> {
  for await (const entry of tarEntries(tar)) {
    const whole = entry.path
    if (entry.kind !== 'file' || !(within === whole || within.startsWith(`${whole}/`))) continue
    const { head, whole: body } = await peeked(entry.body)
    const inner = decompressed(body, compressionOf(head))
    const below = path.slice(whole.length + 1)
    if (within === whole) yield* fileIn(inner, below)
    else yield* nestedIn(inner, within.slice(whole.length + 1), below)
    return
  }
}

/**
 * Goes through a tar once, whatever it is compressed with: every file in it is hashed, small documents are kept, and the
 * files of archives in it that are wanted are gone through as well.
 *
 * @param name as failures name it
 * @throws ArchiveProblem for what is no whole and unambiguous tar; Failure `file-unreadable`, `cancelled`
 */
export async function openTarTree(
  name: string,
  parts: Parts,
  wanted: Wanted,
  reading: Reading,
): Promise<Tree> {
  const hash = createHash('sha256')
  let size = 0
  const whole = async function* (): AsyncGenerator<Buffer> {
    for await (const piece of bytesOf(parts, reading)) {
      hash.update(piece)
      size += piece.length
      yield piece
    }
  }
  const { head, whole: rest } = await peeked(whole())
  const compression = compressionOf(head)
  const walk = new TarWalk(wanted)
  await walk.go(decompressed(rest, compression))
  const digest: Digest = `sha256:${hash.digest('hex')}`
  return new TarTree({ name, size, digest }, walk.gathered, { parts, reading, compression, wanted })
}
