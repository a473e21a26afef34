import { basename } from 'node:path'
import { hexOf, type Digest } from '../../../shared/digest.ts'
import type { MemberProblem } from '../../bundle/check-task.ts'
import { endOf, type Entry, type Layout } from '../../bundle/layout.ts'
import type { Medium } from '../../bundle/medium.ts'
import type { Piece } from '../../bundle/parts.ts'
import type { CheckSliceInput, SliceFound, SliceMember } from '../../bundle/slice-task.ts'
import { sha256Hex } from '../../platform/hash.ts'
import { allOrFirst } from '../../platform/workers.ts'
import type { CheckList } from '../check.ts'
import type { Keeper, Tools } from '../types.ts'

/** Damaged contents that are named one by one. */
const named = 100

/** What one medium of a bundle on several holds, and where its parts lie. */
export interface SlicesInput {
  readonly layout: Layout
  readonly medium: Medium
  readonly pieces: readonly Piece[]
  readonly keeper: Keeper | null
  /** Names what a check is about, with the medium. */
  readonly say: (subject: string) => string
}

const isIn = (entry: Entry, { offset, size }: Piece): boolean =>
  entry.at < offset + size && endOf(entry) > offset

/** Whether a part holds all of a content. */
const holds = ({ offset, size }: Piece, entry: Entry): boolean =>
  entry.at + 512 >= offset && entry.at + 512 + entry.size <= offset + size

async function memberOf(entry: Entry, piece: Piece, keeper: Keeper | null): Promise<SliceMember> {
  const { name, size, at, content } = entry
  if (typeof content !== 'string')
    return { name, size, at, sha256: sha256Hex(content), bytes: new Uint8Array(content), keep: null }
  let keep: string | null = null
  if (keeper !== null) keep = holds(piece, entry) ? await keeper.place(content) : await keeper.pieces(content)
  return { name, size, at, sha256: hexOf(content), bytes: null, keep }
}

async function readPart(
  { layout, keeper }: SlicesInput,
  piece: Piece,
  entries: readonly Entry[],
  tools: Tools,
): Promise<SliceFound> {
  const members: SliceMember[] = []
  for (const entry of entries) members.push(await memberOf(entry, piece, keeper))
  const input: CheckSliceInput = {
    path: piece.path,
    from: piece.offset,
    until: piece.offset + piece.size,
    members,
    end: layout.size - 1024,
  }
  const name = basename(piece.path)
  tools.items.change(name, { state: 'working' })
  const found = await tools.pool.run<SliceFound>('check-slice', input, {
    signal: tools.signal,
    advance: (bytes) => tools.advance(bytes),
    advanceOf: (_, bytes) => tools.items.advance(name, bytes),
  })
  tools.items.change(name, { state: 'done' })
  return found
}

/** Keeps what was right, and lets go of the rest. Gives the digests that were kept. */
async function settle(
  piece: Piece,
  entries: readonly Entry[],
  { problems, sha256 }: SliceFound,
  keeper: Keeper | null,
): Promise<Digest[]> {
  if (keeper === null) return []
  const bad = new Set(problems.filter((one) => one.problem === 'content').map((one) => one.name))
  const unread =
    sha256 === null ? entries.findIndex((one) => problems.some(({ name }) => name === one.name)) : -1
  const kept: Digest[] = []
  for (const [i, entry] of entries.entries()) {
    const { content, name } = entry
    if (typeof content !== 'string' || !holds(piece, entry)) continue
    if (bad.has(name) || (sha256 === null && (unread < 0 || i >= unread))) await keeper.discard(content)
    else {
      await keeper.keep(content)
      kept.push(content)
    }
  }
  return kept
}

function report(input: SlicesInput, problems: readonly MemberProblem[], list: CheckList): void {
  const { layout, say, pieces } = input
  const byName = new Map(layout.entries.map((entry) => [entry.name, entry]))
  const isContent = ({ problem }: MemberProblem): boolean => problem === 'content' || problem === 'unreadable'
  const frame = problems.filter((one) => !isContent(one))
  for (const { name, problem, found } of frame.slice(0, named))
    list.fail('content.layout', say(name), `the ${problem} that the waybill determines`, found, problem)
  const contents = problems.filter(isContent)
  for (const { name, problem, found } of contents.slice(0, named)) {
    const content = byName.get(name)?.content
    const expected = typeof content === 'string' ? content : 'known bytes'
    list.fail('content.blob', say(name), expected, found, problem)
  }
  const bytes = pieces.reduce((sum, { size }) => sum + size, 0)
  if (frame.length === 0)
    list.pass('content.layout', say('its part of the tar'), `${bytes} bytes as laid out`)
  if (contents.length > named)
    list.fail(
      'content.blob',
      say(`${contents.length - named} more`),
      'the signed bytes',
      'other bytes',
      'content',
    )
  if (contents.length > 0) return
  const blobs = layout.entries.filter(({ content }) => typeof content === 'string')
  const whole = blobs.filter((entry) => pieces.some((piece) => holds(piece, entry))).length
  const cut = blobs.filter((entry) =>
    pieces.some((piece) => isIn(entry, piece) && !holds(piece, entry)),
  ).length
  const pieced = cut === 0 ? '' : `, and pieces of ${cut} more`
  list.pass('content.blob', say('its contents'), `${whole} blobs with their digests${pieced}`)
}

// A piece has no digest of its own: the station’s record of the part is what it is held against.
function checkDigest(input: SlicesInput, piece: Piece, { sha256 }: SliceFound, list: CheckList): boolean {
  const name = basename(piece.path)
  const part = input.medium.parts.find((one) => one.name === name)
  if (part === undefined) return false
  if (sha256 === null)
    list.fail('medium.part', input.say(name), part.digest, 'cannot be read to its end', 'unreadable')
  else if (`sha256:${sha256}` !== part.digest)
    list.fail('medium.part', input.say(name), part.digest, `sha256:${sha256}`, 'damaged')
  else return true
  return false
}

/**
 * The content of one medium of a bundle on several, each byte read once: whole contents by their digests, pieces by the
 * digest of their part. `whole` when all is right; `kept` are the contents that went to the keeper.
 */
export async function checkSlices(
  input: SlicesInput,
  tools: Tools,
  list: CheckList,
): Promise<{ readonly whole: boolean; readonly kept: readonly Digest[] }> {
  const { layout, pieces, keeper } = input
  const results = await allOrFirst(
    pieces.map(async (piece) => {
      const entries = layout.entries.filter((entry) => isIn(entry, piece))
      const found = await readPart(input, piece, entries, tools)
      return { piece, found, kept: await settle(piece, entries, found, keeper) }
    }),
  )
  const problems = results.flatMap(({ found }) => found.problems)
  report(input, problems, list)
  const right = results.map(({ piece, found }) => checkDigest(input, piece, found, list)).every((one) => one)
  return { whole: right && problems.length === 0, kept: results.flatMap(({ kept }) => kept) }
}
