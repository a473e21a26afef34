import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { hexOf } from '../../../shared/digest.ts'
import { Failure } from '../../platform/failure.ts'
import { compareTyped } from '../../trust/fingerprint.ts'
import { landingKeyName } from '../state/put-in-force.ts'
import type { DeskState } from '../state/state.ts'
import { signerView } from '../views/people.ts'
import { writable, type Context } from '../work/context.ts'
import { checkName, checkText, checkTyped } from './input.ts'
import { makeChange } from './make-change.ts'
import { readPublicKey } from './prove-key.ts'

/** `trust.add`: only with the whole fingerprint, typed from paper. */
export async function add(context: Context, input: CallInput<'trust.add'>): Promise<CallOutput<'trust.add'>> {
  writable(context)
  const { name, sender, channel } = input
  checkText('the name', name)
  if (channel !== undefined) checkName('the channel', channel)
  const { fingerprint, spki } = await readPublicKey(context, input.key)
  checkTyped(input.fingerprint, fingerprint)
  const signer = {
    name,
    fingerprint,
    key: spki.toString('base64'),
    roles: [...new Set(input.roles)].sort(),
    senders: sender === undefined ? null : [sender],
    channels: channel === undefined ? null : [channel],
  }
  const { pending } = await makeChange(context, { kind: 'trust.add', signer }, input.officer)
  return { ...signerView(signer), pending }
}

/** Everything here that can be revoked, by fingerprint. */
function revocable(state: DeskState): { readonly fingerprint: string; readonly name: string }[] {
  const roots = state.roots.map(({ digest, name }) => ({ fingerprint: hexOf(digest), name }))
  const { identities } = state.policy.document
  const named = identities.flatMap((one) =>
    'key' in one ? [{ name: one.name, fingerprint: one.fingerprint }] : [],
  )
  const landing =
    state.landing === null ? [] : [{ name: landingKeyName, fingerprint: state.landing.fingerprint }]
  return [...state.people, ...state.trust, ...roots, ...named, ...landing]
}

/** `trust.revoke`: of a key of either side or of a trusted root, for good. */
export async function revoke(
  context: Context,
  input: CallInput<'trust.revoke'>,
): Promise<CallOutput<'trust.revoke'>> {
  const { state } = writable(context)
  const { reason } = input
  checkText('the reason', reason)
  const found = revocable(state).find((one) => compareTyped(input.fingerprint, one.fingerprint) === 'same')
  if (found === undefined) throw new Failure('revoke-unknown', { found: input.fingerprint.slice(0, 200) })
  const { fingerprint, name } = found
  const made = await makeChange(context, { kind: 'trust.revoke', fingerprint, reason }, input.officer)
  return { fingerprint, name, reason, ...made }
}
