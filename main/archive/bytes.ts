import { Failure, causeOf } from '../platform/failure.ts'
import { openRegular } from '../platform/regular.ts'
import { ArchiveProblem } from './problem.ts'

const pieceSize = 256 * 1024

/** How reading is stopped, and told of. */
export interface Reading {
  readonly signal: AbortSignal
  /** Bytes of the file itself, not of what they unpack to. */
  advance(bytes: number): void
}

/** Where bytes lie: one file after the other, as one. */
export interface Parts {
  readonly paths: readonly string[]
  /** Of the whole; what comes before is not read. */
  readonly from?: number
  /** Bytes; to the end where it is not said. */
  readonly size?: number
}

/**
 * The bytes of files, one behind the other. Each piece is new memory, so whoever takes it may keep it.
 *
 * @throws Failure `file-unreadable`, `cancelled`; ArchiveProblem `changing`
 */
export async function* bytesOf(parts: Parts, reading: Reading): AsyncGenerator<Buffer> {
  const { paths, from = 0, size = Infinity } = parts
  let skip = from
  let left = size
  for (const path of paths) {
    const { file, size: whole } = await openRegular(path)
    try {
      let at = Math.min(skip, whole)
      skip -= at
      while (left > 0) {
        if (reading.signal.aborted) throw new Failure('cancelled')
        const piece = Buffer.allocUnsafe(Math.min(pieceSize, left))
        const { bytesRead } = await file.read(piece, 0, piece.length, at)
        if (bytesRead === 0) break
        at += bytesRead
        left -= bytesRead
        if (at > whole) {
          const about = {
            subject: path,
            expected: 'a file that stays as it is',
            found: 'it changes while it is read',
          }
          throw new ArchiveProblem('changing', about)
        }
        reading.advance(bytesRead)
        yield piece.subarray(0, bytesRead)
      }
    } catch (error) {
      if (error instanceof Failure || error instanceof ArchiveProblem) throw error
      throw new Failure('file-unreadable', { path, found: causeOf(error) }, error)
    } finally {
      await file.close()
    }
  }
}

/** Bytes that are gone through once; whoever stops before their end calls `close`. */
export interface Whole extends AsyncIterable<Buffer> {
  close(): Promise<void>
}

/** The first piece of some bytes, and all of them from the beginning. */
export async function peeked(
  bytes: AsyncIterable<Buffer>,
): Promise<{ readonly head: Buffer; readonly whole: Whole }> {
  const input = bytes[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>
  const first = await input.next()
  let given = false
  // No generator: one that nobody began does not let go of the file when it is ended.
  const iterator: AsyncIterator<Buffer, undefined> = {
    next: () => {
      if (given || first.done === true) return input.next()
      given = true
      return Promise.resolve(first)
    },
    return: async () => {
      await input.return?.()
      return { done: true, value: undefined }
    },
  }
  const head = first.done === true ? Buffer.alloc(0) : first.value
  const close = async (): Promise<void> => {
    await input.return?.()
  }
  return { head, whole: { [Symbol.asyncIterator]: () => iterator, close } }
}
