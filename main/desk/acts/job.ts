import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import type { Context } from '../work/context.ts'

/** `job.list`: so that a window that was loaded again sees what is under way. */
export async function list(context: Context): Promise<CallOutput<'job.list'>> {
  return { jobs: context.jobs.list() }
}

/** `job.wait`: answers when the work has ended. */
export async function wait(context: Context, input: CallInput<'job.wait'>): Promise<CallOutput<'job.wait'>> {
  return context.jobs.wait(input.job)
}

/** `job.cancel`. */
export async function cancel(
  context: Context,
  input: CallInput<'job.cancel'>,
): Promise<CallOutput<'job.cancel'>> {
  context.jobs.cancel(input.job)
  return {}
}

/** `job.retry`. */
export async function retry(
  context: Context,
  input: CallInput<'job.retry'>,
): Promise<CallOutput<'job.retry'>> {
  context.jobs.goOn(input.job, input.item, 'again')
  return {}
}

/** `job.leave-out`. */
export async function leaveOut(
  context: Context,
  input: CallInput<'job.leave-out'>,
): Promise<CallOutput<'job.leave-out'>> {
  context.jobs.goOn(input.job, input.item, 'leave-out')
  return {}
}
