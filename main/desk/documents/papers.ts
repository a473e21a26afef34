import { lstat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Paper } from '../../../shared/calls/report.ts'
import type { Sheet } from '../../../shared/calls/sheet.ts'
import type { Digest } from '../../../shared/digest.ts'
import type { Desk } from '../desk.ts'
import { Failure } from '../../platform/failure.ts'
import { makeFolder, writeRecord } from '../../platform/files.ts'
import { sha256Hex } from '../../platform/hash.ts'
import { checkOutside } from '../disk/outside.ts'
import type { Context, PrintMarks } from '../work/context.ts'

/** What is printed: a page, and the marks that each sheet of paper carries. */
export interface PaperPage {
  readonly html: string
  readonly marks: Omit<PrintMarks, 'paper'>
}

/** The marks of a page that is made from what the desk knows now; `record`: the digest of the record under it. */
export function marksNow(desk: Desk, name: string, record: Digest | null = null): PaperPage['marks'] {
  const { size, root } = desk.head()
  return { marking: desk.state.marking, name, record, ledger: `${size} ${root.toString('hex')}` }
}

/** A page as PDF. @throws Failure `not-here` */
export async function asPdf(
  context: Context,
  { html, marks }: PaperPage,
  paper: Paper = 'a4',
): Promise<Uint8Array> {
  const { print } = context.ports
  if (print === undefined) throw new Failure('not-here', { expected: 'a printer of pages (the desktop app)' })
  return print(html, { ...marks, paper })
}

/**
 * Hands a page to the system's print dialog: the very page that a PDF is made from.
 *
 * @param make makes it, in turn with what else is asked of the desk; the dialog then holds up nothing
 * @throws Failure `not-here`, `print-failed`
 */
export async function toPrinter(
  context: Context,
  make: () => Promise<PaperPage>,
  paper: Paper = 'a4',
): Promise<{ readonly printed: boolean }> {
  const { printOut } = context.ports
  if (printOut === undefined) throw new Failure('not-here', { expected: 'a printer (the desktop app)' })
  const { html, marks } = await context.turn(make)
  return { printed: await printOut(html, { ...marks, paper }) }
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
    readonly purpose: 'report' | Sheet['kind']
  },
  make: () => Promise<Uint8Array>,
): Promise<{ readonly id: string; readonly file: string; readonly sha256: string }> {
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
