import type { Digest } from '../../shared/digest.ts'
import { digestOf } from '../platform/hash.ts'
import { limits } from '../platform/limits.ts'
import { manifestQuestion } from './manifests.ts'
import type { Registry } from './registry.ts'

/**
 * What a name holds in a repository that we mean to write to: the digest of the bytes that came, whatever they are, or
 * `null` for nothing.
 *
 * @throws Failure `registry-auth`, `registry-answer`, `too-large`, …
 */
export async function heldAt(
  registry: Registry,
  repository: string,
  reference: string,
): Promise<Digest | null> {
  const question = manifestQuestion(registry, repository, reference)
  const asked = { ...question, expect: [200, 404], push: true }
  const { answer, bytes } = await registry.read(asked, limits.manifestBytes)
  return answer.status === 404 ? null : digestOf(bytes)
}
