import { Failure } from '../../platform/failure.ts'
import type { Desk } from '../desk.ts'
import type { Consignment } from '../state/consignment.ts'
import { takenNumber } from '../state/streams.ts'

/**
 * The numbers that a waybill has must still be the next ones of their streams.
 *
 * @throws Failure `number-taken`
 */
export function checkNumbers(desk: Desk, one: Consignment): void {
  const taken = takenNumber(desk.state, one)
  if (taken !== null) throw new Failure('number-taken', { found: taken.sequence, id: one.id })
}
