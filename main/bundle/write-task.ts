import { createHash } from 'node:crypto'
import { closeSync, fchmodSync, fdatasync, fsyncSync, openSync, readSync, writeSync } from 'node:fs'
import { causeOf, Failure } from '../platform/failure.ts'
import type { TaskContext } from '../platform/workers.ts'
import { headerOf, padded } from './layout.ts'

const chunk = 1024 * 1024
/** How much is written before the disc is told to begin with it: the last flush then has little left to do. */
const flushEvery = 128 * chunk

/** A member as a thread needs it: its known bytes, or the file that holds its blob. */
export interface MemberSource {
  readonly name: string
  readonly size: number
  readonly at: number
  readonly bytes: Uint8Array | null
  readonly file: string | null
}

export interface WritePartInput {
  readonly to: string
  /** The range of the tar that this part holds. */
  readonly from: number
  readonly until: number
  readonly members: readonly MemberSource[]
  /** Bytes of the whole tar. */
  readonly size: number
}

/** Takes bytes of a tar in order and lets through those of one part, hashed as they are written. */
class PartSink {
  private readonly handle: number
  private readonly hash = createHash('sha256')
  private readonly input: WritePartInput
  private readonly context: TaskContext
  private at = 0
  private written = 0
  private unflushed = 0
  private readonly flushes: Promise<void>[] = []
  private flushError: Error | null = null

  constructor(input: WritePartInput, context: TaskContext) {
    this.input = input
    this.context = context
    this.handle = openSync(input.to, 'wx', 0o644)
    try {
      fchmodSync(this.handle, 0o644)
    } catch {
      // A file system without modes: then everybody there can read it anyway.
    }
  }

  skipTo(at: number): void {
    this.at = at
  }

  take(bytes: Uint8Array): void {
    const start = Math.max(0, this.input.from - this.at)
    const end = Math.min(bytes.length, this.input.until - this.at)
    this.at += bytes.length
    if (start >= end) return
    const wanted = bytes.subarray(start, end)
    this.hash.update(wanted)
    for (let done = 0; done < wanted.length;) done += writeSync(this.handle, wanted, done)
    this.written += wanted.length
    this.unflushed += wanted.length
    if (this.unflushed >= flushEvery) this.flush()
    this.context.check()
    this.context.advance(wanted.length)
  }

  // Runs beside this thread. The kernel tells a write error to one flush only, so each failure is kept.
  private flush(): void {
    this.unflushed = 0
    const flushed = (resolve: () => void): void =>
      fdatasync(this.handle, (error) => {
        this.flushError ??= error
        resolve()
      })
    this.flushes.push(new Promise(flushed))
  }

  async end(): Promise<{ size: number; sha256: string }> {
    await Promise.all(this.flushes)
    fsyncSync(this.handle)
    if (this.flushError !== null) throw this.flushError
    return { size: this.written, sha256: this.hash.digest('hex') }
  }

  async close(): Promise<void> {
    await Promise.all(this.flushes)
    closeSync(this.handle)
  }
}

function pour(member: MemberSource, input: WritePartInput, sink: PartSink, buffer: Buffer): void {
  const start = member.at + 512
  if (member.bytes !== null || member.file === null) {
    sink.take(member.bytes ?? new Uint8Array())
    return
  }
  // Bytes of this member before the part's range are not even read.
  let position = Math.min(member.size, Math.max(0, input.from - start))
  sink.skipTo(start + position)
  const handle = openSync(member.file, 'r')
  try {
    while (position < member.size && start + position < input.until) {
      const read = readSync(handle, buffer, 0, Math.min(chunk, member.size - position), position)
      if (read === 0) {
        const facts = { subject: member.name, expected: `${member.size} bytes`, found: `${position} bytes` }
        throw new Failure('content-damaged', facts)
      }
      sink.take(buffer.subarray(0, read))
      position += read
    }
  } finally {
    closeSync(handle)
  }
}

function fill(input: WritePartInput, sink: PartSink): void {
  const buffer = Buffer.allocUnsafe(chunk)
  for (const member of input.members) {
    const end = member.at + 512 + padded(member.size)
    if (end <= input.from || member.at >= input.until) continue
    sink.skipTo(member.at)
    sink.take(headerOf(member.name, member.size))
    pour(member, input, sink, buffer)
    sink.skipTo(member.at + 512 + member.size)
    sink.take(new Uint8Array(padded(member.size) - member.size))
  }
  sink.skipTo(input.size - 1024)
  sink.take(new Uint8Array(1024))
}

/** Writes one part of a bundle and gives its size and SHA-256: what is hashed is what is written. */
export async function writePart(
  input: WritePartInput,
  context: TaskContext,
): Promise<{ size: number; sha256: string }> {
  let sink: PartSink | null = null
  try {
    sink = new PartSink(input, context)
    fill(input, sink)
    return await sink.end()
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure('medium-failed', { found: causeOf(error) }, error)
  } finally {
    await sink?.close()
  }
}
