import { stat } from 'node:fs/promises'
import type { Digest } from '../../../shared/digest.ts'
import { limits } from '../../platform/limits.ts'
import type { Blobs } from '../../store/blobs.ts'
import type { Desk } from '../desk.ts'
import { namedDigests, pinnedDigests } from './pinned.ts'

/** Content of the store that no consignment keeps. */
export interface Loose {
  readonly digest: Digest
  readonly size: number
  /** When it arrived, in milliseconds since 1970, by the file system. */
  readonly arrived: number
  /** Only some of it is there, and waits for the next try. */
  readonly half: boolean
}

async function looseBut(keep: ReadonlySet<Digest>, store: Blobs): Promise<Loose[]> {
  const loose: Loose[] = []
  const look = async (digest: Digest, half: boolean): Promise<void> => {
    const found = await stat(half ? store.halfPath(digest) : store.path(digest)).catch(() => null)
    loose.push({ digest, size: found?.size ?? 0, arrived: found?.mtimeMs ?? 0, half })
  }
  for (const digest of await store.list()) if (!keep.has(digest)) await look(digest, false)
  for (const digest of await store.halves()) await look(digest, true)
  return loose
}

/** Removes what is loose, from the store. */
export async function letGo(loose: readonly Loose[], store: Blobs): Promise<void> {
  for (const { digest, half } of loose) await (half ? store.removeHalf(digest) : store.remove(digest))
}

/** All loose content: what is left of collects that failed or were cancelled, and of consignments that have ended. */
export async function looseIn(desk: Desk, store: Blobs): Promise<Loose[]> {
  return looseBut(await pinnedDigests(desk), store)
}

/**
 * Lets go of content that no consignment ever named and nobody came back for, on the record: what a failed collect leaves
 * for the next try is bounded by time. Content of consignments that have ended goes by pruning alone.
 */
export async function pruneForgotten(desk: Desk, store: Blobs): Promise<void> {
  const oldest = Date.parse(desk.now()) - limits.looseDays * 86_400_000
  // Looking for it reads the waybill of every consignment: not where no collect has failed that long ago.
  const { failedSince } = desk.state
  if (failedSince === null || Date.parse(failedSince) > oldest) return
  const forgotten = (await looseBut(await namedDigests(desk), store)).filter(
    ({ arrived }) => arrived < oldest,
  )
  if (forgotten.length === 0) return
  const bytes = forgotten.reduce((sum, { size }) => sum + size, 0)
  await desk.record('prune.done', { consignments: [], blobs: forgotten.length, bytes })
  await letGo(forgotten, store)
}
