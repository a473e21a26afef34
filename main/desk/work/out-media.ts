import { randomUUID } from 'node:crypto'
import { lstat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { outFolderOf } from '../../bundle/out-medium.ts'
import type { Exportable } from '../../export/export.ts'
import { outSpare, type OutOrder } from '../../export/medium.ts'
import type { Target } from '../../media/target.ts'
import { Failure } from '../../platform/failure.ts'
import type { Desk } from '../desk.ts'
import type { Consignment } from '../state/consignment.ts'

/**
 * Where accepted content will lie on a medium.
 *
 * @throws Failure `medium-exists`: it is there already, or was left unfinished
 */
export async function outFolder(target: Target, waybill: OutOrder['waybill']): Promise<string> {
  const folder = join(target.path, outFolderOf(waybill))
  for (const one of [folder, `${folder}.part`])
    if ((await lstat(one).catch(() => null)) !== null)
      throw new Failure('medium-exists', { found: basename(folder) })
  return folder
}

/**
 * Demands that content fits a medium, before the first byte.
 *
 * @throws Failure `medium-full`, `medium-file`
 */
export function checkFits({ blobs }: Exportable, { free, largest }: Target): void {
  const needed = blobs.reduce((sum, { size }) => sum + size, outSpare)
  if (free !== null && free < needed) throw new Failure('medium-full', { expected: needed, found: free })
  const most = blobs.reduce((found, { size }) => Math.max(found, size), 0)
  if (largest !== null && most > largest) throw new Failure('medium-file', { expected: largest, found: most })
}

/** One writing of what was accepted under a waybill: the next copy. */
export function outOrder(
  desk: Desk,
  one: Consignment & { readonly waybill: OutOrder['waybill'] },
  folder: string,
  form: OutOrder['form'],
  drive: OutOrder['drive'],
): OutOrder {
  return {
    waybill: one.waybill,
    desk: desk.id,
    form,
    run: randomUUID(),
    copy: one.exports.filter(({ medium }) => medium !== undefined).length + 1,
    written: desk.now(),
    folder,
    deskName: desk.state.card.name,
    drive,
    station: desk.signer(),
  }
}
