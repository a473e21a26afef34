import { createHash, randomBytes } from 'node:crypto'
import { mkdir, open, realpath, rename, rm, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Digest } from '../../shared/digest.ts'
import { Failure, causeOf, diskFailure } from './failure.ts'
import { openRegular } from './regular.ts'

/** Flushes a folder's entries to disc. A no-op on Windows, which has no such call. */
export async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Flushes a file's bytes to disc. */
export async function flushFile(path: string): Promise<void> {
  const handle = await open(path, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/**
 * Writes a record so that after a crash it is either whole or as before: a temporary file beside it, flushed,
 * renamed, and the folder flushed.
 *
 * @throws Failure `disk-full`, `disk-failed`
 */
export async function writeRecord(path: string, bytes: Uint8Array | string, mode = 0o600): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    const handle = await open(temporary, 'wx', mode)
    try {
      await handle.writeFile(bytes)
      // The umask is stricter than what some records need; file systems without modes refuse, which is fine.
      await handle.chmod(mode).catch(() => undefined)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, path)
    await flushFolder(dirname(path))
  } catch (error) {
    await rm(temporary, { force: true })
    throw diskFailure(error, path)
  }
}

/** Makes a folder and those above it, for the owner alone. */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw diskFailure(error, path)
  })
}

async function readAll(handle: FileHandle, path: string, size: number, most: number): Promise<Buffer> {
  if (size > most) throw new Failure('file-too-large', { path, expected: most })
  // One byte more than it had: the file may grow, or lie about its size.
  const buffer = Buffer.alloc(size + 1)
  let length = 0
  while (length < buffer.length) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  if (length > size) throw changing(path)
  return buffer.subarray(0, length)
}

const changing = (path: string): Failure =>
  new Failure('file-unreadable', { path, found: 'it changes while it is read' })

/** A path with its links resolved. @throws Failure `file-unreadable` */
export async function realPath(path: string): Promise<string> {
  return realpath(path).catch((error: unknown) => {
    throw new Failure('file-unreadable', { path, found: causeOf(error) }, error)
  })
}

/**
 * Reads a regular file of at most `most` bytes. Links are not followed, devices and pipes are refused.
 *
 * @throws Failure `file-unreadable`, `file-too-large`
 */
export async function readCapped(path: string, most: number): Promise<Buffer> {
  const { file, size } = await openRegular(path)
  try {
    return await readAll(file, path, size, most)
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure('file-unreadable', { path, found: causeOf(error) }, error)
  } finally {
    await file.close()
  }
}

/** What a regular file begins with. @throws Failure `file-unreadable` */
export async function readHead(path: string, bytes: number): Promise<Buffer> {
  const { file } = await openRegular(path)
  try {
    const buffer = Buffer.alloc(bytes)
    const { bytesRead } = await file.read(buffer, 0, bytes, 0)
    return buffer.subarray(0, bytesRead)
  } catch (error) {
    throw new Failure('file-unreadable', { path, found: causeOf(error) }, error)
  } finally {
    await file.close()
  }
}

const pieceSize = 1024 * 1024

/** Gives a whole piece by piece, each time anew. What `take` is given is only good until it returns. */
export type Through = (take: (piece: Buffer) => void) => Promise<void>

/**
 * Reads a regular file of any size once, piece by piece, through one buffer: a stream makes a new one for each piece and takes
 * five times as long. What `take` is given is only good until it returns.
 *
 * @throws Failure `cancelled`, `file-unreadable`
 */
export async function readThrough(
  path: string,
  take: (piece: Buffer) => void,
  signal?: AbortSignal,
): Promise<void> {
  try {
    const { file, size } = await openRegular(path)
    try {
      const buffer = Buffer.allocUnsafe(pieceSize)
      for (let done = 0; ;) {
        signal?.throwIfAborted()
        const { bytesRead } = await file.read(buffer, 0, pieceSize, null)
        if (bytesRead === 0) return
        done += bytesRead
        // What it had when it was opened is all that is read of it.
        if (done > size) throw changing(path)
        take(buffer.subarray(0, bytesRead))
      }
    } finally {
      await file.close()
    }
  } catch (error) {
    if (error instanceof Failure) throw error
    if (signal?.aborted === true) throw new Failure('cancelled', {}, error)
    throw new Failure('file-unreadable', { path, found: causeOf(error) }, error)
  }
}

/** The digest of a regular file of any size, read once. @throws what `readThrough` throws */
export async function digestOfFile(path: string, signal?: AbortSignal): Promise<Digest> {
  const hash = createHash('sha256')
  await readThrough(path, (piece) => hash.update(piece), signal)
  return `sha256:${hash.digest('hex')}`
}
