import { createHash } from 'node:crypto'
import type { Digest } from '../../shared/digest.ts'
import { limits } from '../platform/limits.ts'
import { peeked } from './bytes.ts'
import { compressionOf, decompressed } from './decompress.ts'
import { ArchiveProblem } from './problem.ts'
import { tarEntries, type TarEntry } from './tar.ts'
import type { TreeFile, TreeLink } from './tree.ts'
import type { Wanted } from './wanted.ts'

/** What going through a tar gathers. */
export interface Gathered {
  readonly files: Map<string, TreeFile>
  readonly folders: Set<string>
  readonly links: Map<string, TreeLink>
  /** Documents that were kept, by path. */
  readonly kept: Map<string, Buffer>
  /** Where a file's bytes begin in the tar, by path; only for those of the outermost one. */
  readonly places: Map<string, number>
}

export const nothingGathered = (): Gathered => ({
  files: new Map(),
  folders: new Set(),
  links: new Map(),
  kept: new Map(),
  places: new Map(),
})

// Of these something may have to be read: documents, by what they begin with or are called, and whatever is tiny.
const documents = /(\.(ya?ml|json|txt|prov|sig|tpl|lock)|\/link|\/values\/[^/]+)$/i
const tiny = 4096

/** Bytes that are asked for piece by piece; nothing has to be closed. */
type Bytes = AsyncIterator<Buffer, undefined>

/** One going through. */
export class TarWalk {
  readonly gathered = nothingGathered()
  private readonly wanted: Wanted
  private keptBytes = 0
  private unpacked = 0
  private entries = 0

  constructor(wanted: Wanted) {
    this.wanted = wanted
  }

  /** @throws ArchiveProblem */
  async go(bytes: AsyncIterable<Buffer>, within: string | null = null, depth = 1): Promise<void> {
    for await (const entry of tarEntries(bytes)) await this.take(entry, within, depth)
  }

  private async take(entry: TarEntry, within: string | null, depth: number): Promise<void> {
    this.entries += 1
    if (this.entries > limits.archiveEntries) {
      const expected = `at most ${limits.archiveEntries} entries, archives in it included`
      throw new ArchiveProblem('too-many', { subject: 'the archive', expected, found: 'more' })
    }
    const path = within === null ? entry.path : `${within}/${entry.path}`
    const { files, folders, links } = this.gathered
    if (entry.kind === 'folder') {
      if (files.has(path) || links.has(path)) throw twice(path)
      folders.add(path)
      return
    }
    if (path === '' || files.has(path) || links.has(path) || folders.has(path)) throw twice(path)
    if (entry.kind === 'file') await this.file(entry, path, within, depth)
    else links.set(path, { path, kind: entry.kind, target: entry.target, within })
  }

  private async file(entry: TarEntry, path: string, within: string | null, depth: number): Promise<void> {
    this.unpacked += entry.size
    if (this.unpacked > limits.archiveBytes) {
      const expected = `at most ${limits.archiveBytes} bytes in all`
      throw new ArchiveProblem('too-large', { subject: path, expected, found: 'more' })
    }
    if (within === null && entry.place !== null) this.gathered.places.set(path, entry.place)
    const hash = createHash('sha256')
    let first: number | null = null
    const body = entry.body[Symbol.asyncIterator]()
    const bytes: Bytes = {
      async next() {
        const next = await body.next()
        if (next.done !== true) {
          first ??= next.value[0] ?? null
          hash.update(next.value)
        }
        return next
      },
    }
    if (this.wanted.isArchive(path, this.gathered.files)) await this.inside(bytes, path, depth)
    else await this.keep(bytes, path, entry.size)
    // Whatever was not asked for is hashed all the same.
    while ((await bytes.next()).done !== true);
    const digest: Digest = `sha256:${hash.digest('hex')}`
    this.gathered.files.set(path, { path, size: entry.size, digest, first, within })
  }

  private async inside(bytes: Bytes, path: string, depth: number): Promise<void> {
    if (depth >= limits.archiveDepth) {
      const expected = `archives in archives to ${limits.archiveDepth} levels`
      throw new ArchiveProblem('too-deep', { subject: path, expected, found: 'more' })
    }
    // What is wrong with the archive around it is not said of this one.
    let around: unknown
    const watched: Bytes = {
      next: () =>
        bytes.next().catch((error: unknown) => {
          around = error
          throw error
        }),
    }
    try {
      const { head, whole } = await peeked({ [Symbol.asyncIterator]: () => watched })
      await this.go(decompressed(whole, compressionOf(head)), path, depth + 1)
    } catch (error) {
      if (!(error instanceof ArchiveProblem) || error === around) throw error
      const { reason, expected, found } = error
      const subject = error.subject.startsWith(path) ? error.subject : `${path}: ${error.subject}`
      throw new ArchiveProblem(reason, { subject, expected, found })
    }
  }

  private isDocument(path: string): boolean {
    return documents.test(path) || this.wanted.isDocument(path)
  }

  private async keep(bytes: Bytes, path: string, size: number): Promise<void> {
    if (size > limits.archiveDocumentBytes || this.keptBytes + size > limits.archiveKeptBytes) return
    const pieces: Buffer[] = []
    for (let next = await bytes.next(); next.done !== true; next = await bytes.next()) {
      const wanted =
        size <= tiny || this.isDocument(path) || /^[[{]/.test(next.value.toString('latin1', 0, 1))
      if (pieces.length === 0 && !wanted) return
      pieces.push(next.value)
    }
    this.keptBytes += size
    this.gathered.kept.set(path, Buffer.concat(pieces))
  }
}

function twice(path: string): ArchiveProblem {
  const expected = 'each path once'
  return new ArchiveProblem('entry-twice', { subject: path, expected, found: 'two entries of one path' })
}
