import { readFileSync } from 'node:fs'
import { extract, type Header } from 'tar-stream'

/** A file of a tar as a reader finds it. */
export interface ArchiveFile {
  readonly header: Header
  readonly bytes: Buffer
}

/** Every file of a tar, in its order; each name once. */
export async function filesIn(path: string): Promise<Map<string, ArchiveFile>> {
  const reader = extract()
  reader.end(readFileSync(path))
  const files = new Map<string, ArchiveFile>()
  for await (const entry of reader) {
    const pieces: Buffer[] = []
    for await (const piece of entry as AsyncIterable<Buffer>) pieces.push(piece)
    if (files.has(entry.header.name)) throw new Error(`${entry.header.name} stands there twice`)
    files.set(entry.header.name, { header: entry.header, bytes: Buffer.concat(pieces) })
  }
  return files
}

/** One item of a docker archive's `manifest.json`. */
export interface DockerListed {
  readonly Config: string
  readonly RepoTags: readonly string[]
  readonly Layers: readonly string[]
}

/** The list in a docker archive. */
export function listedIn(files: ReadonlyMap<string, ArchiveFile>): DockerListed[] {
  return JSON.parse(files.get('manifest.json')?.bytes.toString('utf8') ?? '') as DockerListed[]
}
