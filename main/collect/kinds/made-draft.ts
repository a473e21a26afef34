import type { Digest } from '../../../shared/digest.ts'
import type { CarriedItem } from '../../../shared/request.ts'
import { childrenOf } from '../../oci/manifest.ts'
import { ociManifest } from '../../oci/media-types.ts'
import { readManifest } from '../../source/reading.ts'
import type { Draft } from '../draft.ts'
import type { CollectTools } from '../tools.ts'

/** An item whose manifest is made here, and whose content is in the store already. */
export async function madeDraft(
  asked: CarriedItem,
  bytes: Buffer,
  tools: CollectTools,
  from = asked.reference,
): Promise<Draft> {
  await tools.blobs.putBytes(bytes)
  const root = readManifest(bytes, ociManifest, asked.reference)
  const needs = new Set<Digest>([root.digest, ...childrenOf(root.manifest).map(({ digest }) => digest)])
  const carried = [{ digest: root.digest, mediaType: ociManifest, size: bytes.length }]
  const tree = { carried, needs, leftOut: new Map<Digest, number>(), subjects: new Map<Digest, Digest>() }
  return { asked, from, source: null, root, ...tree, spoken: [], findings: [] }
}
