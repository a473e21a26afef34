import { causeOf, Failure } from '../../platform/failure.ts'
import { limits } from '../../platform/limits.ts'
import { openPool } from '../../platform/workers.ts'
import type { RegoQuestion, RegoSaid } from './rego-task.ts'

/** Asks a rule set in a thread that ends with it: by its answer, or because its time is over. Whatever else becomes of the thread is no answer. */
export async function askInThread(question: RegoQuestion, time: number = limits.regoTime): Promise<RegoSaid> {
  const pool = openPool(1, limits.regoThread)
  const signal = AbortSignal.timeout(time)
  try {
    return await pool.run<RegoSaid>('ask-rego', question, { signal })
  } catch (error) {
    const late = error instanceof Failure && error.code === 'cancelled'
    const found = late ? 'none by then' : causeOf(error instanceof Failure ? error.cause : error)
    const expected = late ? `an answer within ${time / 1000} seconds` : 'an answer'
    return { answered: false, reason: late ? 'time' : 'trap', expected, found }
  } finally {
    await pool.close()
  }
}
