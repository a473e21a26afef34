import type { CallInput, CallOutput, LongResult } from '../../../shared/contract.ts'
import { hexOf } from '../../../shared/digest.ts'
import type { MadeWaybill } from '../../bundle/waybill.ts'
import { findingsOf } from '../../../shared/rules/findings.ts'
import { leftOutOf } from '../../../shared/rules/left-out.ts'
import { Failure } from '../../platform/failure.ts'
import { wordsOf } from '../../trust/fingerprint.ts'
import { makeWaybill } from '../documents/make-waybill.ts'
import { checkPeople } from '../judging/request-checks.ts'
import type { Desk } from '../desk.ts'
import type { Consignment } from '../state/consignment.ts'
import { barredWay } from '../state/streams.ts'
import { writable, type Context } from '../work/context.ts'

/** A consignment with its waybill, as the work that made it ends. */
export function madeOf(id: string, made: MadeWaybill): LongResult<'waybill.make'> {
  const { waybill, digest } = made
  const carried = waybill.blobs.filter((blob) => blob.state === 'carried')
  return {
    id,
    waybill: digest,
    words: wordsOf(hexOf(digest)),
    items: waybill.items.length,
    blobs: carried.length,
    bytes: carried.reduce((total, blob) => total + blob.size, 0),
    findings: findingsOf(waybill.items),
    leftOut: leftOutOf(waybill.items),
  }
}

/** One that nobody released may always be made again; a released one only where its way is barred. */
function checkAgain(desk: Desk, one: Consignment): void {
  const { state, releasedAt, closed, pruned } = one
  const expected = 'collected or being signed, or released with its way barred'
  if (closed !== null || pruned) throw new Failure('consignment-state', { found: state, expected })
  const again =
    releasedAt === null
      ? state === 'collected' || state === 'signing'
      : barredWay(desk.state, one, desk.now()) !== null
  if (!again) throw new Failure('consignment-state', { found: state, expected })
}

/** `waybill.make`: makes the waybill of what is collected again, with the numbers that are next. Nothing is fetched. */
export async function make(
  context: Context,
  input: CallInput<'waybill.make'>,
): Promise<CallOutput<'waybill.make'>> {
  const desk = writable(context)
  desk.need('low')
  const one = desk.consignment(input.id)
  checkAgain(desk, one)
  checkPeople(desk, one.requester ?? '')
  const job = context.jobs.start('waybill', ['make'], async (on) => {
    on.about(one.id)
    return madeOf(one.id, await makeWaybill(desk, one.id))
  })
  return { job }
}
