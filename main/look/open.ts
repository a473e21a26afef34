import { lstat } from 'node:fs/promises'
import { basename } from 'node:path'
import { bytesOf, peeked, type Parts, type Reading } from '../archive/bytes.ts'
import { compressionOf, decompressed } from '../archive/decompress.ts'
import { openFileTree } from '../archive/file-tree.ts'
import { openFolderTree } from '../archive/folder-tree.ts'
import { ArchiveProblem } from '../archive/problem.ts'
import { beginsLikeTar } from '../archive/tar.ts'
import { openTarTree } from '../archive/tar-tree.ts'
import type { Tree } from '../archive/tree.ts'
import { causeOf, Failure } from '../platform/failure.ts'
import { realPath } from '../platform/files.ts'
import { haulChunks } from './haul-chunks.ts'

/** Archives in archives whose files are wanted: those of a Zarf package, and charts wherever they lie. */
const nested = /^(components\/[^/]+|sboms|documentation)\.tar$/

/** Whether what parts hold is a tar, once it is unpacked: by its bytes. */
async function isTar(parts: Parts, reading: Reading): Promise<boolean> {
  const quiet = { signal: reading.signal, advance: () => undefined }
  const { head, whole } = await peeked(bytesOf(parts, quiet))
  try {
    const unpacked = decompressed(whole, compressionOf(head))
    let begin = Buffer.alloc(0)
    for await (const piece of unpacked) {
      begin = Buffer.concat([begin, piece.subarray(0, 512)])
      if (begin.length >= 512) break
    }
    return beginsLikeTar(begin)
  } catch (error) {
    // Packed in another way: a file like any other, which may be signed as a whole.
    if (error instanceof ArchiveProblem && error.reason === 'not-read') return false
    throw error
  } finally {
    await whole.close()
  }
}

/**
 * Goes through what lies at a path: a folder, an archive by what it begins with, or a file.
 *
 * @param name what it is called, where that is not the last of its path
 * @throws ArchiveProblem; Failure `file-unreadable`, `not-found`, `cancelled`
 */
export async function openThing(path: string, reading: Reading, name = basename(path)): Promise<Tree> {
  let kind
  try {
    // The named thing itself may be a link, once.
    kind = await lstat(await realPath(path))
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure('file-unreadable', { path, found: causeOf(error) }, error)
  }
  const real = await realPath(path)
  if (kind.isDirectory()) return openFolderTree(name, real, reading)
  const chunks = await haulChunks(real, (some) => isTar(some, reading), reading)
  if (chunks !== null) return openTarTree(chunks.name, chunks, (inner) => nested.test(inner), reading)
  const parts = { paths: [real] }
  if (!(await isTar(parts, reading))) return openFileTree(name, real, reading)
  return openTarTree(name, parts, (inner) => nested.test(inner), reading)
}
