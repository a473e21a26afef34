import type { CallInput, CallOutput, LongResult } from '../../../shared/contract.ts'
import { hexOf } from '../../../shared/digest.ts'
import type { MadeWaybill } from '../../bundle/waybill.ts'
import { Failure } from '../../platform/failure.ts'
import { wordsOf } from '../../trust/fingerprint.ts'
import { makeWaybill } from '../documents/make-waybill.ts'
import { checkPeople } from '../judging/request-checks.ts'
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
    findings: waybill.items.reduce((total, item) => total + item.findings.length, 0),
  }
}

/** `waybill.make`: makes the waybill of what is collected again, with the numbers that are next. Nothing is fetched. */
export async function make(
  context: Context,
  input: CallInput<'waybill.make'>,
): Promise<CallOutput<'waybill.make'>> {
  const desk = writable(context)
  desk.need('low')
  const one = desk.consignment(input.id)
  if (one.state !== 'collected' && one.state !== 'signing') {
    throw new Failure('consignment-state', { found: one.state, expected: 'collected or being signed' })
  }
  checkPeople(desk, one.requester ?? '')
  const job = context.jobs.start('waybill', ['make'], async (on) => {
    on.about(one.id)
    return madeOf(one.id, await makeWaybill(desk, one.id))
  })
  return { job }
}
