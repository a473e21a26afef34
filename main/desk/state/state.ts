import type { Digest } from '../../../shared/digest.ts'
import type { Policy } from '../../../shared/policy.ts'
import type { DeskCard } from '../../../shared/waybill.ts'
import type { LedgerEvent } from '../../ledger/event.ts'
import type { TrustedSigner } from '../../trust/signers.ts'
import type { Person } from '../record.ts'
import { newConsignment, type Consignment } from './consignment.ts'
import type { newOrder } from './order.ts'

/** Everything a desk knows, replayed from its ledger. Nothing else is believed. */
export interface DeskState {
  card: DeskCard
  marking: string
  people: Person[]
  trust: TrustedSigner[]
  policy: { digest: Digest; source: string; document: Policy }
  /** By id, in the order in which they came. */
  consignments: Map<string, Consignment>
  order: ReturnType<typeof newOrder>
  /** Digests named by both people of a rejection. */
  causes: Set<Digest>
  /** Until desks can be sealed, every desk is founding. */
  founding: boolean
}

export const unmarked = 'NOT MARKED'

/** What an event says besides its facts. */
export interface Around {
  readonly at: string
  readonly statements: readonly string[]
  readonly actors: LedgerEvent['actors']
}

export function consignmentIn(state: DeskState, id: string, at: string): Consignment {
  const known = state.consignments.get(id)
  if (known !== undefined) {
    known.updated = at
    return known
  }
  const made = newConsignment(id, at)
  made.marking = state.marking
  state.consignments.set(id, made)
  return made
}
