import { lstat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { Failure } from '../../platform/failure.ts'
import { makeFolder, writeRecord } from '../../platform/files.ts'
import { sha256Hex } from '../../platform/hash.ts'
import { waybillSubject } from '../../bundle/signature-lines.ts'
import { reportPage } from '../../report/page.ts'
import { recordPredicate } from '../../report/record.ts'
import { signStatement } from '../../sign/signer.ts'
import type { Context } from '../context.ts'
import { crossingRecord } from '../crossing.ts'
import type { Desk } from '../desk.ts'
import type { Consignment } from '../state/consignment.ts'

type Format = CallInput<'report.save'>['format']

async function bytesOf(context: Context, desk: Desk, one: Consignment, format: Format): Promise<Uint8Array> {
  const { record, digest } = await crossingRecord(desk, one)
  if (format === 'json') {
    return signStatement(desk.station, [waybillSubject(record.waybill.digest)], recordPredicate, record)
  }
  const page = reportPage(record, digest)
  if (format === 'html') return Buffer.from(page, 'utf8')
  const { print } = context.ports
  if (print === undefined) throw new Failure('not-here', { expected: 'a printer of pages (the desktop app)' })
  const ledger = `${record.ledger.size} ${record.ledger.root}`
  return print(page, { marking: record.marking, name: `${one.name} · ${one.id}`, record: digest, ledger })
}

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

/** `report.save`: to the place that was chosen, else into the desk's `reports/`. Never over something that is there. */
export async function save(
  context: Context,
  input: CallInput<'report.save'>,
): Promise<CallOutput<'report.save'>> {
  const desk = context.desk()
  const one = desk.consignment(input.id)
  const { format, place } = input
  const stamp = desk.now().replace(/[-:]/g, '')
  const own = join(desk.folder.reports, `${one.id}-${stamp}.${format}`)
  const path = place === undefined ? own : context.places.path(place, 'report')
  if (place === undefined) {
    desk.signer()
    await makeFolder(desk.folder.reports)
  }
  if ((await lstat(path).catch(() => null)) !== null) throw new Failure('file-exists', { path })
  const bytes = await bytesOf(context, desk, one, format)
  await writeRecord(path, bytes, 0o644)
  return { id: one.id, file: basename(path), sha256: sha256Hex(bytes) }
}
