import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { causeOf, Failure } from '../platform/failure.ts'
import { sha256Hex } from '../platform/hash.ts'
import { parseCanonical } from '../platform/json.ts'
import { limits } from '../platform/limits.ts'
import { zEvent, type LedgerEvent } from './event.ts'
import { leafHash, Tree } from './merkle.ts'

/** The first line that is not as it must be; lines count from 1. */
export interface BadLine {
  readonly line: number
  readonly expected: string
  readonly found: string
}

export interface ReadLedger {
  readonly events: readonly LedgerEvent[]
  readonly tree: Tree
  /** Hash of the last whole line, hex. */
  readonly last: string | null
  /** Bytes of whole lines. */
  readonly length: number
  /** A last line without its line end, as a crash in mid-append leaves it. */
  readonly torn: Buffer | null
  readonly bad: BadLine | null
}

export const ledgerFile = (folder: string): string => join(folder, 'ledger.jsonl')

async function* linesOf(path: string): AsyncGenerator<{ bytes: Buffer; whole: boolean }> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    rest = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer])
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

/**
 * Reads a ledger and checks form, order and chain of every line. Writes nothing.
 *
 * @throws Failure `ledger-damaged` when the file cannot be read at all
 */
export async function readLedger(folder: string): Promise<ReadLedger> {
  const path = ledgerFile(folder)
  const events: LedgerEvent[] = []
  const tree = new Tree()
  let last: string | null = null
  let length = 0
  let torn: Buffer | null = null
  let bad: BadLine | null = null
  try {
    await stat(path)
    for await (const { bytes, whole } of linesOf(path)) {
      if (!whole) {
        torn = Buffer.from(bytes)
        break
      }
      const result = problemOf(bytes, events.length + 1, last)
      if (!('format' in result)) {
        bad = result
        break
      }
      events.push(result)
      tree.append(leafHash(bytes))
      last = sha256Hex(bytes)
      length += bytes.length + 1
    }
  } catch (error) {
    throw new Failure('ledger-damaged', { expected: 'a readable ledger.jsonl', found: causeOf(error) }, error)
  }
  return { events, tree, last, length, torn, bad }
}
