import { basename } from 'node:path'
import { saved } from '../../../shared/calls/place.ts'
import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { Failure } from '../../platform/failure.ts'
import type { Context } from '../work/context.ts'

/** `place.choose`: asks the person at the screen. */
export async function choose(
  context: Context,
  input: CallInput<'place.choose'>,
): Promise<CallOutput<'place.choose'>> {
  const ask = context.ports.choose
  if (ask === undefined) throw new Failure('not-here', { expected: 'a screen with dialogs' })
  if (input.intent === 'save' && !saved.includes(input.purpose)) {
    throw new Failure('bad-input', { found: `save, ${input.purpose}`, expected: 'open' })
  }
  const path = await ask(input)
  if (path === null) return { place: null, label: '' }
  return { place: context.places.register(input.purpose, path), label: basename(path) || path }
}
