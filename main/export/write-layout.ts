import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { hexOf, type Digest } from '../../shared/digest.ts'
import { diskFailure } from '../platform/failure.ts'
import { flushFolder } from '../platform/files.ts'
import type { CopyOrder } from '../store/copy-blobs.ts'
import { wholeFile } from '../store/file-range.ts'
import { spread } from '../store/spread.ts'
import type { ExportTools } from './export.ts'

const layoutVersion = '{"imageLayoutVersion":"1.0.0"}'

async function writeFlushed(path: string, bytes: string | Uint8Array): Promise<void> {
  const handle = await open(path, 'wx', 0o644)
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Copies files on all threads, each hashed as it is written. */
export async function copyAll(orders: readonly CopyOrder[], tools: ExportTools): Promise<void> {
  const input = { orders, flush: true, mode: 0o644, inside: false }
  const advance = (bytes: number): void => tools.advance(bytes)
  await spread(tools.pool, 'copy-blobs', input, orders.length, { signal: tools.signal, advance })
}

export interface LayoutContent {
  readonly index: Uint8Array
  readonly blobs: readonly { readonly digest: Digest; readonly size: number }[]
  path(digest: Digest): string
}

/**
 * Writes an OCI image layout into an empty folder.
 *
 * @throws Failure `content-damaged`, `disk-full`, `disk-failed`, `cancelled`
 */
export async function writeLayout(folder: string, content: LayoutContent, tools: ExportTools): Promise<void> {
  const place = join(folder, 'blobs', 'sha256')
  try {
    await mkdir(place, { recursive: true })
    const orders = content.blobs.map(({ digest, size }) => ({
      from: wholeFile(content.path(digest)),
      to: join(place, hexOf(digest)),
      digest,
      size,
    }))
    await copyAll(orders, tools)
    await writeFlushed(join(folder, 'index.json'), content.index)
    await writeFlushed(join(folder, 'oci-layout'), layoutVersion)
    for (const one of [place, join(folder, 'blobs'), folder]) await flushFolder(one)
  } catch (error) {
    throw diskFailure(error, folder)
  }
}
