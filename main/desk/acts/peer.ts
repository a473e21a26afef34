import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { isDigest } from '../../../shared/digest.ts'
import { Failure } from '../../platform/failure.ts'
import { writable, type Context } from '../work/context.ts'
import { readCard } from './card.ts'
import { checkTyped } from './input.ts'
import { makeChange } from './make-change.ts'

/** `peer.add`: pairs with another desk; its id and the digest of its seal come from paper. */
export async function add(context: Context, input: CallInput<'peer.add'>): Promise<CallOutput<'peer.add'>> {
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
