import { closeSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { causeOf, Failure } from '../../platform/failure.ts'
import { openRegularSync } from '../../platform/regular.ts'
import type { TaskContext } from '../../platform/workers.ts'
import { fileName } from './fill-task.ts'
import { blockBytes, keystream } from './keystream.ts'

export interface CompareInput {
  readonly folder: string
  readonly key: string
  readonly fileBytes: number
  /** Bytes that were written. */
  readonly written: number
}

export interface Compared {
  readonly right: number
  /** The first byte that was wrong or could not be read; `null`: none. */
  readonly wrongAt: number | null
  readonly error: string | null
}

function readAt(handle: number, into: Buffer, length: number, at: number): number {
  let count = 0
  while (count < length) {
    const read = readSync(handle, into, count, length - count, at + count)
    if (read === 0) break
    count += read
  }
  return count
}

// Where two blocks differ first; -1: nowhere.
function differs(found: Buffer, wanted: Buffer): number {
  if (found.equals(wanted)) return -1
  for (let i = 0; i < wanted.length; i++) if (found[i] !== wanted[i]) return i
  return found.length
}

/** What a reading has come to so far. */
class Tally {
  right = 0
  wrongAt: number | null = null
  error: string | null = null

  wrong(at: number, error: string | null): void {
    this.wrongAt ??= at
    this.error ??= error
  }
}

function compareFile(
  path: string,
  position: number,
  size: number,
  key: Buffer,
  tally: Tally,
  context: TaskContext,
): void {
  const next = keystream(key, position)
  const block = Buffer.alloc(blockBytes)
  const handle = openRegularSync(path)
  try {
    for (let at = 0; at < size; at += blockBytes) {
      context.check()
      const length = Math.min(blockBytes, size - at)
      const wanted = next(length)
      const count = readAt(handle, block, length, at)
      const differing = differs(block.subarray(0, count), wanted)
      if (differing === -1) tally.right += length
      else tally.wrong(position + at + differing, null)
      context.advance(length)
    }
  } finally {
    closeSync(handle)
  }
}

/**
 * Worker task `compare-medium`: reads back what `fill-medium` wrote and compares every byte. Goes on after what is
 * wrong, so that it is known how much is right; a block with a wrong byte counts for nothing.
 *
 * @throws Failure `cancelled`
 */
export function compareMedium(input: CompareInput, context: TaskContext): Compared {
  const { folder, fileBytes, written } = input
  const key = Buffer.from(input.key, 'hex')
  const tally = new Tally()
  for (let position = 0; position < written; position += fileBytes) {
    const size = Math.min(fileBytes, written - position)
    try {
      const path = join(folder, fileName(position / fileBytes))
      compareFile(path, position, size, key, tally, context)
    } catch (error) {
      context.check()
      const cause = error instanceof Failure ? (error.cause ?? error) : error
      tally.wrong(position, causeOf(cause).slice(0, 200))
    }
  }
  const { right, wrongAt, error } = tally
  return { right, wrongAt, error }
}
