import { lstat, rename, rm } from 'node:fs/promises'
import type { Digest } from '../../../shared/digest.ts'
import { diskFailure } from '../../platform/failure.ts'
import type { Blobs } from '../../store/blobs.ts'
import type { Keeper } from '../../verify/types.ts'

async function before(blobs: Blobs, digest: Digest): ReturnType<Keeper['before']> {
  const half = blobs.halfPath(digest)
  if ((await blobs.size(digest)) !== null) return { path: blobs.path(digest), inPieces: false }
  return (await lstat(half).catch(() => null))?.isFile() === true ? { path: half, inPieces: true } : null
}

/** Where content goes as it is read: under a name of its own until it was right, pieces of one content together. */
export function keeperIn(blobs: Blobs): Omit<Keeper, 'read' | 'lend'> {
  return {
    // Also what is here already: nobody knows what became of it since, and what is read now is right.
    place: (digest) => Promise.resolve(blobs.partPath(digest)),
    keep: (digest) => blobs.keepPart(digest),
    discard: (digest) => rm(blobs.partPath(digest), { force: true }),
    pieces: (digest) => Promise.resolve(blobs.halfPath(digest)),
    before: (digest) => before(blobs, digest),
    join: async (digest) => {
      await rename(blobs.halfPath(digest), blobs.path(digest)).catch((error: unknown) => {
        throw diskFailure(error, blobs.path(digest))
      })
      blobs.kept(digest)
    },
  }
}
