import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { zDigest } from '../../../shared/schema.ts'
import { writable, type Context } from '../work/context.ts'
import { together } from './together.ts'

/** `cause.lift`: two officers let content pass again that two people named as the cause of a rejection. */
export async function lift(
  context: Context,
  input: CallInput<'cause.lift'>,
): Promise<CallOutput<'cause.lift'>> {
  writable(context).need('high')
  const digest = zDigest.parse(input.digest)
  const { pending } = await together(context, { kind: 'cause.lift', digest }, input.officer)
  return { digest, pending }
}
