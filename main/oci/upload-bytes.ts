import type { Digest } from '../../shared/digest.ts'
import { drain } from '../platform/network.ts'
import { checkAcknowledged } from './acknowledged.ts'
import { subjectOf } from './manifests.ts'
import type { Registry } from './registry.ts'
import { begin } from './upload-place.ts'

/** A small blob that was made here and lies in memory. */
export interface SmallBlob {
  readonly bytes: Buffer
  readonly digest: Digest
}

/**
 * Brings a small blob into a repository, in one request; not at all where it is there.
 *
 * @throws Failure `registry-auth`, `registry-answer`, `registry-unreachable`, …
 */
export async function uploadBytes(
  registry: Registry,
  repository: string,
  { bytes, digest }: SmallBlob,
): Promise<void> {
  const subject = subjectOf(registry, repository, digest)
  const path = `${repository}/blobs/${digest}`
  const question = { method: 'HEAD', repository, path, subject, expect: [200, 404], push: true } as const
  const there = await registry.ask(question)
  drain(there.body)
  if (there.status === 200) return
  const standing = await begin(registry, { repository, digest }, subject, null)
  if (standing === null) return
  const place = new URL(standing.at.place)
  place.searchParams.set('digest', digest)
  const answer = await registry.ask({
    method: 'PUT',
    repository,
    path: { ...standing.at, place },
    headers: { 'content-type': 'application/octet-stream', 'content-length': String(bytes.length) },
    body: bytes,
    subject,
    expect: [201, 204],
    push: true,
  })
  drain(answer.body)
  checkAcknowledged(registry, subject, digest, answer)
}
