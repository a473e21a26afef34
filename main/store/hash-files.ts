import { createHash } from 'node:crypto'
import type { Digest } from '../../shared/digest.ts'
import { causeOf, Failure } from '../platform/failure.ts'
import { BlockReader } from '../platform/hashed-file.ts'
import { closeQuietly, openRegularSync } from '../platform/regular.ts'
import type { TaskContext } from '../platform/workers.ts'

/** Several threads may be given the same list: each takes the next entry from `cursor` (one Int32). */
export interface HashInput {
  readonly paths: readonly string[]
  readonly cursor: SharedArrayBuffer
}

/** What a file is, or why it cannot be read. */
export interface FoundFile {
  readonly path: string
  readonly size: number
  readonly digest: Digest | null
  readonly problem: string | null
}

async function found(path: string, reader: BlockReader, context: TaskContext): Promise<FoundFile> {
  let file: number
  try {
    file = openRegularSync(path)
  } catch (error) {
    const problem = error instanceof Failure ? String(error.facts.found ?? error.code) : causeOf(error)
    return { path, size: 0, digest: null, problem }
  }
  const hash = createHash('sha256')
  try {
    const size = await reader.each(file, 0, null, (bytes) => {
      context.check()
      hash.update(bytes)
      context.advance(bytes.length)
      return Promise.resolve(true)
    })
    return { path, size, digest: `sha256:${hash.digest('hex')}`, problem: null }
  } catch (error) {
    if (error instanceof Failure) throw error
    return { path, size: 0, digest: null, problem: causeOf(error) }
  } finally {
    closeQuietly(file)
  }
}

/**
 * Worker task `hash-files`: what files are, each read once, never through a link. One that cannot be read is told.
 *
 * @throws Failure `cancelled`
 */
export async function hashFiles(input: HashInput, context: TaskContext): Promise<FoundFile[]> {
  const cursor = new Int32Array(input.cursor)
  const reader = new BlockReader()
  const done: FoundFile[] = []
  for (;;) {
    const path = input.paths[Atomics.add(cursor, 0, 1)]
    if (path === undefined) return done
    done.push(await found(path, reader, context))
  }
}
