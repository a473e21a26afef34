import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { diskFailure } from '../platform/failure.ts'
import { digestOf } from '../platform/hash.ts'
import { flushFolder } from '../platform/files.ts'
import type { CopyOrder } from '../store/copy-blobs.ts'
import { wholeFile } from '../store/file-range.ts'
import { spread } from '../store/spread.ts'
import type { ExportTools } from './export.ts'
import { blobFolder, layoutFiles, type LayoutContent } from './layout-files.ts'

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
  for (const { to, digest, size } of orders) if (digest !== null) tools.wrote?.(to, digest, size)
}

/**
 * Writes an OCI image layout into an empty folder.
 *
 * @throws Failure `content-damaged`, `disk-full`, `disk-failed`, `cancelled`
 */
export async function writeLayout(folder: string, content: LayoutContent, tools: ExportTools): Promise<void> {
  const place = join(folder, blobFolder)
  const files = layoutFiles(content)
  try {
    await mkdir(place, { recursive: true })
    const orders = files.flatMap((file): CopyOrder[] => {
      if ('bytes' in file) return []
      const { name, digest, size, path } = file
      return [{ from: wholeFile(path), to: join(folder, name), digest, size }]
    })
    await copyAll(orders, tools)
    for (const file of files) {
      if (!('bytes' in file)) continue
      const bytes = Buffer.from(file.bytes)
      await writeFlushed(join(folder, file.name), bytes)
      tools.wrote?.(join(folder, file.name), digestOf(bytes), bytes.length)
    }
    for (const one of [place, join(folder, 'blobs'), folder]) await flushFolder(one)
  } catch (error) {
    throw diskFailure(error, folder)
  }
}
