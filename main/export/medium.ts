import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { transferIdOf, type Digest } from '../../shared/digest.ts'
import type { Item } from '../../shared/waybill.ts'
import { sumsBytes } from '../bundle/medium.ts'
import { outContent, outPredicate, zOutMedium, type OutFile, type OutMedium } from '../bundle/out-medium.ts'
import { diskFailure } from '../platform/failure.ts'
import { flushFolder, writeRecord } from '../platform/files.ts'
import { digestOf, sha256Hex } from '../platform/hash.ts'
import { canonical } from '../platform/json.ts'
import { makeNewFolder } from '../platform/made-folder.ts'
import { signStatement, type Signer } from '../sign/signer.ts'
import { pemOf } from '../sigstore/public-key.ts'
import type { Exportable, Exported, ExportTools } from './export.ts'
import { writeFolder } from './folder.ts'
import { writeWhole } from './layout.ts'
import { outInstructions } from './out-instructions.ts'

/** One writing of accepted content to a medium. */
export interface OutOrder extends Pick<OutMedium, 'waybill' | 'desk' | 'form' | 'run' | 'copy' | 'written'> {
  /** The folder on the medium, which is not there yet. */
  readonly folder: string
  /** What the desk is called. */
  readonly deskName: string
  /** The drive that it lies on; `null` for a plain folder, or where it is not known. */
  readonly drive: { readonly serial: string | null; readonly volume: string | null } | null
  readonly station: Signer
}

/** Bytes for the small files of such a medium and the file system's own needs. */
export const outSpare = 4 * 1024 * 1024

const byPath = (a: OutFile, b: OutFile): number => (a.path < b.path ? -1 : 1)

async function writeSmall(folder: string, order: OutOrder, files: readonly OutFile[]): Promise<Digest> {
  const { station, waybill, form, deskName, desk, run, copy, written, drive } = order
  const said = {
    transfer: transferIdOf(waybill),
    waybill,
    form,
    station: station.key.fingerprint,
    desk: deskName,
  }
  const record = canonical(
    zOutMedium.parse({
      format: 'sallyport.export-medium/v1',
      ...{ waybill, desk, form, run, copy, written },
      files: [...files].sort(byPath),
      serial: drive?.serial ?? null,
      volume: drive?.volume ?? null,
      stamp: randomBytes(32).toString('hex'),
    }),
  )
  const subject = { name: 'export.json', digest: digestOf(record) }
  const small = new Map<string, Buffer>([
    ['VERIFY.txt', Buffer.from(outInstructions(said), 'utf8')],
    ['station.pub', Buffer.from(pemOf(station.key.spki), 'utf8')],
    ['export.json', record],
    ['export.sigstore.json', await signStatement(station, [subject], outPredicate, {})],
  ])
  const listed = [
    ...[...small].map(([name, bytes]) => ({ name, sha256: sha256Hex(bytes) })),
    ...files.map(({ path, digest }) => ({ name: path, sha256: digest.slice('sha256:'.length) })),
  ]
  const sums = sumsBytes(listed)
  small.set('SHA256SUMS', sums)
  small.set('SHA256SUMS.sig.bin', await station.sign(sums))
  for (const [name, bytes] of small) await writeRecord(join(folder, name), bytes, 0o644)
  return subject.digest
}

/**
 * Writes accepted content to a medium: everything under a name that ends in `.part`, flushed, renamed last. Whatever goes
 * wrong, nothing that looks whole stays behind.
 *
 * @param indexFor makes `index.json` for some of the items
 * @returns `record`: the digest of `export.json`
 * @throws Failure `target-shared`, `target-changed`, `content-damaged`, `disk-full`, `disk-failed`, `cancelled`
 */
export async function exportMedium(
  content: Exportable,
  order: OutOrder,
  indexFor: (items: readonly Item[]) => Uint8Array,
  tools: ExportTools,
): Promise<{ readonly done: Exported; readonly record: Digest }> {
  const made = await makeNewFolder(`${order.folder}.part`, 0o755)
  try {
    const place = join(made.path, outContent)
    await mkdir(place, { mode: 0o755 })
    const files: OutFile[] = []
    const wrote = (path: string, digest: Digest, size: number): void => {
      files.push({ path: relative(made.path, path).split(sep).join('/'), digest, size })
    }
    const noted = { ...tools, wrote }
    const done =
      order.form === 'folder'
        ? await writeFolder(content, place, indexFor, noted)
        : await writeWhole(content, place, indexFor(content.items), noted)
    tools.step('finish')
    const record = await writeSmall(made.path, order, files)
    await made.check()
    await flushFolder(made.path)
    await made.name(order.folder)
    return { done: { ...done, target: order.folder }, record }
  } catch (error) {
    await made.remove()
    throw diskFailure(error, order.folder)
  }
}
