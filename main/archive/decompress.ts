import { createGunzip } from 'node:zlib'
import { limits } from '../platform/limits.ts'
import { feed } from './feed.ts'
import { ArchiveProblem } from './problem.ts'
import { zstdDecoded } from './zstd.ts'

/** How bytes are compressed, told by what they begin with and never by a name. */
export type Compression = 'none' | 'gzip' | 'zstd'

const magics: readonly (readonly [magic: string, name: string])[] = [
  ['1f8b', 'gzip'],
  ['28b52ffd', 'zstd'],
  ['fd377a585a00', 'xz'],
  ['425a68', 'bzip2'],
  ['04224d18', 'lz4'],
]

/**
 * What the first bytes say. At least six of them, where there are as many.
 *
 * @throws ArchiveProblem `not-read` for compressions that are known and not read
 */
export function compressionOf(head: Buffer): Compression {
  // A frame that decoders skip may come first (RFC 8878, 3.1.2).
  if (head.length >= 4 && (head.readUInt32LE(0) & 0xfffffff0) >>> 0 === 0x184d2a50) return 'zstd'
  const hex = head.subarray(0, 6).toString('hex')
  const found = magics.find(([magic]) => hex.startsWith(magic))?.[1] ?? 'none'
  if (found === 'none' || found === 'gzip' || found === 'zstd') return found
  const expected = 'gzip, zstd, or no compression'
  throw new ArchiveProblem('not-read', { subject: 'the compressed stream', expected, found })
}

/** Bytes that are counted as they are taken. */
class Counted implements AsyncIterable<Buffer> {
  taken = 0
  private readonly bytes: AsyncIterable<Buffer>

  constructor(bytes: AsyncIterable<Buffer>) {
    this.bytes = bytes
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    for await (const piece of this.bytes) {
      this.taken += piece.length
      yield piece
    }
  }
}

async function* gunzipped(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: 128 * 1024 })
  const input = new Counted(bytes)
  const fed = feed(gunzip, input)
  try {
    for await (const piece of gunzip) yield piece as Buffer
    await fed
    // Zeros behind its end are passed over by some programs and are an error to others.
    if (gunzip.bytesWritten < input.taken) {
      const found = `${input.taken - gunzip.bytesWritten} bytes`
      throw new ArchiveProblem('behind-the-end', {
        subject: 'the compressed stream',
        expected: 'nothing behind its end',
        found,
      })
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (error instanceof ArchiveProblem || !code.startsWith('Z_')) throw error
    const subject = 'the compressed stream'
    if (code === 'Z_BUF_ERROR') {
      const found = 'the end of the file'
      throw new ArchiveProblem('truncated', { subject, expected: 'a whole gzip stream', found })
    }
    const found = (error as Error).message
    throw new ArchiveProblem('damaged', { subject, expected: 'gzip that decodes', found })
  } finally {
    gunzip.destroy()
    await fed
  }
}

/** Counts what goes in and what comes out. */
async function* bounded(
  bytes: AsyncIterable<Buffer>,
  decode: (bytes: AsyncIterable<Buffer>) => AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  const input = new Counted(bytes)
  let given = 0
  for await (const piece of decode(input)) {
    given += piece.length
    if (given > limits.ratioFrom && given > input.taken * limits.unpackRatio) {
      const expected = `at most ${limits.unpackRatio} bytes from one`
      const found = `${given} bytes from ${input.taken}`
      throw new ArchiveProblem('ratio', { subject: 'the compressed stream', expected, found })
    }
    yield piece
  }
}

/**
 * The bytes behind a compression, within the limit on how much may come of how little.
 *
 * @throws ArchiveProblem `truncated`, `damaged`, `behind-the-end`, `window`, `ratio`
 */
export function decompressed(bytes: AsyncIterable<Buffer>, compression: Compression): AsyncIterable<Buffer> {
  if (compression === 'none') return bytes
  return bounded(bytes, compression === 'gzip' ? gunzipped : zstdDecoded)
}
