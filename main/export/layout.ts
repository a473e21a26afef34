import { writtenAsNamed, type Exportable, type Exported, type ExportTools } from './export.ts'
import { fillTarget } from './target.ts'
import { writeSummaries } from './summaries.ts'
import { writeLayout } from './write-layout.ts'

/**
 * Writes everything as one OCI image layout into an empty folder.
 *
 * @param index the bytes of `index.json`
 * @throws Failure `content-damaged`, `disk-full`, `disk-failed`, `cancelled`
 */
export async function writeWhole(
  content: Exportable,
  folder: string,
  index: Uint8Array,
  tools: ExportTools,
): Promise<Exported> {
  const { blobs } = content
  const bytes = blobs.reduce((sum, blob) => sum + blob.size, 0)
  tools.step('copy', bytes)
  await writeLayout(folder, { index, blobs, path: (digest) => content.path(digest) }, tools)
  await writeSummaries(content, folder, tools)
  const written = writtenAsNamed(content.items)
  return { target: folder, written, moved: [], warned: [], bytes, blobs: blobs.length, left: [] }
}

/**
 * Exports everything as one OCI image layout, in a new or empty folder that appears whole.
 *
 * @param index the bytes of `index.json`
 * @throws Failure `export-target`, `content-damaged`, `disk-full`, `disk-failed`, `cancelled`
 */
export async function exportLayout(
  content: Exportable,
  target: string,
  index: Uint8Array,
  tools: ExportTools,
): Promise<Exported> {
  const done = await fillTarget(target, (folder) => writeWhole(content, folder, index, tools))
  return { ...done, target }
}
