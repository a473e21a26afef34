import type { Sheet } from '../../../shared/calls/sheet.ts'
import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { transferIdOf } from '../../../shared/digest.ts'
import { fileStem } from '../../../shared/names.ts'
import { Failure } from '../../platform/failure.ts'
import { refusedMedium } from '../../report/refused-medium.ts'
import { custodySheet, labelSheet, leaving } from '../../report/sheets.ts'
import type { Desk } from '../desk.ts'
import { refusedAt } from './refused.ts'
import { deskCardOf, keyCardOf, landingCardOf } from '../documents/cards.ts'
import { certificatePage, statisticsPage } from '../documents/media-papers.ts'
import { crossingRecord, marksOf } from '../documents/crossing-record.ts'
import { asPdf, marksNow, saveTo, toPrinter, type PaperPage } from '../documents/papers.ts'
import type { Context } from '../work/context.ts'

async function forMedia(context: Context, kind: 'label' | 'custody', id: string): Promise<PaperPage> {
  const desk = context.desk()
  const one = desk.consignment(id)
  const { record, digest } = await crossingRecord(desk, one)
  if (one.dropped !== null || leaving(record).length === 0) {
    throw new Failure('consignment-state', {
      found: one.state,
      expected: 'one with a copy that was read back',
    })
  }
  const html = kind === 'label' ? labelSheet(record) : custodySheet(record, digest)
  // Never the consignment's name: it may tell what is on the medium.
  return { html, marks: marksOf(record, digest, transferIdOf(record.waybill.digest)) }
}

async function refusedOf(desk: Desk, sequence: number): Promise<PaperPage> {
  desk.need('high')
  const { reading, digest, drive, verdict } = await refusedAt(desk, sequence)
  if (verdict === null) throw new Failure('verdict-not-kept', { sequence })
  const { marking, card } = desk.state
  const { scope, at, waybill } = reading
  const html = refusedMedium({
    desk: { id: desk.id, name: card.name },
    marking,
    sequence,
    waybill,
    verdict: { ...verdict, digest, at, scope },
    drive,
  })
  return { html, marks: marksNow(desk, `Refused medium · ${card.name}`, digest) }
}

/** A sheet: its page, what it is of, and what a file of it is called where nobody chose a name. */
async function pageOf(
  context: Context,
  sheet: Sheet,
): Promise<{ readonly page: PaperPage; readonly id: string; readonly file: string }> {
  const desk = context.desk()
  switch (sheet.kind) {
    case 'label':
    case 'custody': {
      const { kind, id } = sheet
      return { page: await forMedia(context, kind, id), id, file: `${id}-${kind}` }
    }
    case 'key-card': {
      const page = keyCardOf(desk, sheet.person)
      return { page, id: sheet.person, file: `${fileStem(page.person) || 'person'}-key-card` }
    }
    case 'refused': {
      const { sequence } = sheet
      return { page: await refusedOf(desk, sequence), id: String(sequence), file: `refused-${sequence}` }
    }
    case 'certificate': {
      const page = certificatePage(desk, sheet.label)
      return { page, id: sheet.label, file: `${fileStem(sheet.label) || 'medium'}-certificate` }
    }
    case 'statistics': {
      const { month } = sheet
      return { page: statisticsPage(desk, month), id: month, file: `statistics-${month}` }
    }
    case 'landing-card':
      return {
        page: landingCardOf(desk),
        id: desk.id,
        file: `${fileStem(desk.state.card.name) || 'desk'}-landing-card`,
      }
    case 'desk-card':
      return {
        page: deskCardOf(desk),
        id: desk.id,
        file: `${fileStem(desk.state.card.name) || 'desk'}-desk-card`,
      }
  }
}

/** `sheet.show`: the sheet, for the window. */
export async function show(
  context: Context,
  input: CallInput<'sheet.show'>,
): Promise<CallOutput<'sheet.show'>> {
  const { page } = await pageOf(context, input.sheet)
  return { html: page.html }
}

/** `sheet.save`: saved as a report is. */
export async function save(
  context: Context,
  input: CallInput<'sheet.save'>,
): Promise<CallOutput<'sheet.save'>> {
  const { sheet, format, paper, place } = input
  const { page, id, file } = await pageOf(context, sheet)
  return saveTo(context, { id, name: file, format, place, purpose: sheet.kind }, async () =>
    format === 'html' ? Buffer.from(page.html, 'utf8') : asPdf(context, page, paper),
  )
}

/** `sheet.print`: the page that the PDF is made from, to a printer. */
export function print(
  context: Context,
  { sheet, paper }: CallInput<'sheet.print'>,
): Promise<CallOutput<'sheet.print'>> {
  return toPrinter(context, async () => (await pageOf(context, sheet)).page, paper)
}
