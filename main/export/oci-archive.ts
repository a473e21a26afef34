import type { TarEntry } from '../archive/tar-task.ts'
import { writtenAsNamed, type Exportable, type Exported, type ExportTools } from './export.ts'
import { layoutFiles, type LayoutFile } from './layout-files.ts'
import { fillFile } from './target-file.ts'
import { writeTar } from './write-tar.ts'

function entryOf(file: LayoutFile): TarEntry {
  if ('bytes' in file) {
    const { name, bytes } = file
    return { name, size: bytes.length, content: { kind: 'bytes', bytes } }
  }
  const { name, digest, size, path } = file
  return { name, size, content: { kind: 'stored', stored: { path, digest, size } } }
}

/**
 * Exports everything as one OCI image layout in a tar that appears whole.
 *
 * @param index the bytes of `index.json`
 * @throws Failure `file-exists`, `export-target`, `content-damaged`, `disk-full`, `disk-failed`, `cancelled`
 */
export async function exportOciArchive(
  content: Exportable,
  target: string,
  index: Uint8Array,
  tools: ExportTools,
): Promise<Exported> {
  const { blobs, items } = content
  const bytes = blobs.reduce((sum, blob) => sum + blob.size, 0)
  const files = layoutFiles({ index, blobs, path: (digest) => content.path(digest) })
  await fillFile(target, (file) => writeTar(file, files.map(entryOf), tools))
  return {
    target,
    written: writtenAsNamed(items),
    moved: [],
    warned: [],
    bytes,
    blobs: blobs.length,
    left: [],
  }
}
