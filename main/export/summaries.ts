import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { flushFolder, writeRecord } from '../platform/files.ts'
import { digestOf } from '../platform/hash.ts'
import type { Exportable, ExportTools } from './export.ts'

/** Writes the signed summaries of what was verified into `summaries/`, where there are any. @throws Failure `disk-…` */
export async function writeSummaries(
  { summaries = [] }: Exportable,
  folder: string,
  tools: ExportTools,
): Promise<void> {
  if (summaries.length === 0) return
  const place = join(folder, 'summaries')
  await mkdir(place)
  for (const { name, bytes } of summaries) {
    const path = join(place, name)
    await writeRecord(path, bytes, 0o644)
    tools.wrote?.(path, digestOf(bytes), bytes.length)
  }
  await flushFolder(place)
}
