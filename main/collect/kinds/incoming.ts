import { randomBytes } from 'node:crypto'
import { mkdir, realpath, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Digest } from '../../../shared/digest.ts'
import { diskFailure } from '../../platform/failure.ts'
import type { Blobs } from '../../store/blobs.ts'

/**
 * Lends a new folder on the disc of the store, for what must be looked into before it is kept. It is gone afterwards; one
 * that a crash left goes like every unfinished blob.
 */
export async function withIncoming<Result>(
  blobs: Blobs,
  act: (folder: string) => Promise<Result>,
): Promise<Result> {
  const name = `incoming-${randomBytes(8).toString('hex')}.part`
  const folder = join(blobs.folder, 'blobs', 'sha256', name)
  await mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
    throw diskFailure(error, folder)
  })
  try {
    return await act(await realpath(folder))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Keeps a file that was hashed as it was written: it moves into the store, under what it is. */
export async function keep(path: string, digest: Digest, blobs: Blobs): Promise<void> {
  const to = blobs.path(digest)
  await rename(path, to).catch((error: unknown) => {
    throw diskFailure(error, to)
  })
  blobs.kept(digest)
}
