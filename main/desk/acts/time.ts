import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import type { Context } from '../work/context.ts'
import { together } from './together.ts'

/** `time.floor`: two officers set what this desk takes for the earliest possible time, also to an earlier one. */
export async function floor(
  context: Context,
  input: CallInput<'time.floor'>,
): Promise<CallOutput<'time.floor'>> {
  const { at } = input
  const { pending } = await together(context, { kind: 'time.floor', at }, input.officer)
  return { at, pending }
}
