import type { Digest } from '../../shared/digest.ts'
import { Failure } from '../platform/failure.ts'
import { inLanes } from '../platform/lanes.ts'
import { drain } from '../platform/network.ts'
import { attachedIn } from './attach.ts'
import { attachedTypes, holds, type AttachedKind, type KnownLayer } from './attached.ts'
import { fetchManifest, subjectOf } from './manifests.ts'
import { noneAt404, referrerLists } from './referrers.ts'
import type { Registry } from './registry.ts'

/** What readers of a target must find, each by the way in which they look for it. */
export type Promised = { readonly repository: string } & (
  | { readonly by: 'name'; readonly reference: string; readonly digest: Digest }
  | { readonly by: 'blob'; readonly digest: Digest; readonly size: number }
  | { readonly by: 'referrers'; readonly subject: Digest; readonly digest: Digest }
  | {
      readonly by: 'tag'
      readonly tag: string
      readonly kind: AttachedKind
      readonly layers: readonly KnownLayer[]
      readonly digest: Digest
    }
)

/** What a reader does not find, in words. */
export interface NotFound {
  readonly digest: Digest
  readonly sentence: string
}

async function named(registry: Registry, one: Extract<Promised, { by: 'name' }>): Promise<string | null> {
  const { repository, reference, digest } = one
  const subject = subjectOf(registry, repository, reference)
  try {
    const found = await fetchManifest(registry, repository, reference)
    return found.digest === digest ? null : `${subject} holds ${found.digest}, not ${digest}`
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    if (error.code === 'not-found') return `${subject} is not there`
    if (error.code === 'registry-lies')
      return `${subject} holds ${String(error.facts.found ?? 'something else')}`
    throw error
  }
}

// Its size and digest as the registry says them: bytes of layers are not fetched again.
async function blob(registry: Registry, one: Extract<Promised, { by: 'blob' }>): Promise<string | null> {
  const { repository, digest, size } = one
  const subject = subjectOf(registry, repository, digest)
  const path = `${repository}/blobs/${digest}`
  const answer = await registry.ask({ method: 'HEAD', repository, path, subject, expect: [200, 404] })
  drain(answer.body)
  if (answer.status === 404) return `${subject} is not there`
  const stated = answer.headers['content-length']
  return stated === undefined || Number(stated) === size
    ? null
    : `${subject} has ${stated} bytes, not ${size}`
}

type Listed = ReadonlySet<Digest>

/** The lists of referrers, each asked for once: the API, or the tag where the registry has none. */
class Referrers {
  private readonly lists = new Map<string, Promise<Listed>>()
  private readonly registry: Registry

  constructor(registry: Registry) {
    this.registry = registry
  }

  of(repository: string, subject: Digest): Promise<Listed> {
    const name = `${repository}@${subject}`
    const known = this.lists.get(name) ?? this.read(repository, subject)
    this.lists.set(name, known)
    return known
  }

  private async read(repository: string, subject: Digest): Promise<Listed> {
    const found =
      (await referrerLists.api(this.registry, repository, subject)) ??
      (await referrerLists.tag(this.registry, repository, subject))
    return new Set(found.entries.map(({ digest }) => digest))
  }
}

async function referred(
  registry: Registry,
  { repository, subject, digest }: Extract<Promised, { by: 'referrers' }>,
  lists: Referrers,
): Promise<string | null> {
  const about = subjectOf(registry, repository, subject)
  if (!(await lists.of(repository, subject)).has(digest))
    return `${digest} is not in the list of what refers to ${about}`
  return named(registry, { by: 'name', repository, reference: digest, digest })
}

async function tagged(registry: Registry, one: Extract<Promised, { by: 'tag' }>): Promise<string | null> {
  const { repository, tag, kind, layers } = one
  const subject = subjectOf(registry, repository, tag)
  const fetched = await fetchManifest(registry, repository, tag).catch(noneAt404)
  if (fetched === null) return `${subject} is not there`
  const found = attachedIn(fetched, kind)
  if (found === null) return `${subject} holds something else than ${attachedTypes[kind]}`
  const missing = layers.filter((layer) => !holds(found, layer))
  return missing.length === 0
    ? null
    : `${subject} lacks ${missing.map((layer) => layer.blob.digest).join(', ')}`
}

function look(registry: Registry, one: Promised, lists: Referrers): Promise<string | null> {
  switch (one.by) {
    case 'name':
      return named(registry, one)
    case 'blob':
      return blob(registry, one)
    case 'referrers':
      return referred(registry, one, lists)
    case 'tag':
      return tagged(registry, one)
  }
}

/**
 * Reads a target again as each of its readers would.
 *
 * @param advance is told of each thing that was looked for
 * @returns what is not found, in the order of what was promised
 * @throws Failure where it cannot be asked
 */
export async function readAgain(
  registry: Registry,
  promised: readonly Promised[],
  advance: (count: number) => void,
): Promise<NotFound[]> {
  const lists = new Referrers(registry)
  const found = await inLanes(promised, 4, async (one) => {
    const sentence = await look(registry, one, lists)
    advance(1)
    return sentence === null ? [] : [{ digest: one.digest, sentence }]
  })
  return found.flat()
}

/** As many as are named in a failure. */
const mostNamed = 5

/** That nothing is missing. @throws Failure `landing-incomplete`, with each that is as its cause */
export function checkComplete(host: string, missing: readonly NotFound[]): void {
  if (missing.length === 0) return
  const sentences = missing.map(({ sentence }) => sentence)
  const more = missing.length > mostNamed ? `; and ${missing.length - mostNamed} more` : ''
  const found = `${sentences.slice(0, mostNamed).join('; ')}${more}`
  throw new Failure('landing-incomplete', { host, found }, new Incomplete(missing))
}

/** Everything that readers do not find, for the record. */
export class Incomplete extends Error {
  readonly missing: readonly NotFound[]

  constructor(missing: readonly NotFound[]) {
    super(`${missing.length} missing`)
    this.missing = missing
  }
}
