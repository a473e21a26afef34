import type { Ground, History, SeenHead } from '../../verify/types.ts'
import { parseWaybill } from '../../bundle/waybill.ts'
import { isConsistent } from '../../ledger/merkle.ts'
import { signingRoles } from '../../../shared/schema.ts'
import type { TrustedSigner } from '../../trust/signers.ts'
import type { Digest } from '../../../shared/digest.ts'
import type { Policy } from '../../../shared/policy.ts'
import { standingOverrides, type Override } from '../../../shared/rules/override.ts'
import type { Desk } from '../desk.ts'
import { evidenceGround, type Tried } from './evidence.ts'
import { roleFor } from '../../../shared/rules/roles.ts'
import { waybillFile } from '../disk/waybill.ts'
import { personHere, consignmentOf } from '../state/state.ts'
import { writtenAhead } from '../../../shared/rules/written-ahead.ts'
import { memoryOf } from '../state/remembered.ts'

// The proofs of an earlier waybill are in its file, which is read only when they are asked for.
function headsOf(desk: Desk, sender: string): SeenHead[] {
  return (desk.state.order.heads.get(sender) ?? []).map(({ waybill, consignment, size, root }) => ({
    waybill,
    head: { size, root: Buffer.from(root, 'base64') },
    proofs: () =>
      desk
        .readIn(consignment, waybillFile(waybill))
        .then((bytes) => parseWaybill(bytes).waybill.ledger.proofs)
        .catch(() => []),
  }))
}

// Every desk's ledger begins with nothing; a head of that size says nothing.
function containsHead(desk: Desk, size: number, root: string): boolean {
  const now = desk.head()
  if (size === 0) return true
  if (size > now.size) return false
  const earlier = { size, root: Buffer.from(root, 'base64') }
  return size === now.size ? earlier.root.equals(now.root) : isConsistent(earlier, now, desk.proof(size))
}

function historyOf(desk: Desk): History {
  const { order, causes } = desk.state
  return {
    stream: (sender, channel) => memoryOf(desk.state, sender, channel),
    heads: (sender) => headsOf(desk, sender),
    ended: (sender) => order.ended.get(sender) ?? null,
    contains: (size, root) => containsHead(desk, size, root),
    ledgerSize: desk.head().size,
    causes,
  }
}

function overridesOf(
  { state }: Desk,
  { exceptions }: Policy,
  waybill: Digest,
  now: string,
): readonly Override[] {
  const one = consignmentOf(state, waybill)
  const people = state.people
    .filter(({ fingerprint }) => !state.revoked.has(fingerprint))
    .map((person) => personHere(person))
  const ahead = writtenAhead(exceptions, people, now)
  return [...(one === undefined ? [] : standingOverrides(one.overrides)), ...ahead]
}

/** What a high desk judges by: its trust, its policy (unless another one is tried), its memory, the time. */
export function groundOf(desk: Desk, tried?: Tried): Ground {
  const { state } = desk
  const policy = tried?.policy ?? state.policy.document
  const { signers, clockTolerance } = policy
  return {
    trust: state.trust,
    signers,
    evidence: evidenceGround(desk, tried),
    here: desk.id,
    founding: state.founding,
    revoked: state.revoked,
    now: desk.now(),
    floor: state.floor,
    tolerance: clockTolerance,
    history: historyOf(desk),
    overrides: (waybill) => overridesOf(desk, policy, waybill, desk.now()),
  }
}

/** What a low desk reads its own media back by: its own people, each for what their roles allow. */
export function ownGround(desk: Desk): Ground {
  const trust: TrustedSigner[] = desk.state.people.map(({ name, fingerprint, key, roles }) => ({
    name,
    fingerprint,
    key,
    roles: signingRoles.filter((role) => roles.includes(roleFor[role])),
    senders: null,
    channels: null,
  }))
  return { ...groundOf(desk), trust }
}
