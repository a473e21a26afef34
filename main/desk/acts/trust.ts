import { basename } from 'node:path'
import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { hexOf, isDigest } from '../../../shared/digest.ts'
import { isFreeText, isName } from '../../../shared/names.ts'
import { Failure } from '../../platform/failure.ts'
import { readCapped } from '../../platform/files.ts'
import { digestOf } from '../../platform/hash.ts'
import { limits } from '../../platform/limits.ts'
import { compareTyped } from '../../trust/fingerprint.ts'
import { publicGoodRoot } from '../../trust/public-good.ts'
import { contentOfRoot, RootError } from '../../trust/root.ts'
import { writable, type Context } from '../work/context.ts'
import type { DeskState } from '../state/state.ts'
import { rootView } from '../views/trust.ts'
import { readCard } from './card.ts'
import { makeChange } from './change.ts'
import { checkTyped } from './typed.ts'

/** Everything here that can be revoked, by fingerprint. */
function revocable(state: DeskState): { readonly fingerprint: string; readonly name: string }[] {
  const roots = state.roots.map(({ digest, name }) => ({ fingerprint: hexOf(digest), name }))
  const { identities } = state.policy.document
  const named = identities.flatMap((one) =>
    'key' in one ? [{ name: one.name, fingerprint: one.fingerprint }] : [],
  )
  return [...state.people, ...state.trust, ...roots, ...named]
}

/** `trust.revoke`: of a key of either side or of a trusted root, for good. */
export async function revoke(
  context: Context,
  input: CallInput<'trust.revoke'>,
): Promise<CallOutput<'trust.revoke'>> {
  const { state } = writable(context)
  const { reason } = input
  if (!isFreeText(reason)) {
    throw new Failure('bad-input', {
      found: 'the reason',
      expected: 'visible text of at most 500 characters',
    })
  }
  const found = revocable(state).find((one) => compareTyped(input.fingerprint, one.fingerprint) === 'same')
  if (found === undefined) throw new Failure('revoke-unknown', { found: input.fingerprint.slice(0, 200) })
  const { fingerprint, name } = found
  const made = await makeChange(context, { kind: 'trust.revoke', fingerprint, reason }, input.officer)
  return { fingerprint, name, reason, ...made }
}

/** `root.add`: only with the whole fingerprint of the file, typed from paper. */
export async function addRoot(
  context: Context,
  input: CallInput<'root.add'>,
): Promise<CallOutput<'root.add'>> {
  const desk = writable(context)
  const { name } = input
  if (!isName(name)) {
    throw new Failure('bad-input', {
      found: 'the name',
      expected: 'letters, digits and . _ / @ : + - (at most 200)',
    })
  }
  const { bytes, origin } = await rootFrom(context, input.place)
  const source = bytes.toString('utf8')
  checkTyped(input.fingerprint, hexOf(digestOf(bytes)))
  checkRoot(bytes)
  const root = { name, digest: digestOf(bytes), source, origin, tuf: null }
  const { pending } = await makeChange(context, { kind: 'root.add', root }, input.officer)
  const installed = desk.state.roots.find((one) => one.name === name)
  return { ...rootView(installed ?? { ...root, at: null, by: [] }), pending }
}

async function rootFrom(
  context: Context,
  place: string | null,
): Promise<{ readonly bytes: Buffer; readonly origin: string }> {
  if (place === null)
    return { bytes: Buffer.from(publicGoodRoot, 'utf8'), origin: 'the copy that is built in' }
  const path = context.places.path(place, 'trusted-root')
  const label = basename(path)
  const origin = isFreeText(label) ? `file ${label}` : 'a file'
  return { bytes: await readCapped(path, limits.trustedRootBytes), origin }
}

function checkRoot(bytes: Buffer): void {
  try {
    contentOfRoot(bytes)
  } catch (error) {
    if (error instanceof RootError) throw new Failure('root-form', { found: error.message }, error)
    throw error
  }
}

/** `peer.add`: pairs with another desk; its id and the digest of its seal come from paper. */
export async function addPeer(
  context: Context,
  input: CallInput<'peer.add'>,
): Promise<CallOutput<'peer.add'>> {
  writable(context)
  const card = await readCard(context, input.card)
  checkTyped(input.id, card.id)
  const seal =
    input.seal
      ?.replace(/\s+/g, '')
      .toLowerCase()
      .replace(/^(?!sha256:)/, 'sha256:') ?? null
  if (seal !== null && !isDigest(seal)) {
    throw new Failure('bad-input', { found: 'the seal', expected: 'all 64 hex digits, or sha256: and these' })
  }
  const peer = { id: card.id, side: card.side, name: card.name, seal }
  const { pending } = await makeChange(context, { kind: 'peer.add', peer }, input.officer)
  return { ...peer, pending }
}
