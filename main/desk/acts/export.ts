import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { Failure } from '../../platform/failure.ts'
import type { Context } from '../context.ts'
/** placeholder until the export stage lands */
export async function start(
  _context: Context,
  _input: CallInput<'export.start'>,
): Promise<CallOutput<'export.start'>> {
  throw new Failure('not-here', { expected: 'export' })
}
