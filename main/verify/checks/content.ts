import { hexOf, type Digest } from '../../../shared/digest.ts'
import type { CheckRangeInput, MemberCheck, MemberProblem } from '../../bundle/check-task.ts'
import { endOf, type Entry, type Layout } from '../../bundle/layout.ts'
import type { Medium } from '../../bundle/medium.ts'
import { slicesOf, type Piece } from '../../bundle/parts.ts'
import { digestOfFile } from '../../platform/files.ts'
import { sha256Hex } from '../../platform/hash.ts'
import { allOrFirst } from '../../platform/workers.ts'
import type { CheckList } from '../check.ts'
import { PartsRead } from '../part-progress.ts'
import type { Keeper, Tools } from '../types.ts'

/** A thread's load: members next to each other, of together about this size, or one large one. */
const loadBytes = 32 * 1024 * 1024
const loadMembers = 1000
/** Damaged contents that are named one by one. */
const named = 100

interface Load {
  readonly entries: readonly Entry[]
  readonly last: boolean
  /** Bytes of the tar. */
  readonly from: number
  readonly until: number
}

function loadsOf(layout: Layout): Load[] {
  const loads: Entry[][] = []
  let current: Entry[] = []
  let bytes = 0
  for (const entry of layout.entries) {
    if (current.length > 0 && (bytes + entry.size > loadBytes || current.length >= loadMembers)) {
      loads.push(current)
      current = []
      bytes = 0
    }
    current.push(entry)
    bytes += entry.size
  }
  loads.push(current)
  return loads.map((entries, i) => {
    const last = i === loads.length - 1
    const end = entries.at(-1)
    return {
      entries,
      last,
      from: entries[0]?.at ?? 0,
      until: last || end === undefined ? layout.size : endOf(end),
    }
  })
}

const digestIn = (entry: Entry): Digest | null => (typeof entry.content === 'string' ? entry.content : null)

async function membersOf(entries: readonly Entry[], keeper: Keeper | null): Promise<MemberCheck[]> {
  const members: MemberCheck[] = []
  for (const { name, size, content } of entries) {
    const sha256 = typeof content === 'string' ? hexOf(content) : sha256Hex(content)
    const keep = typeof content === 'string' && keeper !== null ? await keeper.place(content) : null
    members.push({ name, size, sha256, keep })
  }
  return members
}

async function runLoad(
  load: Load,
  pieces: readonly Piece[],
  keeper: Keeper | null,
  tools: Tools,
  parts: PartsRead,
): Promise<MemberProblem[]> {
  const { from, until } = load
  const members = await membersOf(load.entries, keeper)
  const input: CheckRangeInput = { slices: slicesOf(pieces, from, until), members, end: load.last }
  const { signal } = tools
  const problems = await tools.pool.run<MemberProblem[]>('check-range', input, {
    signal,
    advance: (n) => tools.advance(n),
    advanceOf: (path, n) => parts.advance(path, n),
  })
  parts.ended(load)
  const unread = problems.find((one) => one.problem === 'unreadable')
  const stopped = unread === undefined ? members.length : members.findIndex((one) => one.name === unread.name)
  const bad = new Set(problems.filter((one) => one.problem === 'content').map((one) => one.name))
  for (const [i, entry] of load.entries.entries()) {
    const digest = digestIn(entry)
    if (digest === null || keeper === null || members[i]?.keep == null) continue
    if (bad.has(entry.name) || (stopped >= 0 && i >= stopped)) await keeper.discard(digest)
    else await keeper.keep(digest)
  }
  return problems
}

// Only a part in which damage was found is hashed as a whole, so that its name can be told.
async function nameParts(
  damaged: readonly Entry[],
  medium: Medium | null,
  pieces: readonly Piece[],
  list: CheckList,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (medium === null) return
  for (const piece of pieces) {
    const part = medium.parts.find((one) => piece.path.endsWith(one.name) && one.offset === piece.offset)
    const touched = damaged.some((one) => one.at < piece.offset + piece.size && endOf(one) > piece.offset)
    if (part === undefined || !touched) continue
    let found: Digest
    try {
      found = await digestOfFile(piece.path, signal)
    } catch (error) {
      if (signal?.aborted === true) throw error
      list.fail('medium.part', part.name, part.digest, 'cannot be read to its end', 'unreadable')
      continue
    }
    if (found !== part.digest) list.fail('medium.part', part.name, part.digest, found, 'damaged')
  }
}

function report(problems: readonly MemberProblem[], layout: Layout, list: CheckList): Entry[] {
  const byName = new Map(layout.entries.map((entry) => [entry.name, entry]))
  const frame = problems.filter((one) => one.problem !== 'content' && one.problem !== 'unreadable')
  const contents = problems.filter((one) => one.problem === 'content' || one.problem === 'unreadable')
  for (const one of frame.slice(0, named)) {
    list.fail(
      'content.layout',
      one.name,
      `the ${one.problem} that the waybill determines`,
      one.found,
      one.problem,
    )
  }
  for (const one of contents.slice(0, named)) {
    const entry = byName.get(one.name)
    const expected = entry === undefined ? 'the end of the tar' : (digestIn(entry) ?? 'known bytes')
    list.fail('content.blob', one.name, expected, one.found, one.problem)
  }
  if (contents.length > named) {
    list.fail('content.blob', `${contents.length - named} more`, 'the signed bytes', 'other bytes', 'content')
  }
  if (frame.length === 0) list.pass('content.layout', 'the tar', `${layout.size} bytes as laid out`)
  if (contents.length === 0) {
    const blobs = layout.entries.filter((entry) => digestIn(entry) !== null).length
    list.pass('content.blob', 'all contents', `${blobs} blobs with their digests`)
  }
  return problems.flatMap((one) => byName.get(one.name) ?? [])
}

/**
 * Step 3: every byte of the tar against its layout, in parallel, each byte hashed once; blobs go to the keeper as they
 * pass. `true` when all is right.
 */
export async function checkContent(
  input: { layout: Layout; pieces: readonly Piece[]; medium: Medium | null; keeper: Keeper | null },
  tools: Tools,
  list: CheckList,
): Promise<boolean> {
  const { layout, pieces, keeper } = input
  const size = pieces.reduce((total, piece) => total + piece.size, 0)
  if (size !== layout.size) {
    list.fail('content.layout', 'the tar', `${layout.size} bytes`, `${size} bytes`, 'length')
    return false
  }
  tools.step('content', layout.size)
  const loads = loadsOf(layout)
  const parts = new PartsRead(pieces, loads, tools.items)
  const results = await allOrFirst(loads.map((load) => runLoad(load, pieces, keeper, tools, parts)))
  const problems = results.flat()
  const damaged = report(problems, layout, list)
  await nameParts(damaged, input.medium, pieces, list, tools.signal)
  return problems.length === 0
}
