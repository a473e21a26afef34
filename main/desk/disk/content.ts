import { open, rename, rm } from 'node:fs/promises'
import type { Desk } from '../desk.ts'
import { Failure, diskFailure } from '../../platform/failure.ts'
import { readWaybill } from './waybill.ts'
import type { Consignment } from '../state/consignment.ts'

/**
 * Puts quarantined content safely on the disc before an acceptance names it: after a power cut the ledger must not
 * speak of bytes that were never written.
 */
export async function flushQuarantine(desk: Desk, one: Consignment): Promise<void> {
  const quarantine = await desk.quarantine(one.id)
  for (const digest of await quarantine.list()) {
    const handle = await open(quarantine.path(digest), 'r+')
    try {
      await handle.sync()
    } catch (error) {
      throw diskFailure(error, quarantine.path(digest))
    } finally {
      await handle.close()
    }
  }
}

/**
 * Moves accepted content from its quarantine into the store, after the acceptance is in the ledger. Begun twice it
 * goes on where it stopped.
 *
 * @throws Failure `content-damaged` when a blob is in neither place
 */
export async function moveAccepted(desk: Desk, one: Consignment): Promise<void> {
  const { waybill, digest: waybillDigest } = await readWaybill(desk, one)
  const store = await desk.store()
  const quarantine = await desk.quarantine(one.id)
  const carried = waybill.blobs.filter((blob) => blob.state === 'carried')
  for (const { digest, size } of carried) {
    if ((await store.size(digest)) === size) continue
    if ((await quarantine.size(digest)) !== size) {
      throw new Failure('content-damaged', {
        subject: digest,
        expected: `${size} bytes in quarantine`,
        found: 'other',
      })
    }
    await rename(quarantine.path(digest), store.partPath(digest)).catch((error: unknown) => {
      throw diskFailure(error, store.path(digest))
    })
    await store.keepPart(digest)
  }
  await store.flush()
  const bytes = carried.reduce((total, blob) => total + blob.size, 0)
  await desk.record('content.moved', {
    consignment: one.id,
    waybill: waybillDigest,
    blobs: carried.length,
    bytes,
  })
  await rm(desk.folder.quarantineOf(one.id), { recursive: true, force: true })
}
