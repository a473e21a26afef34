import { randomBytes } from 'node:crypto'
import { open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { hexOf, isDigest, type Digest } from '../../shared/digest.ts'
import { diskFailure, Failure } from '../platform/failure.ts'
import { flushFile, flushFolder, makeFolder, readCapped } from '../platform/files.ts'
import { digestOf } from '../platform/hash.ts'

/**
 * A folder of content named by what it is: `blobs/sha256/<hex>`. The desk's store is one, each quarantine is another.
 * What is not finished ends in `.part` or `.half` and is never taken for content.
 */
export interface Blobs {
  readonly folder: string
  path(digest: Digest): string
  partPath(digest: Digest): string
  /** Where a blob grows that is fetched: what came of it may wait for the next try. */
  halfPath(digest: Digest): string
  /** Bytes, or `null` where there is no such blob. */
  size(digest: Digest): Promise<number | null>
  /**
   * A whole blob of at most `most` bytes, hashed again.
   *
   * @throws Failure `content-damaged`, `file-unreadable`, `file-too-large`
   */
  read(digest: Digest, most: number): Promise<Buffer>
  putBytes(bytes: Uint8Array): Promise<{ digest: Digest; size: number }>
  /** The `.part` was hashed as it was written: it gets its name. */
  keepPart(digest: Digest): Promise<void>
  /** A thread has given a `.part` its name: it is flushed with the rest. */
  kept(digest: Digest): void
  list(): Promise<Digest[]>
  /** What waits to be fetched further. */
  halves(): Promise<Digest[]>
  removeHalf(digest: Digest): Promise<void>
  remove(digest: Digest): Promise<void>
  /** Puts everything that was kept since the last flush safely on the disc, and the folder. */
  flush(): Promise<void>
  discardParts(): Promise<void>
}

/** Files that an eager folder flushes at the same time. */
const eagerLanes = 3

function digestsIn(names: readonly string[]): Digest[] {
  return names
    .map((name) => `sha256:${name}`)
    .filter(isDigest)
    .sort()
}

class FolderOfBlobs implements Blobs {
  readonly folder: string
  private readonly place: string
  private readonly unflushed = new Set<Digest>()
  private readonly eager: boolean
  private readonly flushing = new Set<Promise<void>>()
  private flushError: unknown = null

  constructor(folder: string, eager: boolean) {
    this.folder = folder
    this.eager = eager
    this.place = join(folder, 'blobs', 'sha256')
  }

  path(digest: Digest): string {
    // A digest becomes a path here and nowhere else: the type is not enough for what came from outside.
    if (!isDigest(digest))
      throw new Failure('algorithm-refused', { subject: 'Content', found: 'another digest' })
    return join(this.place, hexOf(digest))
  }

  partPath(digest: Digest): string {
    return `${this.path(digest)}.part`
  }

  halfPath(digest: Digest): string {
    return `${this.path(digest)}.half`
  }

  async size(digest: Digest): Promise<number | null> {
    const found = await stat(this.path(digest)).catch(() => null)
    return found?.isFile() === true ? found.size : null
  }

  async read(digest: Digest, most: number): Promise<Buffer> {
    const bytes = await readCapped(this.path(digest), most)
    const found = digestOf(bytes)
    if (found !== digest) {
      throw new Failure('content-damaged', { subject: digest, expected: digest, found })
    }
    return bytes
  }

  async putBytes(bytes: Uint8Array): Promise<{ digest: Digest; size: number }> {
    const digest = digestOf(bytes)
    const path = this.path(digest)
    if ((await this.size(digest)) === bytes.byteLength) return { digest, size: bytes.byteLength }
    const part = `${path}.${randomBytes(6).toString('hex')}.part`
    try {
      const handle = await open(part, 'wx', 0o600)
      try {
        await handle.writeFile(bytes)
      } finally {
        await handle.close()
      }
      await rename(part, path)
    } catch (error) {
      await rm(part, { force: true })
      throw diskFailure(error, path)
    }
    this.note(digest)
    return { digest, size: bytes.byteLength }
  }

  async keepPart(digest: Digest): Promise<void> {
    await rename(this.partPath(digest), this.path(digest)).catch((error: unknown) => {
      throw diskFailure(error, this.path(digest))
    })
    this.note(digest)
  }

  kept(digest: Digest): void {
    this.note(digest)
  }

  async list(): Promise<Digest[]> {
    return digestsIn(await readdir(this.place))
  }

  async halves(): Promise<Digest[]> {
    const names = await readdir(this.place)
    return digestsIn(
      names.flatMap((name) => (name.endsWith('.half') ? [name.slice(0, -'.half'.length)] : [])),
    )
  }

  async removeHalf(digest: Digest): Promise<void> {
    await rm(this.halfPath(digest), { force: true })
  }

  async remove(digest: Digest): Promise<void> {
    this.unflushed.delete(digest)
    await rm(this.path(digest), { force: true })
  }

  // An eager folder begins with flushing while more content comes in, a few files at a time.
  private note(digest: Digest): void {
    this.unflushed.add(digest)
    if (!this.eager || this.flushing.size >= eagerLanes) return
    this.unflushed.delete(digest)
    const run: Promise<void> = flushFile(this.path(digest)).then(
      () => void this.flushing.delete(run),
      (error: unknown) => {
        // The kernel tells a write error only once: it must not be lost.
        this.flushError ??= error
        this.flushing.delete(run)
      },
    )
    this.flushing.add(run)
  }

  async flush(): Promise<void> {
    const waiting = [...this.unflushed]
    const lane = async (): Promise<void> => {
      for (let digest = waiting.pop(); digest !== undefined; digest = waiting.pop()) {
        await flushFile(this.path(digest))
        this.unflushed.delete(digest)
      }
    }
    try {
      await Promise.all([...this.flushing, ...Array.from({ length: 8 }, lane)])
      if (this.flushError !== null) throw this.flushError as Error
      await flushFolder(this.place)
    } catch (error) {
      throw diskFailure(error, this.place)
    }
  }

  async discardParts(): Promise<void> {
    for (const name of await readdir(this.place)) {
      if (name.endsWith('.part')) await rm(join(this.place, name), { force: true, recursive: true })
    }
  }
}

/**
 * Opens the folder of blobs below `folder`, making it where it is missing. An `eager` one begins with flushing while
 * more content comes in, so that the flush before the record that names it has little left to do.
 */
export async function openBlobs(folder: string, eager = false): Promise<Blobs> {
  await makeFolder(join(folder, 'blobs', 'sha256'))
  return new FolderOfBlobs(folder, eager)
}
