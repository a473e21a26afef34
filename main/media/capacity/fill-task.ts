import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { causeOf } from '../../platform/failure.ts'
import type { TaskContext } from '../../platform/workers.ts'
import { blockBytes, keystream } from './keystream.ts'

export interface FillInput {
  readonly folder: string
  /** Hex, 32 bytes. */
  readonly key: string
  /** Bytes of one file at most; a multiple of a block. */
  readonly fileBytes: number
}

export interface Filled {
  readonly written: number
  /** What ended it before the medium was full; `null`: nothing. */
  readonly error: string | null
}

export const fileName = (number: number): string => String(number).padStart(4, '0')

const isFull = (error: unknown): boolean => ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(causeOf(error))

/** Writes all of `bytes`, in smaller and smaller pieces where it becomes full. Gives how many went. */
function put(handle: number, bytes: Buffer): { readonly count: number; readonly full: boolean } {
  let count = 0
  let piece = bytes.length
  while (count < bytes.length) {
    try {
      count += writeSync(handle, bytes, count, Math.min(piece, bytes.length - count))
    } catch (error) {
      if (!isFull(error)) throw error
      if (piece <= 512) return { count, full: true }
      piece = Math.max(512, Math.floor(piece / 8))
    }
  }
  return { count, full: false }
}

function fillFile(
  path: string,
  position: number,
  { key, fileBytes }: FillInput,
  context: TaskContext,
): { readonly count: number; readonly full: boolean } {
  const next = keystream(Buffer.from(key, 'hex'), position)
  const handle = openSync(path, 'wx')
  try {
    let total = 0
    while (total < fileBytes) {
      context.check()
      const { count, full } = put(handle, next(blockBytes))
      total += count
      context.advance(count)
      if (full) {
        fsyncSync(handle)
        return { count: total, full }
      }
    }
    fsyncSync(handle)
    return { count: total, full: false }
  } finally {
    closeSync(handle)
  }
}

/**
 * Worker task `fill-medium`: fills all that is free with the test's stream, in files of a folder that is there. What is
 * counted was written and flushed without an error.
 *
 * @throws Failure `cancelled`
 */
export function fillMedium(input: FillInput, context: TaskContext): Filled {
  let written = 0
  for (let number = 0; number < 10_000; number++) {
    try {
      const { count, full } = fillFile(join(input.folder, fileName(number)), written, input, context)
      written += count
      if (full) return { written, error: null }
    } catch (error) {
      context.check()
      return { written, error: isFull(error) ? null : causeOf(error).slice(0, 200) }
    }
  }
  return { written, error: 'more than 10,000 files' }
}
