import { createHash } from 'node:crypto'
import { read, write, writeSync } from 'node:fs'

/** Bytes that are read or written at once. */
const block = 1024 * 1024
/** Below this, handing a write to another thread costs more than the write. */
const small = 64 * 1024

function writeAll(file: number, bytes: Uint8Array, position: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const from = (at: number): void =>
      write(file, bytes, at, bytes.length - at, position + at, (error, written) => {
        if (error !== null) reject(error)
        else if (at + written < bytes.length) from(at + written)
        else resolve()
      })
    from(0)
  })
}

function readInto(file: number, buffer: Buffer, length: number, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(file, buffer, 0, length, position, (error, found) => {
      if (error === null) resolve(found)
      else reject(error)
    })
  })
}

/**
 * A file that is hashed as it is written: the disc takes the very bytes that are being hashed, at the same time. One
 * `put` after the other.
 */
export class HashedFile {
  /** Bytes that were put so far; the next ones go behind them. */
  size = 0
  private readonly file: number
  private readonly hash = createHash('sha256')

  /** @param file open for writing; the caller closes it, when no `put` runs */
  constructor(file: number) {
    this.file = file
  }

  /**
   * Takes the next bytes. They belong to this until it resolves.
   *
   * @throws the system's error
   */
  async put(bytes: Uint8Array): Promise<void> {
    if (bytes.length < small) {
      this.hash.update(bytes)
      for (let at = 0; at < bytes.length;) {
        at += writeSync(this.file, bytes, at, bytes.length - at, this.size + at)
      }
    } else {
      const written = writeAll(this.file, bytes, this.size)
      this.hash.update(bytes)
      await written
    }
    this.size += bytes.length
  }

  /** Lower-case hex of the SHA-256 of all that was put. Ends the hash. */
  digest(): string {
    return this.hash.digest('hex')
  }
}

/** Reads files block by block, and the next block while one is taken; one file after the other. */
export class BlockReader {
  private now = Buffer.allocUnsafe(block)
  private next = Buffer.allocUnsafe(block)

  /**
   * Gives the bytes of a file from `position` on. A block belongs to `take` until that resolves.
   *
   * @param most bytes; `null`: to the end of the file
   * @param take resolves to whether it wants more
   * @returns bytes that were given; fewer than `most` where the file ends before
   * @throws the system's error, or what `take` throws; nothing is being read any more then
   */
  async each(
    file: number,
    position: number,
    most: number | null,
    take: (bytes: Buffer) => Promise<boolean>,
  ): Promise<number> {
    let given = 0
    const read = (into: Buffer): Promise<number> => {
      const length = most === null ? block : Math.min(block, most - given)
      return length === 0 ? Promise.resolve(0) : readInto(file, into, length, position + given)
    }
    let reading = read(this.now)
    for (;;) {
      const found = await reading
      if (found === 0) return given
      given += found
      const ahead = read(this.next)
      reading = ahead
      try {
        if (!(await take(this.now.subarray(0, found)))) return given
      } finally {
        // The file and the block are free again whatever came of this; a failure is met when its turn comes.
        await ahead.catch(() => 0)
      }
      ;[this.now, this.next] = [this.next, this.now]
    }
  }
}
