import { Failure } from '../platform/failure.ts'
import { attachedTypes, holds, withLayers, type AttachedKind, type AttachedLayer } from './attached.ts'
import { parseManifest, type ImageManifest } from './manifest.ts'
import { ManifestProblem } from './descriptor.ts'
import { fetchManifest, subjectOf, type FetchedManifest } from './manifests.ts'
import { putManifest } from './put-manifest.ts'
import { noneAt404 } from './referrers.ts'
import type { Registry } from './registry.ts'
import { uploadBytes } from './upload-bytes.ts'

/** How often a tag is written where somebody else writes it at the same time. */
const tries = 3

/** What a tag holds, where that is what cosign attaches there; `null` for anything else. */
export function attachedIn({ bytes, mediaType }: FetchedManifest, kind: AttachedKind): ImageManifest | null {
  try {
    const manifest = parseManifest(bytes, mediaType)
    const fits =
      manifest.kind === 'manifest' &&
      manifest.layers.length > 0 &&
      manifest.layers.every((layer) => layer.mediaType === attachedTypes[kind])
    return fits ? manifest : null
  } catch (error) {
    if (error instanceof ManifestProblem) return null
    throw error
  }
}

/**
 * Adds layers at one of cosign's older tags to what lies there, and reads it back: whoever writes it at the same time may
 * write over that, and it is added again. What lies there already is not sent again.
 *
 * @throws Failure `export-tag-taken` where the tag holds something else, `tag-fixed` where it may not be written again, …
 */
export async function attach(
  registry: Registry,
  repository: string,
  tag: string,
  kind: AttachedKind,
  layers: readonly AttachedLayer[],
): Promise<void> {
  const reference = subjectOf(registry, repository, tag)
  for (let count = 0; count <= tries; count += 1) {
    const fetched = await fetchManifest(registry, repository, tag).catch(noneAt404)
    const found = fetched === null ? null : attachedIn(fetched, kind)
    if (fetched !== null && found === null) {
      const facts = { host: registry.host, found: `${reference} holds ${fetched.digest}` }
      throw new Failure('export-tag-taken', {
        ...facts,
        expected: `what cosign attaches: ${attachedTypes[kind]}`,
      })
    }
    const missing = layers.filter((layer) => found === null || !holds(found, layer))
    if (missing.length === 0) return
    if (count === tries) break
    const next = withLayers(kind, found, missing)
    for (const blob of next.blobs) await uploadBytes(registry, repository, blob)
    await putManifest(registry, { repository, ...next, reference: tag }).catch((error: unknown) => {
      throw fetched === null ? error : fixed(error, registry, reference)
    })
  }
  throw new Failure('registry-answer', {
    ...{ host: registry.host, subject: reference, status: 201 },
    found: 'it does not keep what is put there',
  })
}

// A registry whose tags are written once refuses with these.
function fixed(error: unknown, registry: Registry, reference: string): unknown {
  if (!(error instanceof Failure) || error.code !== 'registry-answer') return error
  const status = Number(error.facts.status)
  if (![400, 403, 405, 409, 412].includes(status)) return error
  return new Failure('tag-fixed', { host: registry.host, subject: reference, status }, error)
}
