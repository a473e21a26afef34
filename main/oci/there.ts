import type { Digest } from '../../shared/digest.ts'
import { digestOf } from '../platform/hash.ts'
import { limits } from '../platform/limits.ts'
import { readBody } from './body.ts'
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
  const answer = await registry.ask({ ...question, expect: [200, 404], push: true })
  const bytes = await readBody(answer.body, limits.manifestBytes, registry.host, question.subject)
  return answer.status === 404 ? null : digestOf(bytes)
}
