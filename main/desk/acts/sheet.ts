import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { transferIdOf } from '../../../shared/digest.ts'
import { Failure } from '../../platform/failure.ts'
import { custodySheet, labelSheet, leaving } from '../../report/sheets.ts'
import type { Context } from '../work/context.ts'
import { crossingRecord } from '../documents/crossing-record.ts'
import { printed, saveTo } from '../documents/papers.ts'

type Input = CallInput<'sheet.save'>

async function bytesOf(context: Context, input: Input): Promise<Uint8Array> {
  const desk = context.desk()
  const one = desk.consignment(input.id)
  const { record, digest } = await crossingRecord(desk, one)
  if (one.dropped !== null || leaving(record).length === 0) {
    throw new Failure('consignment-state', {
      found: one.state,
      expected: 'one with a copy that was read back',
    })
  }
  const page = input.kind === 'label' ? labelSheet(record) : custodySheet(record, digest)
  if (input.format === 'html') return Buffer.from(page, 'utf8')
  // Never the consignment's name: it may tell what is on the medium.
  return printed(context, page, {
    record,
    digest,
    name: transferIdOf(record.waybill.digest),
    paper: input.paper,
  })
}

/** `sheet.save`: labels or the custody sheet of the media that were written, saved as a report is. */
export async function save(context: Context, input: Input): Promise<CallOutput<'sheet.save'>> {
  const desk = context.desk()
  desk.need('low')
  const { id } = desk.consignment(input.id)
  const { kind, format, place } = input
  return saveTo(context, { id, name: `${id}-${kind}`, format, place, purpose: kind }, () =>
    bytesOf(context, input),
  )
}
