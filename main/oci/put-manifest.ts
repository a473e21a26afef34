import type { Digest } from '../../shared/digest.ts'
import { Failure } from '../platform/failure.ts'
import { drain } from '../platform/network.ts'
import { changedDigest, checkAcknowledged } from './acknowledged.ts'
import { fetchManifest, subjectOf } from './manifests.ts'
import type { Registry } from './registry.ts'

/** A manifest that is brought into a repository. */
export interface ManifestUpload {
  readonly repository: string
  readonly bytes: Buffer
  readonly digest: Digest
  readonly mediaType: string
  /** The tag, or the digest itself. */
  readonly reference: string
}

/**
 * Puts a manifest under a tag or its digest.
 *
 * @returns whether the registry keeps the list of referrers itself
 * @throws Failure `registry-changed-digest`, `registry-auth`, `registry-answer`, …
 */
export async function putManifest(registry: Registry, upload: ManifestUpload): Promise<boolean> {
  const { repository, bytes, digest, mediaType, reference } = upload
  const subject = subjectOf(registry, repository, reference)
  const answer = await registry.ask({
    method: 'PUT',
    repository,
    path: `${repository}/manifests/${reference}`,
    headers: { 'content-type': mediaType },
    body: bytes,
    subject,
    expect: [200, 201, 202],
    push: true,
  })
  drain(answer.body)
  checkAcknowledged(registry, subject, digest, answer)
  return answer.headers['oci-subject'] !== undefined
}

/**
 * Reads a manifest back and holds it against what was put there.
 *
 * @throws Failure `registry-changed-digest`, `not-found`, …
 */
export async function compareManifest(registry: Registry, upload: ManifestUpload): Promise<void> {
  const { repository, digest, reference } = upload
  const subject = subjectOf(registry, repository, reference)
  const found = await fetchManifest(registry, repository, reference).catch((error: unknown) => {
    if (!(error instanceof Failure) || error.code !== 'registry-lies') throw error
    throw changedDigest(registry, subject, digest, String(error.facts.found ?? 'something else'))
  })
  if (found.digest !== digest) throw changedDigest(registry, subject, digest, found.digest)
}
