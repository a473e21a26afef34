import type { Transform } from 'node:stream'
import * as zlib from 'node:zlib'
import { limits } from '../platform/limits.ts'
import { feed } from './feed.ts'
import { ArchiveProblem } from './problem.ts'
import { ZstdFrames, type FramePiece } from './zstd-frames.ts'

/** Decodes one frame, given piece by piece; it ends with the frame. */
export type FrameDecoder = (frame: AsyncIterable<Buffer>) => AsyncIterable<Buffer>

const damaged = (found: string): ArchiveProblem =>
  new ArchiveProblem('damaged', { subject: 'the compressed stream', expected: 'zstd that decodes', found })

/* The types of this project are those of the oldest runtime, which has no zstd. */
const platform = zlib as unknown as { readonly createZstdDecompress?: () => Transform }

/** The platform's own decoder, where it has one. */
export const platformDecoder: FrameDecoder | null =
  platform.createZstdDecompress === undefined
    ? null
    : async function* (frame) {
        const decoder = platform.createZstdDecompress?.()
        if (decoder === undefined) return
        const fed = feed(decoder, frame)
        try {
          for await (const bytes of decoder) yield bytes as Buffer
        } catch (error) {
          if (error instanceof ArchiveProblem || !/^(Z_|ZSTD_)/.test(codeOf(error))) throw error
          throw damaged((error as Error).message)
        } finally {
          decoder.destroy()
          await fed
        }
      }

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : ''

/**
 * A decoder of another make (the reference decoder as WebAssembly), for platforms that have none. It takes its input
 * without waiting, so each piece is there before it is asked to go on; what it cannot decode it tells by not going on.
 */
export const libraryDecoder: FrameDecoder = async function* (frame) {
  const { ZSTDDecoder } = await import('zstddec/stream')
  const decoder = new ZSTDDecoder()
  await decoder.init()
  const pieces = frame[Symbol.asyncIterator]()
  const ready: Buffer[] = []
  const given = function* (): Generator<Uint8Array> {
    for (let piece = ready.shift(); piece !== undefined; piece = ready.shift()) yield piece
  }
  const decoded = decoder.decodeStreaming(given())
  let ended = false
  for (let idle = 0; idle <= limits.zstdIdle;) {
    while (ready.length === 0 && !ended) {
      const next: IteratorResult<Buffer, unknown> = await pieces.next()
      if (next.done === true) ended = true
      else if (next.value.length > 0) ready.push(next.value)
    }
    const waiting = ready.length
    const step = stepOf(decoded)
    if (step === null) return
    if (step.length > 0) yield Buffer.from(step.buffer, step.byteOffset, step.length)
    // It takes what it is given before it asks for more: without a byte out and with a piece in it stands still.
    idle = step.length > 0 || ready.length < waiting ? 0 : idle + 1
  }
  throw damaged('bytes that cannot be decoded')
}

function stepOf(decoded: Generator<Uint8Array>): Uint8Array | null {
  try {
    const { value, done } = decoded.next() as IteratorResult<Uint8Array, undefined>
    return done === true ? null : value
  } catch {
    throw damaged('a frame that does not end')
  }
}

/** Pieces of frames, asked for one by one. */
class Pieces {
  private readonly frames = new ZstdFrames()
  private readonly input: AsyncIterator<Buffer>
  private cut: Generator<FramePiece>

  constructor(bytes: AsyncIterable<Buffer>) {
    this.input = bytes[Symbol.asyncIterator]()
    this.cut = this.frames.cut(Buffer.alloc(0))
  }

  /** The next one; `null` behind the last frame. @throws ArchiveProblem */
  async next(): Promise<FramePiece | null> {
    for (;;) {
      const { value: piece, done } = this.cut.next() as IteratorResult<FramePiece, undefined>
      if (done !== true) return piece
      const read = await this.input.next()
      if (read.done === true) {
        this.frames.end()
        return null
      }
      this.cut = this.frames.cut(read.value)
    }
  }

  /** One frame, whose first piece was asked for already. */
  async *frame(first: FramePiece): AsyncGenerator<Buffer> {
    for (let piece: FramePiece | null = first; piece !== null; piece = await this.next()) {
      yield piece.bytes
      if (piece.ends) return
    }
  }

  async close(): Promise<void> {
    await this.input.return?.()
  }
}

/**
 * Decodes zstd, whole: every frame, and nothing behind them.
 *
 * @throws ArchiveProblem `truncated`, `damaged`, `behind-the-end`, `window`
 */
export async function* zstdDecoded(
  bytes: AsyncIterable<Buffer>,
  decode: FrameDecoder = platformDecoder ?? libraryDecoder,
): AsyncGenerator<Buffer> {
  const pieces = new Pieces(bytes)
  try {
    for (let first = await pieces.next(); first !== null; first = await pieces.next()) {
      yield* decode(pieces.frame(first))
    }
  } finally {
    await pieces.close()
  }
}
