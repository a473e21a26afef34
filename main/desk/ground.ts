import type { Ground, History, SeenHead } from '../verify/types.ts'
import { parseWaybill } from '../bundle/waybill.ts'
import { signingRoles } from '../../shared/schema.ts'
import type { TrustedSigner } from '../trust/signers.ts'
import type { Desk } from './desk.ts'
import { roleFor } from './roles.ts'
import { waybillFile } from './sealed.ts'
import { streamOf } from './state/order.ts'

// The proofs of an earlier waybill are in its file; without it only newer heads can be proven.
async function headsOf(desk: Desk, sender: string): Promise<SeenHead[]> {
  const heads: SeenHead[] = []
  for (const { waybill, consignment, size, root } of desk.state.order.heads.get(sender) ?? []) {
    const proofs = await desk
      .readIn(consignment, waybillFile(waybill))
      .then((bytes) => parseWaybill(bytes).waybill.ledger.proofs)
      .catch(() => [])
    heads.push({ waybill, head: { size, root: Buffer.from(root, 'base64') }, proofs })
  }
  return heads
}

async function historyOf(desk: Desk): Promise<History> {
  const { order, causes } = desk.state
  const heads = new Map<string, SeenHead[]>()
  for (const sender of order.heads.keys()) heads.set(sender, await headsOf(desk, sender))
  return {
    stream: (sender, channel) => streamOf(order, sender, channel) ?? { seen: [], accepted: null, voids: [] },
    owner: (channel) => order.owners.get(channel) ?? null,
    heads: (sender) => heads.get(sender) ?? [],
    ledgerSize: desk.head().size,
    causes,
  }
}

/** What a high desk judges by: its trust, its policy, its memory, the time. */
export async function groundOf(desk: Desk): Promise<Ground> {
  const { state } = desk
  const { signers, lifetime } = state.policy.document
  return {
    trust: state.trust,
    signers,
    lifetime,
    here: desk.id,
    founding: state.founding,
    now: desk.now(),
    floor: state.order.floor,
    history: await historyOf(desk),
  }
}

/** What a low desk reads its own media back by: its own people, each for what their roles allow. */
export async function ownGround(desk: Desk): Promise<Ground> {
  const trust: TrustedSigner[] = desk.state.people.map(({ name, fingerprint, key, roles }) => ({
    name,
    fingerprint,
    key,
    roles: signingRoles.filter((role) => roles.includes(roleFor[role])),
    senders: null,
    channels: null,
  }))
  return { ...(await groundOf(desk)), trust }
}
