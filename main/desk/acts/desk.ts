import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { Failure } from '../../platform/failure.ts'
import { fingerprintOf } from '../../trust/fingerprint.ts'
import type { Context } from '../work/context.ts'
import { createDesk, openDesk } from '../disk/open.ts'
import { unmarked } from '../state/state.ts'
import { deskView } from '../views/desk.ts'

/** `desk.create`: a new desk in a new or empty folder. It is not opened. */
export async function create(
  context: Context,
  input: CallInput<'desk.create'>,
): Promise<CallOutput<'desk.create'>> {
  const { place, side, name, marking } = input
  const root = context.places.path(place, 'desk')
  const made = await createDesk({ root, side, name, marking: marking ?? unmarked }, context.ports.clock)
  return { id: made.id, side, name, station: fingerprintOf(made.station.key.fingerprint) }
}

/** `desk.open`: for writing with its lock, or for reading without. */
export async function open(
  context: Context,
  input: CallInput<'desk.open'>,
): Promise<CallOutput<'desk.open'>> {
  if (context.opened !== null) throw new Failure('desk-open')
  const root = context.places.path(input.place, 'desk')
  const changed = (): void => context.tell('desk', { id: context.opened?.desk.id ?? null })
  context.opened = await openDesk(root, input.mode, context.ports.clock, changed)
  changed()
  return deskView(context.opened.desk)
}

/** `desk.close`: frees the lock. Not while work is under way. */
export async function close(context: Context): Promise<CallOutput<'desk.close'>> {
  if (context.jobs.running()) throw new Failure('job-running', { found: 'work that has not ended' })
  await context.opened?.lock?.release()
  context.opened = null
  context.jobs.forget()
  context.tell('desk', { id: null })
  return {}
}

/** `desk.show`. */
export async function show(context: Context): Promise<CallOutput<'desk.show'>> {
  return deskView(context.desk())
}
