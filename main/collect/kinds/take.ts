import { randomBytes } from 'node:crypto'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { diskFailure, Failure } from '../../platform/failure.ts'
import type { Copied, CopyInput } from '../../store/copy-blobs.ts'
import { wholeFile } from '../../store/file-range.ts'
import type { CollectTools } from '../tools.ts'

/**
 * Takes a file of any size into the store, hashed as it is written.
 *
 * @throws Failure `not-found`, `file-unreadable`, `content-damaged`, `disk-full`
 */
export async function take(path: string, size: number, tools: CollectTools): Promise<Copied> {
  const { blobs, pool, signal } = tools
  const to = join(blobs.folder, 'blobs', 'sha256', `incoming-${randomBytes(8).toString('hex')}.part`)
  const cursor = new SharedArrayBuffer(4)
  const orders = [{ from: wholeFile(path), to, digest: null, size }]
  const input: CopyInput = { orders, cursor, flush: false, mode: 0o600, inside: true }
  try {
    const [copied] = await pool.run<Copied[]>('copy-blobs', input, { signal })
    if (copied === undefined) throw new Failure('internal', { found: 'nothing was copied' })
    // In one step, because the same bytes may be taken as two things at a time: each then leaves the same blob.
    const keep = blobs.path(copied.digest)
    await rename(to, keep).catch((error: unknown) => {
      throw diskFailure(error, keep)
    })
    blobs.kept(copied.digest)
    return copied
  } finally {
    await rm(to, { force: true })
  }
}
