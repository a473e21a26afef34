import type { Digest } from '../../shared/digest.ts'
import { attach } from '../oci/attach.ts'
import { attachedTypes, type AttachedKind, type AttachedLayer } from '../oci/attached.ts'
import { listReferrer } from '../oci/list-referrer.ts'
import type { MadeManifest } from '../oci/made-manifest.ts'
import { fetchManifest } from '../oci/manifests.ts'
import { putManifest } from '../oci/put-manifest.ts'
import type { Promised } from '../oci/read-again.ts'
import { fallbackTag } from '../oci/referrers.ts'
import type { Registry } from '../oci/registry.ts'
import { uploadBytes } from '../oci/upload-bytes.ts'
import { inLanes } from '../platform/lanes.ts'
import { bundleReferrer } from './bundle-referrer.ts'

/** Everything that is said of one manifest at the target, signed. */
export interface Sealed {
  /** The repository in its registry, without the host. */
  readonly path: string
  readonly digest: Digest
  readonly bundles: readonly { readonly bundle: Buffer; readonly predicateType: string }[]
  readonly attached: Readonly<Record<AttachedKind, readonly AttachedLayer[]>>
}

async function put(registry: Registry, repository: string, made: MadeManifest): Promise<void> {
  for (const blob of made.blobs) await uploadBytes(registry, repository, blob)
  const listed = await putManifest(registry, { repository, ...made, reference: made.digest })
  if (!listed) await listReferrer(registry, repository, made)
}

async function landOne(registry: Registry, one: Sealed, at: string): Promise<Promised[]> {
  const { path: repository, digest, bundles, attached } = one
  // Read again now, and hashed: nothing is sealed that does not lie there.
  const { bytes, mediaType } = await fetchManifest(registry, repository, digest)
  const subject = { mediaType, digest, size: bytes.length }
  const promised: Promised[] = [{ by: 'name', repository, reference: digest, digest }]
  for (const { bundle, predicateType } of bundles) {
    const made = bundleReferrer(bundle, subject, predicateType, at)
    await put(registry, repository, made)
    promised.push({ by: 'referrers', repository, subject: digest, digest: made.digest })
  }
  for (const kind of Object.keys(attachedTypes) as AttachedKind[]) {
    const layers = attached[kind]
    if (layers.length === 0) continue
    const tag = `${fallbackTag(digest)}.${kind}`
    await attach(registry, repository, tag, kind, layers)
    promised.push({ by: 'tag', repository, tag, kind, layers, digest })
  }
  return promised
}

/**
 * Puts seals beside what they speak for: as OCI 1.1 referrers, with the tag that stands in for the referrers API where a
 * registry has none, and at cosign’s older tags. What lies there already is not sent again.
 *
 * @returns what readers must find there now
 * @throws Failure `not-found` where something does not lie there, `export-tag-taken`, `tag-fixed`, `registry-…`
 */
export async function landSeals(
  registry: Registry,
  sealed: readonly Sealed[],
  at: string,
  advance: (count: number) => void,
): Promise<Promised[]> {
  const promised = await inLanes(sealed, 4, async (one) => {
    const found = await landOne(registry, one, at)
    advance(1)
    return found
  })
  return promised.flat()
}
