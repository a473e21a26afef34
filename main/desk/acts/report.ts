import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { transferIdOf } from '../../../shared/digest.ts'
import { waybillSubject } from '../../bundle/signature-lines.ts'
import { reportTable } from '../../report/csv.ts'
import { reportPage } from '../../report/page.ts'
import { recordPredicate } from '../../report/record.ts'
import { signStatement } from '../../sign/signer.ts'
import type { Context } from '../work/context.ts'
import { crossingRecord } from '../documents/crossing-record.ts'
import { printed, saveTo } from '../documents/papers.ts'

type Input = CallInput<'report.save'>

/** `report.show`: the page, for the window. */
export async function show(
  context: Context,
  input: CallInput<'report.show'>,
): Promise<CallOutput<'report.show'>> {
  const desk = context.desk()
  const one = desk.consignment(input.id)
  const { record, digest } = await crossingRecord(desk, one)
  return { id: one.id, html: reportPage(record, digest), digest }
}

async function bytesOf(context: Context, input: Input): Promise<Uint8Array> {
  const desk = context.desk()
  const { record, digest } = await crossingRecord(desk, desk.consignment(input.id))
  switch (input.format) {
    case 'json':
      return signStatement(desk.station, [waybillSubject(record.waybill.digest)], recordPredicate, record)
    case 'csv':
      return Buffer.from(reportTable(record, digest), 'utf8')
    case 'html':
      return Buffer.from(reportPage(record, digest), 'utf8')
    case 'pdf': {
      const name = `${record.consignment.name} · ${transferIdOf(record.waybill.digest)}`
      const marks = { record, digest, name, paper: input.paper }
      return printed(context, reportPage(record, digest), marks)
    }
  }
}

/** `report.save`: to the place that was chosen, else into the desk's `reports/`. Never over something that is there. */
export async function save(context: Context, input: Input): Promise<CallOutput<'report.save'>> {
  const { id } = context.desk().consignment(input.id)
  return saveTo(context, { id, name: id, format: input.format, place: input.place, purpose: 'report' }, () =>
    bytesOf(context, input),
  )
}
