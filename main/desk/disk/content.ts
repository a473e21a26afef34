import { rename, rm } from 'node:fs/promises'
import type { Digest } from '../../../shared/digest.ts'
import { Failure, diskFailure } from '../../platform/failure.ts'
import { digestOfFile, flushFile } from '../../platform/files.ts'
import type { Blobs } from '../../store/blobs.ts'
import type { Desk } from '../desk.ts'
import type { Consignment } from '../state/consignment.ts'
import { readWaybill } from './waybill.ts'

const damaged = (digest: Digest, found: string): Failure =>
  new Failure('content-damaged', {
    subject: digest,
    expected: `the content ${digest} as it was verified`,
    found,
  })

/** The blob is there and is what its name says: read again from the disc. @throws Failure `content-damaged` */
async function check(blobs: Blobs, digest: Digest): Promise<void> {
  const found = await digestOfFile(blobs.path(digest)).catch((error: unknown) => {
    throw damaged(digest, error instanceof Failure ? String(error.facts.found) : 'nothing')
  })
  if (found !== digest) throw damaged(digest, found)
}

async function flush(blobs: Blobs, digest: Digest): Promise<void> {
  const path = blobs.path(digest)
  await flushFile(path).catch((error: unknown) => {
    throw diskFailure(error, path)
  })
}

interface Places {
  readonly store: Blobs
  readonly quarantine: Blobs
  readonly carried: readonly { readonly digest: Digest; readonly size: number }[]
  readonly waybill: Digest
}

async function placesOf(desk: Desk, one: Consignment): Promise<Places> {
  const { waybill, digest } = await readWaybill(desk, one)
  const carried = waybill.blobs.filter((blob) => blob.state === 'carried')
  const [store, quarantine] = await Promise.all([desk.store(), desk.quarantine(one.id)])
  return { store, quarantine, carried, waybill: digest }
}

/**
 * Reads quarantined content again and puts it safely on the disc, before an acceptance names it: what is accepted is what
 * was verified, and after a power cut the ledger must not speak of bytes that were never written. What an earlier
 * version left to the store because it was there already is read there.
 *
 * @throws Failure `content-damaged`, `disk-*`
 */
export async function settleQuarantine(desk: Desk, one: Consignment): Promise<void> {
  const { store, quarantine, carried } = await placesOf(desk, one)
  for (const { digest } of carried) {
    const here = (await quarantine.size(digest)) !== null
    await check(here ? quarantine : store, digest)
    if (here) await flush(quarantine, digest)
  }
}

/**
 * Moves accepted content from its quarantine into the store, after the acceptance is in the ledger, in the place of what
 * the store may have under the same name. Begun twice it goes on where it stopped.
 *
 * @param settled whether it was read again just now
 * @throws Failure `content-damaged` when a blob is in neither place
 */
export async function moveAccepted(desk: Desk, one: Consignment, settled: boolean): Promise<void> {
  const { store, quarantine, carried, waybill } = await placesOf(desk, one)
  for (const { digest } of carried) {
    const here = (await quarantine.size(digest)) !== null
    if (!settled) await check(here ? quarantine : store, digest)
    if (!here) continue
    // In one step from name to name: under a third name in between, a crash would leave it where only rubbish lies.
    await rename(quarantine.path(digest), store.path(digest)).catch((error: unknown) => {
      throw diskFailure(error, store.path(digest))
    })
    store.kept(digest)
  }
  await store.flush()
  const bytes = carried.reduce((total, blob) => total + blob.size, 0)
  await desk.record('content.moved', { consignment: one.id, waybill, blobs: carried.length, bytes })
  await rm(desk.folder.quarantineOf(one.id), { recursive: true, force: true })
}
