import type { Digest } from '../../../shared/digest.ts'
import { orderOf, type OrderAnswer } from '../../../shared/rules/order.ts'
import { askedOf } from '../../verify/checks/order.ts'
import { Failure } from '../../platform/failure.ts'
import type { Desk } from '../desk.ts'
import { readWaybill } from '../disk/waybill.ts'
import type { Consignment } from '../state/consignment.ts'
import { groundOf } from './ground.ts'

/**
 * What the order says of a consignment's waybill at this moment.
 *
 * @throws Failure `consignment-state` for one that is not addressed to this desk
 */
export async function orderNow(
  desk: Desk,
  one: Consignment,
): Promise<OrderAnswer & { readonly waybill: Digest }> {
  const { waybill, digest } = await readWaybill(desk, one)
  const { history } = groundOf(desk)
  const asked = askedOf(waybill, digest, desk.id, history)
  if (asked === null) {
    const found = 'addressed to another desk'
    throw new Failure('consignment-state', { found, expected: 'one for this desk' })
  }
  return { waybill: digest, ...orderOf(history.stream(asked.sender, waybill.channel), asked) }
}
