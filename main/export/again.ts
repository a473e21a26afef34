import type { Digest } from '../../shared/digest.ts'
import { attachedTypes, signatureAnnotation, type AttachedKind, type KnownLayer } from '../oci/attached.ts'
import { cosignTag } from '../oci/list-referrer.ts'
import type { Promised } from '../oci/read-again.ts'
import type { Landing } from './landings.ts'
import type { Destination } from './names.ts'
import type { Plan, PlannedManifest } from './plan.ts'

/** The kind of what a tag of cosign holds; `null` for its bills of materials, which are found by the tag alone. */
export function attachedKind(tag: string): AttachedKind | null {
  const end = tag.slice(tag.lastIndexOf('.') + 1)
  return end === 'sig' || end === 'att' ? end : null
}

/** What such a manifest attaches, layer by layer; `null` where it is not only that. */
export function layersOf({ manifest }: PlannedManifest, kind: AttachedKind): KnownLayer[] | null {
  if (manifest.kind === 'index') return null
  if (manifest.layers.some(({ mediaType }) => mediaType !== attachedTypes[kind])) return null
  return manifest.layers.map(({ digest, annotations }) => ({
    blob: { digest },
    annotations:
      annotations[signatureAnnotation] === undefined
        ? {}
        : { [signatureAnnotation]: annotations[signatureAnnotation] },
  }))
}

/**
 * What readers of the target must find: content by digest, names by tag, evidence by the list of referrers or by the tag
 * at which it is looked for.
 */
export function promisedBy({
  item,
  repository,
  plan,
  landings,
}: Destination & { readonly plan: Plan; readonly landings: readonly Landing[] }): Promised[] {
  const promised: Promised[] = []
  for (const [digest, size] of plan.blobs) promised.push({ by: 'blob', repository, digest, size })
  const subjects = new Map<Digest, Digest>(item.evidence.map(({ digest, subject }) => [digest, subject]))
  for (const planned of plan.manifests.values()) {
    const { digest, manifest } = planned
    if (manifest.subject === null) promised.push({ by: 'name', repository, reference: digest, digest })
    else promised.push({ by: 'referrers', repository, subject: manifest.subject.digest, digest })
    const subject = subjects.get(digest)
    const tag = subject === undefined ? null : cosignTag(planned, subject)
    if (tag === null) continue
    const kind = attachedKind(tag)
    const layers = kind === null ? null : layersOf(planned, kind)
    if (kind === null || layers === null) promised.push({ by: 'name', repository, reference: tag, digest })
    else promised.push({ by: 'tag', repository, tag, kind, layers, digest })
  }
  for (const { planned, tag } of landings)
    if (tag !== null) promised.push({ by: 'name', repository, reference: tag, digest: planned.digest })
  return promised
}
