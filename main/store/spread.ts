import { Failure } from '../platform/failure.ts'
import type { Pool, RunOptions } from '../platform/workers.ts'

/**
 * Runs one task on every thread over one list; each thread takes the next entry from a shared cursor. The first
 * failure stops the others, and is the one that is thrown.
 *
 * @returns what each thread gave back
 */
export async function spread<Output>(
  pool: Pool,
  task: string,
  input: Readonly<Record<string, unknown>>,
  entries: number,
  options: RunOptions,
): Promise<Output[]> {
  const stop = new AbortController()
  const forward = (): void => stop.abort()
  options.signal?.addEventListener('abort', forward)
  if (options.signal?.aborted === true) stop.abort()
  const cursor = new SharedArrayBuffer(4)
  let first: { error: unknown } | undefined
  const one = (): Promise<Output | undefined> =>
    pool
      .run<Output>(task, { ...input, cursor }, { ...options, signal: stop.signal })
      .catch((error: unknown) => {
        first ??= { error }
        stop.abort()
        return undefined
      })
  const outputs = await Promise.all(Array.from({ length: Math.min(pool.size, entries) }, one))
  options.signal?.removeEventListener('abort', forward)
  if (options.signal?.aborted === true) throw new Failure('cancelled')
  if (first !== undefined) throw first.error
  return outputs.filter((output) => output !== undefined)
}
