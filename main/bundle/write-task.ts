import { closeSync, fchmodSync, fdatasync, fsyncSync, openSync } from 'node:fs'
import { causeOf, Failure } from '../platform/failure.ts'
import { BlockReader, HashedFile } from '../platform/hashed-file.ts'
import type { TaskContext } from '../platform/workers.ts'
import { headerOf, padded } from './layout.ts'

/** How much is written before the disc is told to begin with it: the last flush then has little left to do. */
const flushEvery = 128 * 1024 * 1024

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
  readonly reader = new BlockReader()
  private readonly handle: number
  private readonly file: HashedFile
  private readonly input: WritePartInput
  private readonly context: TaskContext
  private at = 0
  private unflushed = 0
  private flushing: Promise<void> | null = null
  private flushError: Error | null = null
  private closed = false

  constructor(input: WritePartInput, context: TaskContext) {
    this.input = input
    this.context = context
    this.handle = openSync(input.to, 'wx', 0o644)
    this.file = new HashedFile(this.handle)
    try {
      fchmodSync(this.handle, 0o644)
    } catch {
      // A file system without modes: then everybody there can read it anyway.
    }
  }

  skipTo(at: number): void {
    this.at = at
  }

  async take(bytes: Uint8Array): Promise<void> {
    const start = Math.max(0, this.input.from - this.at)
    const end = Math.min(bytes.length, this.input.until - this.at)
    this.at += bytes.length
    if (start >= end) return
    const wanted = bytes.subarray(start, end)
    await this.file.put(wanted)
    this.unflushed += wanted.length
    if (this.unflushed >= flushEvery) this.flush()
    this.context.check()
    this.context.advance(wanted.length)
  }

  // Runs beside this thread, one at a time: more would keep the writes themselves waiting. The kernel tells a write error
  // to one flush only, so each failure is kept.
  private flush(): void {
    if (this.flushing !== null) return
    this.unflushed = 0
    this.flushing = new Promise((resolve) => {
      fdatasync(this.handle, (error) => {
        this.flushError ??= error
        this.flushing = null
        resolve()
      })
    })
  }

  async end(): Promise<{ size: number; sha256: string }> {
    await this.flushing
    fsyncSync(this.handle)
    if (this.flushError !== null) throw this.flushError
    return { size: this.file.size, sha256: this.file.digest() }
  }

  async close(): Promise<void> {
    await this.flushing
    if (this.closed) return
    this.closed = true
    closeSync(this.handle)
  }
}

async function pour(member: MemberSource, input: WritePartInput, sink: PartSink): Promise<void> {
  const start = member.at + 512
  if (member.bytes !== null || member.file === null) {
    await sink.take(member.bytes ?? new Uint8Array())
    return
  }
  // Bytes of this member outside the part's range are not even read.
  const from = Math.min(member.size, Math.max(0, input.from - start))
  const until = Math.max(from, Math.min(member.size, input.until - start))
  sink.skipTo(start + from)
  if (from === until) return
  const handle = openSync(member.file, 'r')
  try {
    const given = await sink.reader.each(handle, from, until - from, async (bytes) => {
      await sink.take(bytes)
      return true
    })
    if (from + given === until) return
    const facts = { subject: member.name, expected: `${member.size} bytes`, found: `${from + given} bytes` }
    throw new Failure('content-damaged', facts)
  } finally {
    closeSync(handle)
  }
}

async function fill(input: WritePartInput, sink: PartSink): Promise<void> {
  for (const member of input.members) {
    const end = member.at + 512 + padded(member.size)
    if (end <= input.from || member.at >= input.until) continue
    sink.skipTo(member.at)
    await sink.take(headerOf(member.name, member.size))
    await pour(member, input, sink)
    sink.skipTo(member.at + 512 + member.size)
    await sink.take(new Uint8Array(padded(member.size) - member.size))
  }
  sink.skipTo(input.size - 1024)
  await sink.take(new Uint8Array(1024))
}

/** Writes one part of a bundle and gives its size and SHA-256: what is hashed is what is written. */
export async function writePart(
  input: WritePartInput,
  context: TaskContext,
): Promise<{ size: number; sha256: string }> {
  let sink: PartSink | null = null
  try {
    sink = new PartSink(input, context)
    await fill(input, sink)
    const written = await sink.end()
    // Some file systems tell only here that they could not keep the bytes.
    await sink.close()
    return written
  } catch (error) {
    // What failed first is what is told.
    await sink?.close().catch(() => undefined)
    if (error instanceof Failure) throw error
    throw new Failure('medium-failed', { found: causeOf(error) }, error)
  }
}
