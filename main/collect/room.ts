import type { Digest } from '../../shared/digest.ts'
import { Failure } from '../platform/failure.ts'
import { limits } from '../platform/limits.ts'
import { itemOf, type Draft } from './draft.ts'

/** What stands in a waybill beside items and blobs: people, destinations, voids, the ledger's proofs. */
const rest = 1024 * 1024
/** A blob as a waybill lists it, with the largest size that one can have. */
const blobBytes = Buffer.byteLength(
  `{"digest":"sha256:${'0'.repeat(64)}","early":false,"size":${Number.MAX_SAFE_INTEGER},"state":"carried"},`,
)

/**
 * Demands that a waybill can list all this: what asks for more evidence than that is told before it is downloaded.
 *
 * @throws Failure `too-many`
 */
export function checkRoom(drafts: readonly Draft[]): void {
  const blobs = new Set<Digest>()
  let bytes = rest
  for (const draft of drafts) {
    bytes += Buffer.byteLength(JSON.stringify(itemOf(draft)))
    for (const digest of [...draft.needs, ...draft.leftOut.keys()]) blobs.add(digest)
    for (const { needs } of draft.spoken) for (const digest of needs) blobs.add(digest)
  }
  if (bytes + blobs.size * blobBytes <= limits.waybillBytes) return
  const subject = 'Bytes of a waybill that lists these items with all their content and evidence'
  throw new Failure('too-many', { subject, expected: limits.waybillBytes })
}
