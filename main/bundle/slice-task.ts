import { createHash, type Hash } from 'node:crypto'
import { closeSync, fstatSync } from 'node:fs'
import { asFailure, causeOf } from '../platform/failure.ts'
import { BlockReader } from '../platform/hashed-file.ts'
import { closeQuietly, openRegularSync } from '../platform/regular.ts'
import type { TaskContext } from '../platform/workers.ts'
import type { MemberProblem } from './check-task.ts'
import { headerOf, padded } from './layout.ts'
import { openKept, writeKept } from './kept-file.ts'

/** A member of the tar of which a slice holds all or a piece. */
export interface SliceMember {
  readonly name: string
  readonly size: number
  readonly at: number
  /** SHA-256 of the content, hex; not asked of a piece. */
  readonly sha256: string
  /** The bytes themselves, where they are known and only a piece of them may be here; else `null`. */
  readonly bytes: Uint8Array | null
  /** The file that takes the bytes at their place in the content; `null` to keep nothing. */
  readonly keep: string | null
}

export interface CheckSliceInput {
  readonly path: string
  /** The range of the tar that the file holds. */
  readonly from: number
  readonly until: number
  readonly members: readonly SliceMember[]
  /** Where the two zero blocks of the end begin. */
  readonly end: number
}

/** What a slice was found to be. */
export interface SliceFound {
  readonly problems: readonly MemberProblem[]
  /** SHA-256 of the whole slice, hex; `null` where it could not be read to its end. */
  readonly sha256: string | null
}

const endName = 'end of the tar'

/** What is expected at one stretch of the tar, from `at` to `until`. */
interface Stretch {
  readonly at: number
  readonly until: number
  readonly member: SliceMember | null
  readonly what: 'header' | 'content' | 'padding' | 'end'
}

function stretchesOf(member: SliceMember): Stretch[] {
  const start = member.at + 512
  const end = start + member.size
  return [
    { at: member.at, until: start, member, what: 'header' },
    { at: start, until: end, member, what: 'content' },
    { at: end, until: start + padded(member.size), member, what: 'padding' },
  ]
}

/** Takes the bytes of a slice in order and compares, hashes and keeps them by what must stand where they do. */
class SliceReading {
  readonly problems: MemberProblem[] = []
  private readonly input: CheckSliceInput
  private readonly stretches: Stretch[]
  private readonly named = new Set<string>()
  private hash: Hash | null = null
  private handle: number | null = null

  constructor(input: CheckSliceInput) {
    this.input = input
    const { members, end, from, until } = input
    const all = [
      ...members.flatMap(stretchesOf),
      { at: end, until: end + 1024, member: null, what: 'end' as const },
    ]
    // An empty content is one too, where its header ends: its digest is asked like any other.
    this.stretches = all.filter((one) =>
      one.until > one.at
        ? one.until > from && one.at < until
        : one.what === 'content' && one.at > from && one.at <= until,
    )
  }

  private problem(stretch: Stretch, found: string): void {
    const name = stretch.member?.name ?? endName
    const key = `${name}|${stretch.what}`
    if (this.named.has(key)) return
    this.named.add(key)
    this.problems.push({ name, problem: stretch.what, found })
  }

  /** Whether the slice holds all of a content: then its digest tells. */
  private isWhole({ at, until }: Stretch): boolean {
    return at >= this.input.from && until <= this.input.until
  }

  private content(stretch: Stretch, member: SliceMember, at: number, bytes: Buffer): void {
    const position = at - stretch.at
    if (member.bytes !== null && !bytes.equals(member.bytes.subarray(position, position + bytes.length)))
      this.problem(stretch, 'other bytes')
    if (this.isWhole(stretch)) {
      this.hash ??= createHash('sha256')
      this.hash.update(bytes)
    }
    if (member.keep === null) return
    this.handle ??= openKept(member.keep, this.isWhole(stretch))
    writeKept(this.handle, member.keep, bytes, position)
  }

  private compare(stretch: Stretch, at: number, bytes: Buffer): void {
    const { member, what } = stretch
    if (what === 'content' && member !== null) this.content(stretch, member, at, bytes)
    else if (what === 'header' && member !== null) {
      const expected = headerOf(member.name, member.size).subarray(
        at - stretch.at,
        at - stretch.at + bytes.length,
      )
      if (!bytes.equals(expected)) this.problem(stretch, 'another header')
    } else if (bytes.some((byte) => byte !== 0)) this.problem(stretch, 'bytes that are not zero')
  }

  private finish(stretch: Stretch): void {
    const { member, what } = stretch
    if (what !== 'content' || member === null) return
    if (this.isWhole(stretch)) {
      if (member.keep !== null) this.handle ??= openKept(member.keep, true)
      const found = (this.hash ?? createHash('sha256')).digest('hex')
      if (found !== member.sha256) this.problem(stretch, `sha256:${found}`)
    }
    this.hash = null
    this.close()
  }

  /** Bytes that stand at `at` of the tar. What lies behind the end is nobody's: its length is compared beforehand. */
  take(at: number, bytes: Buffer): void {
    const end = at + bytes.length
    let here = at
    for (;;) {
      const [stretch] = this.stretches
      if (stretch === undefined) return
      const until = Math.min(stretch.until, end)
      if (until > here) this.compare(stretch, here, bytes.subarray(here - at, until - at))
      here = Math.max(here, until)
      if (here < stretch.until) return
      this.finish(stretch)
      this.stretches.shift()
    }
  }

  /** Nothing more comes: a content that is cut by the slice's end is a piece. */
  close(): void {
    if (this.handle !== null) closeSync(this.handle)
    this.handle = null
  }

  /** What was not reached counts as unread. */
  unread(found: string): void {
    const [stretch] = this.stretches
    this.problems.push({ name: stretch?.member?.name ?? endName, problem: 'unreadable', found })
  }
}

/**
 * Worker task `check-slice`: one part of a bundle that lies on several media, read once from its start to its end. Each
 * content that it holds whole is hashed, of others the piece goes to its place; headers, padding and end are compared;
 * the part itself is hashed in the same pass, because a piece has no digest of its own.
 *
 * @throws Failure `disk-full`, `disk-failed`, `cancelled`
 */
export async function checkSlice(input: CheckSliceInput, context: TaskContext): Promise<SliceFound> {
  const reading = new SliceReading(input)
  const whole = createHash('sha256')
  let file: number
  try {
    file = openRegularSync(input.path)
  } catch (error) {
    reading.unread(asFailure(error).facts.found?.toString() ?? causeOf(error))
    return { problems: reading.problems, sha256: null }
  }
  const length = input.until - input.from
  let at = input.from
  try {
    if (fstatSync(file).size !== length) {
      reading.unread(`${fstatSync(file).size} bytes`)
      return { problems: reading.problems, sha256: null }
    }
    const read = await new BlockReader().each(file, 0, length, (bytes) => {
      context.check()
      whole.update(bytes)
      reading.take(at, bytes)
      at += bytes.length
      context.advance(bytes.length, input.path)
      return Promise.resolve(true)
    })
    if (read === length) return { problems: reading.problems, sha256: whole.digest('hex') }
    reading.unread('the file ends too early')
  } catch (error) {
    const failure = asFailure(error)
    if (failure.code !== 'internal' && failure.code !== 'file-unreadable') throw error
    reading.unread(causeOf(error))
  } finally {
    reading.close()
    closeQuietly(file)
  }
  return { problems: reading.problems, sha256: null }
}
