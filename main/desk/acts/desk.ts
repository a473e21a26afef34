import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { hexOf } from '../../../shared/digest.ts'
import { Failure } from '../../platform/failure.ts'
import { fingerprintOf, wordsOf } from '../../trust/fingerprint.ts'
import type { Change } from '../state/change.ts'
import { isCurrent } from '../state/changes.ts'
import { checkChange, officersOf } from '../state/check-change.ts'
import { writable, type Context } from '../work/context.ts'
import { checkText } from './input.ts'
import { completeChange, makeChange, proposeChange } from './make-change.ts'
import { together } from './together.ts'
import { createDesk } from '../disk/create.ts'
import { openDesk, readDeskCard } from '../disk/open.ts'
import { deskFolder } from '../folder.ts'
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

// Only what is certainly no high desk lets this process speak as before.
async function mayBeHigh(root: string): Promise<boolean> {
  try {
    return (await readDeskCard(deskFolder(root))).side !== 'low'
  } catch (error) {
    return !(error instanceof Failure && error.code === 'desk-not-found')
  }
}

/** `desk.open`: for writing with its lock, or for reading without. With a high desk the process falls silent for good. */
export async function open(
  context: Context,
  input: CallInput<'desk.open'>,
): Promise<CallOutput<'desk.open'>> {
  if (context.opened !== null) throw new Failure('desk-open')
  // What runs without a desk may speak to anybody, as a process with a high desk must not.
  if (context.jobs.running()) throw new Failure('job-running', { found: 'work that has not ended' })
  const root = context.places.path(input.place, 'desk')
  context.silent ||= await mayBeHigh(root)
  const changed = (): void => context.tell('desk', { id: context.opened?.desk.id ?? null })
  context.opened = await openDesk(root, input.mode, context.ports.clock, changed, context.ports)
  context.silent ||= context.opened.desk.state.card.side !== 'low'
  changed()
  return deskView(context.opened.desk)
}

/** `desk.unlock`: opens the desk past a lock that nobody answers for, records why, and closes it again. */
export async function unlock(
  context: Context,
  input: CallInput<'desk.unlock'>,
): Promise<CallOutput<'desk.unlock'>> {
  if (context.opened !== null) throw new Failure('desk-open')
  const { place, reason } = input
  checkText('the reason', reason)
  const root = context.places.path(place, 'desk')
  context.silent ||= await mayBeHigh(root)
  const quiet = (): void => undefined
  const { desk, lock } = await openDesk(root, 'write', context.ports.clock, quiet, context.ports, reason)
  try {
    if (lock?.takenFrom == null) throw new Failure('nothing-to-change', { found: 'no lock' })
    return { recovered: [...desk.recovered] }
  } finally {
    await lock?.release()
  }
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

/** `desk.seal`: the first officer proposes it, a second one's signature seals the desk. */
export async function seal(
  context: Context,
  input: CallInput<'desk.seal'>,
): Promise<CallOutput<'desk.seal'>> {
  const desk = writable(context)
  const { state } = desk
  const officers = officersOf(state).map(({ id, fingerprint }) => ({ id, fingerprint }))
  const change: Change = { kind: 'desk.seal', officers }
  checkChange(state, change)
  const open = state.changes.find(
    (one) => one.signed === null && one.withdrawn === null && isCurrent(state, one),
  )
  if (open === undefined) {
    const { one, view } = await proposeChange(context, desk, change, input)
    return { sealed: false, seal: one.digest, words: wordsOf(hexOf(one.digest)), pending: view }
  }
  await completeChange(context, desk, open, input)
  return { sealed: true, seal: open.digest, words: wordsOf(hexOf(open.digest)), pending: null }
}

/**
 * `desk.restored`: two officers record that this desk was put back, with both heads. From then on it can be written to,
 * and each stream is lost until its recovery is recorded. While the desk is founding one person may.
 */
export async function restored(
  context: Context,
  input: CallInput<'desk.restored'>,
): Promise<CallOutput<'desk.restored'>> {
  const desk = writable(context, true)
  const { putBack, state } = desk
  if (putBack === null)
    throw new Failure('nothing-to-change', { found: 'the newest known head of this desk' })
  const headOf = ({ size, root }: typeof putBack.kept): { size: number; root: string } => ({
    size,
    root: root.toString('hex'),
  })
  // What the first officer asked for stands in the ledger itself, which has grown by that.
  const asked = state.changes
    .filter((one) => one.signed === null && one.withdrawn === null && isCurrent(state, one))
    .map((one) => one.document.change)
    .find((one) => one.kind === 'desk.restored' && one.kept.root === headOf(putBack.kept).root)
  const now = { kind: 'desk.restored', kept: headOf(putBack.kept), found: headOf(putBack.found) } as const
  const change = asked?.kind === 'desk.restored' ? asked : now
  const { pending } = state.founding
    ? await makeChange(context, change, input.officer)
    : await together(context, change, input.officer)
  return { kept: change.kept, found: change.found, pending }
}
