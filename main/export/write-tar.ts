import type { TarEntry, WriteTarInput } from '../archive/tar-task.ts'
import type { ExportTools } from './export.ts'

/** Writes a tar on a thread of its own; a tar is one row, so no other thread can help. */
export async function writeTar(to: string, entries: readonly TarEntry[], tools: ExportTools): Promise<void> {
  tools.step(
    'copy',
    entries.reduce((sum, { size }) => sum + size, 0),
  )
  const input: WriteTarInput = { to, entries }
  const advance = (bytes: number): void => tools.advance(bytes)
  await tools.pool.run('write-tar', input, { signal: tools.signal, advance })
}
