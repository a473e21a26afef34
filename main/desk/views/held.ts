import { isDecided } from '../../../shared/rules/decision.ts'
import type { ConsignmentView } from '../../../shared/views.ts'
import type { Desk } from '../desk.ts'
import { orderNow } from '../judging/order-now.ts'
import type { Consignment } from '../state/consignment.ts'
import { isSeen } from '../state/remembered.ts'

/** What holds a consignment by the order at this moment, as a release would name it; `null` where nothing does. */
export async function heldView(desk: Desk, one: Consignment): Promise<ConsignmentView['held']> {
  const { state } = desk
  const { waybill, decided } = one
  // Only what counts as seen is ever released; the rest is refused for other reasons.
  if (state.card.side !== 'high' || waybill === null || isDecided(decided) || !isSeen(state, waybill))
    return null
  // A waybill that cannot be read is said by the verdict; it is no reason to show nothing.
  const now = await orderNow(desk, one).catch(() => null)
  if (now?.first?.effect !== 'held') return null
  const { row, why, rests } = now.first
  return { row, why, rests: { ...rests, others: [...rests.others], missing: [...rests.missing] } }
}
