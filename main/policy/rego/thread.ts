import { causeOf, Failure } from '../../platform/failure.ts'
import { limits } from '../../platform/limits.ts'
import { openPool } from '../../platform/workers.ts'
import type { RegoQuestion, RegoSaid } from './rego-task.ts'

/** How long somebody waits for an answer, and what ends that before its time. */
interface Patience {
  /** In milliseconds. */
  readonly time?: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Asks a rule set in a thread that ends with it: by its answer, because its time is over, or because nobody waits any
 * more. Whatever else becomes of the thread is no answer.
 *
 * @throws Failure `cancelled`
 */
export async function askInThread(
  question: RegoQuestion,
  { time = limits.regoTime, signal }: Patience = {},
): Promise<RegoSaid> {
  const pool = openPool(1, limits.regoThread)
  const ending = new AbortController()
  const end = (): void => ending.abort()
  const timer = setTimeout(end, time)
  signal?.addEventListener('abort', end)
  if (signal?.aborted === true) end()
  try {
    return await pool.run<RegoSaid>('ask-rego', question, { signal: ending.signal })
  } catch (error) {
    // Who cancels gets no answer, not one that says that the time was over.
    if (signal?.aborted === true) throw new Failure('cancelled', {}, error)
    const late = error instanceof Failure && error.code === 'cancelled'
    const found = late ? 'none by then' : causeOf(error instanceof Failure ? error.cause : error)
    const expected = late ? `an answer within ${time / 1000} seconds` : 'an answer'
    return { answered: false, reason: late ? 'time' : 'trap', expected, found }
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', end)
    await pool.close()
  }
}
