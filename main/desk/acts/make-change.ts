import type { CallInput } from '../../../shared/contract.ts'
import type { ChangeView } from '../../../shared/changes.ts'
import { Failure } from '../../platform/failure.ts'
import { writeCaches } from '../disk/caches.ts'
import { settleLandingKeys } from '../disk/landing-keys.ts'
import { changeDigest, needsOfficers, type Change, type ChangeDocument } from '../state/change.ts'
import { signChange } from '../state/change-statement.ts'
import { writable, type Context } from '../work/context.ts'
import type { Desk } from '../desk.ts'
import { revokedIn } from '../state/revoked.ts'
import { judgeAgain, judgeChannel } from '../judging/standing.ts'
import { checkOfficer, isCurrent, stateDigest } from '../state/changes.ts'
import { checkChange } from '../state/check-change.ts'
import { personHere, type ChangeState } from '../state/state.ts'
import { changeView } from '../views/trust.ts'
import { proveKey } from './prove-key.ts'

type Officer = NonNullable<CallInput<'person.add'>['officer']>
/** Consignments that a change had judged again, and accepted ones that it has flagged. */
export interface Touched {
  readonly judged: string[]
  readonly flagged: string[]
}
const untouched: Touched = { judged: [], flagged: [] }

// A reading that is under way judges by the trust that it began with, and a sealing by its key: the two must not cross.
function checkIdle(context: Context, change: Change): void {
  const takes =
    ['trust.revoke', 'person.key', 'landing.key'].includes(change.kind) || change.kind.startsWith('stream.')
  if (takes && context.jobs.running()) throw new Failure('job-running', { found: 'work that has not ended' })
}

/** The channel of a high desk whose order a change touches: what is undecided on it is judged again. */
function channelOf(desk: Desk, change: Change): string | null {
  if (desk.state.card.side !== 'high') return null
  if (change.kind === 'stream.epoch' || change.kind === 'stream.move') return change.channel
  if (change.kind !== 'stream.release') return null
  return desk.state.consignments.get(change.consignment)?.channel ?? null
}

async function afterwards(desk: Desk, change: Change, old: string | null): Promise<Touched> {
  await writeCaches(desk.folder, desk.state)
  if (change.kind === 'landing.key' || change.kind === 'trust.revoke') await settleLandingKeys(desk)
  const channel = channelOf(desk, change)
  if (channel !== null) return { judged: await judgeChannel(desk, channel), flagged: [] }
  if (old === null || (change.kind !== 'trust.revoke' && change.kind !== 'person.key')) return untouched
  const judged = desk.state.card.side === 'high' ? await judgeAgain(desk, old) : []
  const flagged = [...desk.state.consignments.values()].filter(
    (one) =>
      (one.decided === 'accept' || one.releasedAt !== null) &&
      revokedIn(desk.state, one).some((key) => key.fingerprint === old),
  )
  return { judged, flagged: flagged.map((one) => one.id) }
}

function oldKey(desk: Desk, change: Change): string | null {
  if (change.kind === 'trust.revoke') return change.fingerprint
  if (change.kind !== 'person.key') return null
  return desk.state.people.find((one) => one.id === change.id)?.fingerprint ?? null
}

/** The first officer asks for a change; nothing is in force yet. @throws Failure of the rule that it breaks */
export async function proposeChange(
  context: Context,
  desk: Desk,
  change: Change,
  input: Officer,
): Promise<{ readonly one: ChangeState; readonly view: ChangeView }> {
  const { state } = desk
  checkOfficer(state, desk.person(input.person), change, null)
  const { person, signer } = await proveKey(context, desk, input)
  const document: ChangeDocument = {
    desk: desk.id,
    number: state.changes.length + 1,
    version: state.version + 1,
    before: stateDigest(state),
    change,
  }
  const at = desk.now()
  const statement = await signChange(signer, { act: 'sign', document, person: person.id, time: at })
  const { number, version, before } = document
  await desk.record(
    'change.proposed',
    { number, version, before, change, person: person.id, at },
    { subjects: [changeDigest(document)], statements: [statement], person, outcome: change.kind },
  )
  const one = changeOf(desk, number)
  return { one, view: changeView(desk, one) }
}

/**
 * Makes a change: at once while the desk is founding, as the first of two officers once it is sealed.
 *
 * @throws Failure of the rule that it breaks, `officers-needed` on a sealed desk without an officer
 */
export async function makeChange(
  context: Context,
  change: Change,
  officer: Officer | undefined,
): Promise<Touched & { readonly pending: ChangeView | null }> {
  const desk = writable(context, change.kind === 'desk.restored')
  const { state } = desk
  checkIdle(context, change)
  checkChange(state, change)
  if (state.founding && needsOfficers(change)) throw new Failure('seal-first')
  if (!state.founding) {
    if (officer === undefined) throw new Failure('officers-needed')
    return { ...untouched, pending: (await proposeChange(context, desk, change, officer)).view }
  }
  if (officer !== undefined) {
    throw new Failure('bad-input', {
      found: 'an officer’s key',
      expected: 'none: this desk is not sealed yet',
    })
  }
  const old = oldKey(desk, change)
  if (change.kind === 'person.add') await desk.record('person.added', { person: change.person })
  else if (change.kind === 'trust.add') await desk.record('trust.added', { signer: change.signer })
  else if (change.kind === 'policy.set') {
    const { version, digest, source } = change
    await desk.record('policy.set', { version, digest, source }, { subjects: [digest] })
  } else await desk.record('change.made', { change })
  return { ...(await afterwards(desk, change, old)), pending: null }
}

/** @throws Failure `change-unknown` */
export function changeOf(desk: Desk, number: number): ChangeState {
  const one = desk.state.changes[number - 1]
  if (one === undefined) throw new Failure('change-unknown', { found: number })
  return one
}

/** @throws Failure `change-ended` */
export function checkPending(one: ChangeState): void {
  const { number } = one.document
  if (one.signed !== null) throw new Failure('change-ended', { number, found: 'in force' })
  if (one.withdrawn !== null) throw new Failure('change-ended', { number, found: 'withdrawn' })
}

/** The second officer signs: with this the change is in force. @throws Failure of the rule that it breaks */
export async function completeChange(
  context: Context,
  desk: Desk,
  one: ChangeState,
  input: Officer,
): Promise<Touched> {
  const { state } = desk
  checkPending(one)
  const { document, proposed } = one
  if (!isCurrent(state, one)) throw new Failure('change-stale', { number: document.number })
  const { change, number } = document
  checkIdle(context, change)
  const first = desk.person(proposed.person)
  checkOfficer(state, desk.person(input.person), change, personHere(first))
  checkChange(state, change)
  const { person, signer } = await proveKey(context, desk, input)
  const at = desk.now()
  const old = oldKey(desk, change)
  const statement = await signChange(signer, { act: 'sign', document, person: person.id, time: at })
  await desk.record(
    'change.signed',
    { number, person: person.id, at },
    { subjects: [one.digest], statements: [statement], person, outcome: change.kind },
  )
  return afterwards(desk, change, old)
}
