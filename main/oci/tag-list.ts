import { z } from 'zod'
import { Failure } from '../platform/failure.ts'
import { parseStrict } from '../platform/json.ts'
import { limits } from '../platform/limits.ts'
import { drain } from '../platform/network.ts'
import type { Ask } from './ask.ts'
import { manifestQuestion } from './manifests.ts'
import { nextPage } from './referrers.ts'
import type { Registry } from './registry.ts'

const zPage = z.object({ tags: z.array(z.string()).nullish() })

/** Tags that are made of a digest: lists of referrers, and what cosign attached. */
const ofDigest = /^sha256-[0-9a-f]{64}(\.(sig|att|sbom))?$/

/**
 * The tags of a repository that are made of digests. One question for all of them: each asked for alone would cost four
 * for each manifest, and registries count those.
 *
 * @returns `null` where the registry does not say, or has more pages than are read
 * @throws Failure `cancelled`, `registry-limit`, and those of the gate that end an act
 */
export async function digestTags(
  registry: Registry,
  repository: string,
): Promise<ReadonlySet<string> | null> {
  const subject = `the tags of ${registry.host}/${repository}`
  const found = new Set<string>()
  const seen = new Set<string>()
  let path: Ask['path'] = `${repository}/tags/list?n=1000`
  try {
    for (let page = 1; page <= limits.tagPages; page += 1) {
      const question: Ask = { method: 'GET', repository, path, subject, expect: [200] }
      const { answer, bytes } = await registry.read(question, limits.answerBytes)
      const { tags } = zPage.parse(parseStrict(bytes))
      for (const tag of tags ?? []) if (ofDigest.test(tag)) found.add(tag)
      const next = nextPage(answer, subject)
      if (next === null) return found
      // A list that leads back to itself says nothing of what is on it besides.
      if (seen.has(next.place.href)) return null
      seen.add(next.place.href)
      path = next
    }
  } catch (error) {
    const ends = ['cancelled', 'registry-limit', 'network-refused']
    if (error instanceof Failure && ends.includes(error.code)) throw error
  }
  return null
}

/** Whether there is such a tag: asked without its content, which registries do not count. @throws Failure */
export async function hasTag(registry: Registry, repository: string, tag: string): Promise<boolean> {
  const question = manifestQuestion(registry, repository, tag)
  const answer = await registry.ask({ ...question, method: 'HEAD', expect: [200, 404, 405] })
  drain(answer.body)
  return answer.status !== 404
}
