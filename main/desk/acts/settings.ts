import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { Failure } from '../../platform/failure.ts'
import { version } from '../../platform/version.ts'
import type { Context, SettingsPort } from '../work/context.ts'

function portOf(context: Context): SettingsPort {
  const { settings } = context.ports
  if (settings === undefined) throw new Failure('not-here', { expected: 'the desktop app' })
  return settings
}

/** `settings.show`. */
export async function show(context: Context): Promise<CallOutput<'settings.show'>> {
  return { settings: await portOf(context).read(), version }
}

/** `settings.set`: keeps all of them. */
export async function set(
  context: Context,
  input: CallInput<'settings.set'>,
): Promise<CallOutput<'settings.set'>> {
  await portOf(context).write(input.settings)
  return {}
}
