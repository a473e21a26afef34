import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { Failure } from '../../platform/failure.ts'
import { openVerdict } from '../documents/verdict-act.ts'
import { judgeNow } from '../judging/standing.ts'
import { writable, type Context } from '../work/context.ts'

/** `verify.again`: a new verdict of what nobody decided yet, by what is in force now and what was read of it before. */
export async function again(
  context: Context,
  input: CallInput<'verify.again'>,
): Promise<CallOutput<'verify.again'>> {
  const desk = writable(context)
  desk.need('high')
  if (context.jobs.running()) throw new Failure('job-running', { found: 'work that has not ended' })
  const one = desk.consignment(input.id)
  const { verdict } = await openVerdict(desk, one)
  const fresh = await judgeNow(desk, one)
  return { id: one.id, outcome: (fresh ?? verdict).outcome }
}
