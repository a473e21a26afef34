import { Failure } from '../../platform/failure.ts'
import type { Desk } from '../desk.ts'
import type { Consignment } from '../state/consignment.ts'
import { oldWaybill } from '../state/streams.ts'

/**
 * A waybill that is signed or written must be the one that counts: with numbers that are its own or still free, in the
 * epoch in force, not expired, not void, and telling every void of its streams.
 *
 * @throws Failure `waybill-old`
 */
export function checkCurrent(desk: Desk, one: Consignment): void {
  const found = oldWaybill(desk.state, one, desk.now())
  if (found !== null) throw new Failure('waybill-old', { found, id: one.id })
}
