import { closeSync, constants, fstatSync, fsyncSync, openSync, realpathSync, statSync } from 'node:fs'
import { isDigest, type Digest } from '../../shared/digest.ts'
import { diskFailure, Failure } from '../platform/failure.ts'
import { BlockReader, HashedFile } from '../platform/hashed-file.ts'
import { closeQuietly, openRegularSync } from '../platform/regular.ts'
import type { TaskContext } from '../platform/workers.ts'
import type { FileRange } from './file-range.ts'
import { keepAs } from './keep.ts'

export interface CopyOrder {
  readonly from: FileRange
  readonly to: string
  /** The name that it gets once it is whole; else it keeps the one it was written under. */
  readonly keep?: string
  /** What it must be; `null` for a file whose digest is only now learnt. */
  readonly digest: Digest | null
  /** How many bytes it must be; a range of another size is damage. */
  readonly size: number
}

/** Several threads may be given the same list: each takes the next entry from `cursor` (one Int32). */
export interface CopyInput {
  readonly orders: readonly CopyOrder[]
  readonly cursor: SharedArrayBuffer
  /** Whether each copy is flushed to disc before it counts. */
  readonly flush: boolean
  readonly mode: number
  /** Whether it goes into the desk's own store, where an unfinished copy is begun again. */
  readonly inside: boolean
}
export interface Copied {
  readonly to: string
  readonly digest: Digest
  readonly size: number
}

const nameOf = (order: CopyOrder): string => order.digest ?? order.from.path

function openSource(order: CopyOrder): number {
  try {
    return openRegularSync(order.from.path)
  } catch (error) {
    if (error instanceof Failure && error.facts.found === 'ENOENT')
      throw new Failure('not-found', { subject: nameOf(order) }, error)
    throw error
  }
}

// What no digest tells must be the file at this very path: a folder above it may have been exchanged for a link since
// the path was found to lie inside.
function checkReal(source: number, path: string): void {
  const opened = fstatSync(source, { bigint: true })
  let found = 'it is gone'
  try {
    const there = statSync(path, { bigint: true })
    if (realpathSync(path) === path && there.dev === opened.dev && there.ino === opened.ino) return
    found = 'another file took its place'
  } catch {
    // Then it is gone.
  }
  throw new Failure('file-unreadable', { path, found })
}

// Never through a link, and outside the desk never into what is there: what is written is a new file.
function openTarget(path: string, { mode, inside }: CopyInput): number {
  const { O_WRONLY, O_CREAT, O_EXCL, O_TRUNC, O_NOFOLLOW } = constants
  return openSync(path, O_WRONLY | O_CREAT | O_NOFOLLOW | (inside ? O_TRUNC : O_EXCL), mode)
}

const damaged = (order: CopyOrder, expected: string | number, found: string | number): Failure =>
  new Failure('content-damaged', { subject: nameOf(order), expected, found })

interface CopyTools {
  readonly reader: BlockReader
  readonly context: TaskContext
}

async function pump(source: number, target: number, order: CopyOrder, tools: CopyTools): Promise<Copied> {
  const file = new HashedFile(target)
  const { position, size: most } = order.from
  let failed: unknown = null
  const taken = async (bytes: Buffer): Promise<boolean> => {
    tools.context.check()
    if (file.size + bytes.length > order.size) return false
    await file.put(bytes).catch((error: unknown) => {
      failed = diskFailure(error, order.to)
    })
    tools.context.advance(bytes.length, order.digest ?? undefined)
    return failed === null
  }
  const given = await tools.reader.each(source, position, most, taken).catch((error: unknown) => {
    throw diskFailure(error, order.from.path)
  })
  if (failed !== null) throw failed as Failure
  const digest = `sha256:${file.digest()}`
  if (given !== order.size) {
    throw damaged(order, `${order.size} bytes`, given > order.size ? 'more' : `${given} bytes`)
  }
  if (!isDigest(digest) || (order.digest !== null && digest !== order.digest)) {
    throw damaged(order, order.digest ?? 'a digest', digest)
  }
  return { to: order.to, digest, size: given }
}

// Some file systems tell only when a file is flushed or closed that they could not keep its bytes.
function end(target: number, path: string, flush: boolean): void {
  try {
    if (flush) fsyncSync(target)
  } catch (error) {
    closeQuietly(target)
    throw diskFailure(error, path)
  }
  try {
    closeSync(target)
  } catch (error) {
    throw diskFailure(error, path)
  }
}

async function copy(order: CopyOrder, input: CopyInput, tools: CopyTools): Promise<Copied> {
  const { path, size } = order.from
  if (size !== null && size !== order.size) throw damaged(order, `${order.size} bytes`, `${size} bytes`)
  const source = openSource(order)
  try {
    if (order.digest === null) checkReal(source, path)
    let target: number
    try {
      target = openTarget(order.to, input)
    } catch (error) {
      throw diskFailure(error, order.to)
    }
    const copied = await pump(source, target, order, tools).catch((error: unknown) => {
      closeQuietly(target)
      throw error
    })
    end(target, order.to, input.flush)
    return copied
  } finally {
    closeQuietly(source)
  }
}

/**
 * Worker task `copy-blobs`: copies files or ranges of them, hashing what it writes.
 *
 * @throws Failure `content-damaged`, `not-found`, `file-unreadable`, `disk-full`, `disk-failed`, `cancelled`
 */
export async function copyBlobs(input: CopyInput, context: TaskContext): Promise<Copied[]> {
  const cursor = new Int32Array(input.cursor)
  const tools = { reader: new BlockReader(), context }
  const done: Copied[] = []
  for (;;) {
    const order = input.orders[Atomics.add(cursor, 0, 1)]
    if (order === undefined) return done
    done.push(await copy(order, input, tools))
    if (order.keep !== undefined) keepAs(order.to, order.keep)
    if (order.digest !== null) context.finished(order.digest)
  }
}
