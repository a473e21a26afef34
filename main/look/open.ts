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
import { innerArchives } from '../source/foreign/inner-archives.ts'
import { joined } from './parts.ts'

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
 * Goes through what lies at a path: a folder, an archive by what it begins with, or a file; a part of something leads
 * to the whole.
 *
 * @param name what it is called, where that is not the last of its path
 * @throws ArchiveProblem; Failure `file-unreadable`, `not-found`, `cancelled`
 */
export async function openThing(path: string, reading: Reading, name = basename(path)): Promise<Tree> {
  // The named thing itself may be a link, once.
  const real = await realPath(path)
  const kind = await lstat(real).catch((error: unknown) => {
    throw new Failure('file-unreadable', { path, found: causeOf(error) }, error)
  })
  if (kind.isDirectory()) return openFolderTree(name, real, reading)
  const whole = await joined(real, name, reading, isTar)
  return whole.opened(async () => {
    const parts = { paths: whole.paths }
    if (await isTar(parts, reading)) return openTarTree(whole.name, parts, innerArchives, reading)
    return openFileTree(whole.name, whole.paths, reading)
  })
}
