import type { Digest } from '../../../shared/digest.ts'
import type { SeenWaybill, StreamMemory } from '../../../shared/rules/stream-memory.ts'
import type { TrustedSigner } from '../../trust/signers.ts'
import { epochOf, streamOf } from './order.ts'
import type { DeskState } from './state.ts'

type Remembering = Pick<DeskState, 'order' | 'trust'>

const trustsFor = (signer: TrustedSigner, sender: string, channel: string): boolean =>
  (signer.senders === null || signer.senders.includes(sender)) &&
  (signer.channels === null || signer.channels.includes(channel))

/** What this desk remembers of a sender and channel, with the trust that is in force now. */
export function memoryOf(state: Remembering, sender: string, channel: string): StreamMemory {
  const { order, trust } = state
  const known = streamOf(order, sender, channel)
  const good = new Set(trust.filter((one) => trustsFor(one, sender, channel)).map((one) => one.fingerprint))
  // Events of earlier versions do not name the keys: nothing is held against those waybills.
  const seen = (known?.seen ?? []).map(({ signers, ...entry }): SeenWaybill => {
    return { ...entry, trusted: signers.every((one) => good.has(one)) }
  })
  return {
    seen,
    epoch: epochOf(order, channel),
    owner: order.owners.get(channel) ?? null,
    releases: known?.releases ?? [],
    recoveries: known?.recoveries ?? [],
    lost: (known?.recovered ?? 0) < order.putBack,
  }
}

/** Whether a waybill counts as seen at this desk. */
export function isSeen({ order }: Pick<DeskState, 'order'>, waybill: Digest): boolean {
  return order.entries.has(waybill)
}
