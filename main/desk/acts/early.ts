import type { CallInput, CallName, CallOutput } from '../../../shared/contract.ts'
import type { Context } from '../work/context.ts'
import * as job from './job.ts'
import * as place from './place.ts'
import * as settings from './settings.ts'

/** What does a call of the contract. */
export type Act<Name extends CallName> = (
  context: Context,
  input: CallInput<Name>,
) => Promise<CallOutput<Name>>

/** One function for each call of the contract. */
export type Acts = { readonly [Name in CallName]: Act<Name> }

/** What a window asks before a desk is open, and what nothing waits for: there before the rest of the engine is read. */
export const early = {
  'job.list': job.list,
  'job.wait': job.wait,
  'job.retry': job.retry,
  'job.leave-out': job.leaveOut,
  'job.cancel': job.cancel,
  'place.choose': place.choose,
  'settings.show': settings.show,
  'settings.set': settings.set,
} as const satisfies Partial<Acts>
