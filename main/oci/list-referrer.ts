import type { Digest } from '../../shared/digest.ts'
import { Failure } from '../platform/failure.ts'
import { digestOf } from '../platform/hash.ts'
import { parseStrict, type Json } from '../platform/json.ts'
import type { Manifest } from './manifest.ts'
import { fetchManifest, subjectOf } from './manifests.ts'
import { ociIndex } from './media-types.ts'
import { putManifest } from './put-manifest.ts'
import { fallbackTag, noneAt404 } from './referrers.ts'
import type { Registry } from './registry.ts'

/** A manifest that is put into a repository, read. */
export interface ReadManifest {
  readonly bytes: Buffer
  readonly digest: Digest
  readonly mediaType: string
  readonly manifest: Manifest
}

function listIn(bytes: Buffer): Json[] {
  const body = parseStrict(bytes)
  const list = typeof body === 'object' && body !== null && !Array.isArray(body) ? body.manifests : undefined
  return Array.isArray(list) ? list : []
}

function names(entry: Json, digest: Digest): boolean {
  return typeof entry === 'object' && entry !== null && !Array.isArray(entry) && entry.digest === digest
}

/** How often a list is written where somebody else writes it at the same time. */
const tries = 3

/**
 * Adds a referrer to the tag that stands in for the referrers API (OCI distribution 1.1, "Pushing Manifests with Subject").
 * Whoever else adds to it at the same time may write over that: it is read back, and added again.
 *
 * @throws Failure `registry-answer` where the list never has it
 */
export async function listReferrer(
  registry: Registry,
  repository: string,
  planned: ReadManifest,
): Promise<void> {
  const { subject } = planned.manifest
  if (subject === null) return
  for (let count = 0; count <= tries; count += 1) {
    if (await listed(registry, repository, planned, subject.digest, count < tries)) return
  }
  const facts = { host: registry.host, subject: subjectOf(registry, repository, fallbackTag(subject.digest)) }
  throw new Failure('registry-answer', {
    ...facts,
    status: 201,
    found: 'it does not keep the list of referrers',
  })
}

/** Whether the list has it; where not, and it `may` be added, adds it. */
async function listed(
  registry: Registry,
  repository: string,
  { manifest, digest, mediaType, bytes }: ReadManifest,
  subject: Digest,
  may: boolean,
): Promise<boolean> {
  const reference = fallbackTag(subject)
  const known = await fetchManifest(registry, repository, reference).catch(noneAt404)
  // Some registries answer such a name with the manifest itself: that is no list.
  const list = known === null || known.digest === subject ? null : known
  const before = list === null ? [] : listIn(list.bytes)
  if (before.some((entry) => names(entry, digest))) return true
  if (!may) return false
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
  return false
}

/** The tag at which cosign looks for what names no subject itself; `null` where there is no need for one. */
export function cosignTag({ manifest }: ReadManifest, subject: Digest): string | null {
  if (manifest.kind === 'index' || manifest.subject !== null) return null
  const layers = manifest.layers.map((layer) => layer.mediaType)
  const all = (mediaType: string): boolean => layers.length > 0 && layers.every((one) => one === mediaType)
  if (all('application/vnd.dev.cosign.simplesigning.v1+json')) return `${fallbackTag(subject)}.sig`
  return all('application/vnd.dsse.envelope.v1+json')
    ? `${fallbackTag(subject)}.att`
    : `${fallbackTag(subject)}.sbom`
}
