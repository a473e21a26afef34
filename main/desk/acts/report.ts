import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { transferIdOf } from '../../../shared/digest.ts'
import { waybillSubject } from '../../bundle/signature-lines.ts'
import { reportTable } from '../../report/csv.ts'
import { reportPage } from '../../report/page.ts'
import { recordPredicate } from '../../report/record.ts'
import { signStatement } from '../../sign/signer.ts'
import type { Context } from '../work/context.ts'
import { crossingRecord, marksOf } from '../documents/crossing-record.ts'
import { asPdf, saveTo, toPrinter, type PaperPage } from '../documents/papers.ts'

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

async function onPaper(context: Context, id: string): Promise<PaperPage> {
  const desk = context.desk()
  const one = desk.consignment(id)
  const { record, digest } = await crossingRecord(desk, one)
  const marks = marksOf(record, digest, `${one.name} · ${transferIdOf(record.waybill.digest)}`)
  return { html: reportPage(record, digest), marks }
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
    case 'pdf':
      return asPdf(context, await onPaper(context, input.id), input.paper)
  }
}

/** `report.save`: to the place that was chosen, else into the desk's `reports/`. Never over something that is there. */
export async function save(context: Context, input: Input): Promise<CallOutput<'report.save'>> {
  const { id } = context.desk().consignment(input.id)
  return saveTo(context, { id, name: id, format: input.format, place: input.place, purpose: 'report' }, () =>
    bytesOf(context, input),
  )
}

/** `report.print`: the page that the PDF is made from, to a printer. */
export function print(
  context: Context,
  { id, paper }: CallInput<'report.print'>,
): Promise<CallOutput<'report.print'>> {
  return toPrinter(context, () => onPaper(context, id), paper)
}
