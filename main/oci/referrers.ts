import { hexOf, type Digest } from '../../shared/digest.ts'
import { Failure } from '../platform/failure.ts'
import { limits } from '../platform/limits.ts'
import type { GateAnswer, Spoken } from '../platform/network.ts'
import type { Ask } from './ask.ts'
import { ManifestProblem, type UsableList } from './descriptor.ts'
import { fetchManifest, subjectOf } from './manifests.ts'
import { readList, type Manifest } from './manifest.ts'
import { ociIndex } from './media-types.ts'
import type { Registry } from './registry.ts'

/** The tag under which a registry without the referrers API keeps the list (OCI distribution 1.1). */
export function fallbackTag(digest: Digest): string {
  return `sha256-${hexOf(digest)}`
}

/** The tags at which cosign keeps what it attached before there were referrers. */
export function cosignTags(digest: Digest): string[] {
  return ['sig', 'att', 'sbom'].map((kind) => `${fallbackTag(digest)}.${kind}`)
}

const attachedLayers: Readonly<Record<string, RegExp>> = {
  sig: /^application\/vnd\.dev\.cosign\.simplesigning\.v1\+json$/,
  att: /^application\/vnd\.dsse\.envelope\.v1\+json$/,
  // By its tag alone: carried, and never more than unknown.
  sbom: /./,
}

/** Whether a manifest under one of cosign's tags is what cosign attaches there: by the types of its layers. */
export function isAttached(tag: string, manifest: Manifest): boolean {
  const form = attachedLayers[tag.slice(tag.lastIndexOf('.') + 1)]
  return (
    manifest.kind === 'manifest' &&
    form !== undefined &&
    manifest.layers.some(({ mediaType }) => form.test(mediaType))
  )
}

function listed(bytes: Buffer, subject: string): UsableList {
  try {
    return readList(bytes)
  } catch (error) {
    if (!(error instanceof ManifestProblem)) throw error
    const { reason, expected, found } = error
    throw new Failure('manifest-refused', { subject, reason, expected, found }, error)
  }
}

const noList: UsableList = { entries: [], odd: 0, why: '' }

function joined(a: UsableList, b: UsableList): UsableList {
  return { entries: [...a.entries, ...b.entries], odd: a.odd + b.odd, why: a.why || b.why }
}

function addressOf(text: string, base: URL): URL | null {
  try {
    return new URL(text, base)
  } catch {
    return null
  }
}

/** The next page of a list, which must be on the same host; `null` at the end. @throws Failure `redirect-refused` */
export function nextPage(answer: GateAnswer, subject: string): { place: URL; from: Spoken } | null {
  const link = [answer.headers.link].flat().join(', ')
  const target = /<([^>]*)>\s*;[^,]*rel\s*=\s*"?next"?/i.exec(link)?.[1]
  if (target === undefined) return null
  const url = addressOf(target, answer.url)
  if (url?.origin !== answer.url.origin) {
    const facts = { host: answer.url.host, found: target.slice(0, 200), expected: 'the same host' }
    throw new Failure('redirect-refused', { ...facts, subject })
  }
  return { place: url, from: { url: answer.url, zone: answer.zone } }
}

/** `null` where the registry has no such list for anything: 404 is no answer about one manifest. */
async function fromApi(registry: Registry, repository: string, digest: Digest): Promise<UsableList | null> {
  const subject = `the referrers of ${subjectOf(registry, repository, digest)}`
  let found = noList
  const seen = new Set<string>()
  let path: Ask['path'] | null = `${repository}/referrers/${digest}`
  for (let page = 1; path !== null; page += 1) {
    if (page > limits.referrerPages)
      throw new Failure('too-many', { subject, expected: limits.referrerPages })
    const question: Ask = {
      method: 'GET',
      repository,
      path,
      headers: { accept: ociIndex },
      subject,
      expect: [200, 404],
    }
    const { answer, bytes } = await registry.read(question, limits.answerBytes)
    if (answer.status === 404) return page === 1 ? null : found
    found = joined(found, listed(bytes, subject))
    const next: ReturnType<typeof nextPage> = nextPage(answer, subject)
    path = next === null || seen.has(next.place.href) ? null : next
    if (next !== null) seen.add(next.place.href)
  }
  return found
}

// Some registries answer a name they take for a digest with that very manifest: it is no list of what speaks for it.
async function fromTag(registry: Registry, repository: string, digest: Digest): Promise<UsableList> {
  const fetched = await fetchManifest(registry, repository, fallbackTag(digest)).catch(noneAt404)
  if (fetched === null || fetched.digest === digest) return noList
  return listed(fetched.bytes, subjectOf(registry, repository, fallbackTag(digest)))
}

/** That there is nothing is an answer; everything else is not. */
export function noneAt404(error: unknown): null {
  if (error instanceof Failure && error.code === 'not-found') return null
  throw error
}

export const referrerLists = { api: fromApi, tag: fromTag } as const
