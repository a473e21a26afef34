import { createHash } from 'node:crypto'
import { closeSync, readSync } from 'node:fs'
import { asFailure, causeOf, Failure } from '../platform/failure.ts'
import { closeQuietly, openRegularSync } from '../platform/regular.ts'
import type { TaskContext } from '../platform/workers.ts'
import { openKept, writeKept } from './kept-file.ts'
import { headerOf, padded } from './layout.ts'
import type { Slice } from './parts.ts'

const chunk = 1024 * 1024

/** A member whose bytes are to be checked. */
export interface MemberCheck {
  readonly name: string
  readonly size: number
  /** SHA-256 of the content, hex. */
  readonly sha256: string
  /** A file that takes the bytes as they pass, or `null`. */
  readonly keep: string | null
}

export interface CheckRangeInput {
  /** The range's bytes in order, from the first member's header to the last one's padding. */
  readonly slices: readonly Slice[]
  readonly members: readonly MemberCheck[]
  /** Whether the two zero blocks of the end follow. */
  readonly end: boolean
}

/** What is wrong with a member: `header`, `padding`, `content`, `unreadable` or `end`. */
export interface MemberProblem {
  readonly name: string
  readonly problem: 'header' | 'padding' | 'content' | 'unreadable' | 'end'
  readonly found: string
}

class Unreadable extends Error {}

/** Reads slices of files one after the other as if they were one. */
class SliceReader {
  private readonly slices: Slice[]
  private handle: number | null = null
  /** The file that the last bytes came from. */
  path = ''
  private position = 0
  private left = 0

  constructor(slices: readonly Slice[]) {
    this.slices = [...slices]
  }

  /** Fills as much of `buffer` as one read gives, at most `most`. */
  read(buffer: Buffer, most: number): number {
    if (this.left === 0) this.next()
    try {
      const read = readSync(this.handle ?? -1, buffer, 0, Math.min(most, this.left), this.position)
      if (read === 0) throw new Unreadable('the file ends too early')
      this.position += read
      this.left -= read
      return read
    } catch (error) {
      throw error instanceof Unreadable ? error : new Unreadable(causeOf(error))
    }
  }

  close(): void {
    if (this.handle !== null) closeQuietly(this.handle)
    this.handle = null
  }

  private next(): void {
    this.close()
    const slice = this.slices.shift()
    if (slice === undefined) throw new Unreadable('the file ends too early')
    try {
      this.handle = openRegularSync(slice.path)
    } catch (error) {
      throw new Unreadable(asFailure(error).facts.found?.toString() ?? causeOf(error))
    }
    this.path = slice.path
    this.position = slice.position
    this.left = slice.length
  }
}

function exact(reader: SliceReader, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  for (let done = 0; done < length;) done += reader.read(bytes.subarray(done), length - done)
  return bytes
}

function content(reader: SliceReader, member: MemberCheck, buffer: Buffer, context: TaskContext): string {
  const hash = createHash('sha256')
  const handle = member.keep === null ? null : openKept(member.keep, true)
  try {
    for (let left = member.size; left > 0;) {
      const read = reader.read(buffer, Math.min(chunk, left))
      const bytes = buffer.subarray(0, read)
      hash.update(bytes)
      if (handle !== null && member.keep !== null) writeKept(handle, member.keep, bytes)
      left -= read
      context.check()
      context.advance(read, reader.path)
    }
  } finally {
    if (handle !== null) closeSync(handle)
  }
  return hash.digest('hex')
}

function checkMember(
  reader: SliceReader,
  member: MemberCheck,
  buffer: Buffer,
  context: TaskContext,
): MemberProblem | null {
  try {
    const header = exact(reader, 512)
    const sha256 = content(reader, member, buffer, context)
    const padding = exact(reader, padded(member.size) - member.size)
    if (!header.equals(headerOf(member.name, member.size))) {
      return { name: member.name, problem: 'header', found: 'another header' }
    }
    if (sha256 !== member.sha256) return { name: member.name, problem: 'content', found: `sha256:${sha256}` }
    if (padding.some((byte) => byte !== 0)) {
      return { name: member.name, problem: 'padding', found: 'bytes that are not zero' }
    }
    return null
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return { name: member.name, problem: 'unreadable', found: error.message }
  }
}

/**
 * Checks a range of members against the expected bytes: header and padding compared, content hashed and, where asked,
 * kept as it passes. A problem is named and the reading of the range stops there; members behind it count as unread.
 */
export function checkRange(input: CheckRangeInput, context: TaskContext): MemberProblem[] {
  const buffer = Buffer.allocUnsafe(chunk)
  const reader = new SliceReader(input.slices)
  const problems: MemberProblem[] = []
  try {
    for (const member of input.members) {
      const problem = checkMember(reader, member, buffer, context)
      if (problem === null) continue
      problems.push(problem)
      // Past an unreadable place positions are no longer known; a wrong byte moves nothing.
      if (problem.problem === 'unreadable') return problems
    }
    if (input.end) {
      const end = exact(reader, 1024)
      if (end.some((byte) => byte !== 0)) {
        problems.push({ name: 'end of the tar', problem: 'end', found: 'bytes that are not zero' })
      }
    }
    return problems
  } catch (error) {
    if (error instanceof Unreadable) {
      return [...problems, { name: 'end of the tar', problem: 'unreadable', found: error.message }]
    }
    if (error instanceof Failure) throw error
    throw new Failure('internal', { found: causeOf(error) }, error)
  } finally {
    reader.close()
  }
}
