import { lstat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Paper } from '../../../shared/calls/report.ts'
import type { CallOutput } from '../../../shared/contract.ts'
import type { Digest } from '../../../shared/digest.ts'
import { Failure } from '../../platform/failure.ts'
import { makeFolder, writeRecord } from '../../platform/files.ts'
import { sha256Hex } from '../../platform/hash.ts'
import type { CrossingRecord } from '../../report/record.ts'
import { checkOutside } from '../disk/outside.ts'
import type { Context } from '../work/context.ts'

/** A page as PDF, with the marks of its record on each sheet of paper. @throws Failure `not-here` */
export async function printed(
  context: Context,
  page: string,
  of: {
    readonly record: CrossingRecord
    readonly digest: Digest
    readonly name: string
    readonly paper: Paper | undefined
  },
): Promise<Uint8Array> {
  const { print } = context.ports
  if (print === undefined) throw new Failure('not-here', { expected: 'a printer of pages (the desktop app)' })
  const { record, digest, name, paper = 'a4' } = of
  const ledger = `${record.ledger.size} ${record.ledger.root}`
  return print(page, { marking: record.marking, name, record: digest, ledger, paper })
}

/**
 * Saves what is for paper or for a log book: to the place that was chosen, else into the desk's `reports/`.
 *
 * @throws Failure `file-exists`: never over something that is there
 */
export async function saveTo(
  context: Context,
  to: {
    readonly id: string
    readonly name: string
    readonly format: string
    readonly place: string | undefined
    readonly purpose: 'report' | 'label' | 'custody'
  },
  make: () => Promise<Uint8Array>,
): Promise<CallOutput<'report.save'>> {
  const desk = context.desk()
  const { id, name, format, place } = to
  const stamp = desk.now().replace(/[-:]/g, '')
  const own = join(desk.folder.reports, `${name}-${stamp}.${format}`)
  const path = place === undefined ? own : context.places.path(place, to.purpose)
  if (place === undefined) {
    desk.signer()
    await makeFolder(desk.folder.reports)
  } else await checkOutside(desk, path)
  if ((await lstat(path).catch(() => null)) !== null) throw new Failure('file-exists', { path })
  const bytes = await make()
  await writeRecord(path, bytes, 0o644)
  return { id, file: basename(path), sha256: sha256Hex(bytes) }
}
