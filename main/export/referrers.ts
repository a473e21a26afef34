import type { Digest } from '../../shared/digest.ts'
import { fetchManifest } from '../oci/manifests.ts'
import { ociIndex } from '../oci/media-types.ts'
import { fallbackTag, noneAt404 } from '../oci/referrers.ts'
import type { Registry } from '../oci/registry.ts'
import { putManifest } from '../oci/upload.ts'
import { digestOf } from '../platform/hash.ts'
import { parseStrict, type Json } from '../platform/json.ts'
import type { PlannedManifest } from './plan.ts'

function listIn(bytes: Buffer): Json[] {
  const body = parseStrict(bytes)
  const list = typeof body === 'object' && body !== null && !Array.isArray(body) ? body.manifests : undefined
  return Array.isArray(list) ? list : []
}

function names(entry: Json, digest: Digest): boolean {
  return typeof entry === 'object' && entry !== null && !Array.isArray(entry) && entry.digest === digest
}

/** Adds a referrer to the tag that stands in for the referrers API (OCI distribution 1.1, "Pushing Manifests with Subject"). */
export async function listReferrer(
  registry: Registry,
  repository: string,
  { manifest, digest, mediaType, bytes }: PlannedManifest,
): Promise<void> {
  if (manifest.subject === null) return
  const reference = fallbackTag(manifest.subject.digest)
  const known = await fetchManifest(registry, repository, reference).catch(noneAt404)
  // Some registries answer such a name with the manifest itself: that is no list.
  const list = known === null || known.digest === manifest.subject.digest ? null : known
  const before = list === null ? [] : listIn(list.bytes)
  if (before.some((entry) => names(entry, digest))) return
  const artifactType =
    manifest.artifactType ?? (manifest.kind === 'manifest' ? manifest.config.mediaType : null)
  const entry = {
    mediaType,
    digest,
    size: bytes.length,
    ...(artifactType === null ? {} : { artifactType }),
    ...(Object.keys(manifest.annotations).length === 0 ? {} : { annotations: manifest.annotations }),
  }
  const index = { schemaVersion: 2, mediaType: ociIndex, manifests: [...before, entry] }
  const made = Buffer.from(JSON.stringify(index))
  const upload = { repository, bytes: made, digest: digestOf(made), mediaType: ociIndex, reference }
  await putManifest(registry, upload)
}

/** The tag at which cosign looks for what names no subject itself; `null` where there is no need for one. */
export function cosignTag({ manifest }: PlannedManifest, subject: Digest): string | null {
  if (manifest.kind === 'index' || manifest.subject !== null) return null
  const layers = manifest.layers.map((layer) => layer.mediaType)
  const all = (mediaType: string): boolean => layers.length > 0 && layers.every((one) => one === mediaType)
  if (all('application/vnd.dev.cosign.simplesigning.v1+json')) return `${fallbackTag(subject)}.sig`
  return all('application/vnd.dsse.envelope.v1+json')
    ? `${fallbackTag(subject)}.att`
    : `${fallbackTag(subject)}.sbom`
}
