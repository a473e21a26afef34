import { createHash, type Hash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { causeOf, Failure } from '../platform/failure.ts'
import { sha256Hex } from '../platform/hash.ts'
import { parseCanonical } from '../platform/json.ts'
import { limits } from '../platform/limits.ts'
import { openRegular } from '../platform/regular.ts'
import { zEvent, type LedgerEvent } from './event.ts'
import { ledgerFile, Lines, type KnownLines } from './lines.ts'
import { leafHash, Tree } from './merkle.ts'

/** The first line that is not as it must be; lines count from 1. */
export interface BadLine {
  readonly line: number
  readonly expected: string
  readonly found: string
}

export interface ReadLedger {
  /** How many lines were known before; `events` are those after them. */
  readonly known: number
  readonly events: readonly LedgerEvent[]
  /** All of them. */
  readonly lines: Lines
  readonly tree: Tree
  /** Hash of the last whole line, hex. */
  readonly last: string | null
  /** Bytes of whole lines, and the SHA-256 over them, hex. */
  readonly length: number
  readonly sha256: string
  /** A last line without its line end, as a crash in mid-append leaves it. */
  readonly torn: Buffer | null
  readonly bad: BadLine | null
}

const chunkBytes = 1024 * 1024

const piecesOf = (file: FileHandle, start: number, end?: number): AsyncIterable<Buffer> =>
  file.createReadStream({
    autoClose: false,
    highWaterMark: chunkBytes,
    start,
    ...(end !== undefined && { end }),
  })

async function* linesOf(file: FileHandle, start: number): AsyncGenerator<{ bytes: Buffer; whole: boolean }> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of piecesOf(file, start)) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let end = rest.indexOf(10)
    while (end >= 0) {
      yield { bytes: rest.subarray(0, end), whole: true }
      rest = rest.subarray(end + 1)
      end = rest.indexOf(10)
    }
    if (rest.length > limits.ledgerLineBytes) break
  }
  if (rest.length > 0) yield { bytes: rest, whole: false }
}

function problemOf(bytes: Buffer, sequence: number, previous: string | null): LedgerEvent | BadLine {
  const bad = (expected: string, found: string): BadLine => ({ line: sequence, expected, found })
  let value: unknown
  try {
    value = parseCanonical(bytes)
  } catch (error) {
    return bad('an event in canonical form', error instanceof Error ? error.message : 'something else')
  }
  const parsed = zEvent.safeParse(value)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    return bad(
      'an event as this version writes it',
      `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
    )
  }
  const event = parsed.data
  if (event.sequence !== sequence) return bad(`event ${sequence}`, `event ${event.sequence}`)
  if (event.previous !== previous) {
    return bad(`previous ${previous ?? 'null'}`, `previous ${event.previous ?? 'null'}`)
  }
  return event
}

// The hash over the bytes that were read before; `null` where the file no longer begins with them.
async function begun(file: FileHandle, { bytes, sha256 }: KnownLines): Promise<Hash | null> {
  if (bytes === 0 || (await file.stat()).size < bytes) return null
  const hash = createHash('sha256')
  for await (const piece of piecesOf(file, 0, bytes - 1)) hash.update(piece)
  return hash.copy().digest('hex') === sha256 ? hash : null
}

async function readFrom(
  file: FileHandle,
  folder: string,
  known: KnownLines | null,
  hash: Hash,
): Promise<ReadLedger> {
  const tree = known === null ? new Tree() : Tree.unpack(known.tree)
  const lines = new Lines(folder, tree, known)
  const events: LedgerEvent[] = []
  let last = known?.last ?? null
  let length = known?.bytes ?? 0
  let torn: Buffer | null = null
  let bad: BadLine | null = null
  for await (const { bytes, whole } of linesOf(file, length)) {
    if (!whole) {
      torn = Buffer.from(bytes)
      break
    }
    const result = problemOf(bytes, lines.size + 1, last)
    if (!('format' in result)) {
      bad = result
      break
    }
    events.push(result)
    lines.add(result, bytes.length)
    tree.append(leafHash(bytes))
    hash.update(bytes).update('\n')
    last = sha256Hex(bytes)
    length += bytes.length + 1
  }
  const sha256 = hash.digest('hex')
  return { known: lines.size - events.length, events, lines, tree, last, length, sha256, torn, bad }
}

const reasonOf = (error: unknown): string =>
  error instanceof Failure ? String(error.facts.found) : causeOf(error)

/**
 * Reads a ledger and checks form, order and chain of every line. Writes nothing.
 *
 * @param known its beginning, as it was read before: as long as the file begins with exactly these bytes, only what comes
 *   after them is parsed; else nothing is known
 * @throws Failure `ledger-damaged` when the file cannot be read at all
 */
export async function readLedger(folder: string, known: KnownLines | null = null): Promise<ReadLedger> {
  let file: FileHandle | null = null
  try {
    ;({ file } = await openRegular(ledgerFile(folder)))
    const hash = known === null ? null : await begun(file, known)
    return await readFrom(file, folder, hash === null ? null : known, hash ?? createHash('sha256'))
  } catch (error) {
    throw new Failure(
      'ledger-damaged',
      { expected: 'a readable ledger.jsonl', found: reasonOf(error) },
      error,
    )
  } finally {
    await file?.close()
  }
}

/** The whole lines of a ledger that was read, to be known the next time. */
export function knownOf({ lines, tree, length, sha256, last }: ReadLedger): KnownLines {
  return { ...lines.index(), bytes: length, sha256, last: last ?? '', tree: tree.pack() }
}
