import { hexOf, isDigest, type Digest } from '../../../shared/digest.ts'
import type { Tree } from '../../archive/tree.ts'
import { digestOf } from '../../platform/hash.ts'
import type { Problems } from './contents.ts'

const top = 'docker/registry/v2/'
const repositories = `${top}repositories/`
const blobPath = /^docker\/registry\/v2\/blobs\/sha256\/([0-9a-f]{2})\/([0-9a-f]{64})\/data$/
const revisionPath = /^(.+)\/_manifests\/revisions\/sha256\/([0-9a-f]{64})\/link$/
const layerPath = /^(.+)\/_layers\/sha256\/([0-9a-f]{64})\/link$/
const currentPath = /^(.+)\/_manifests\/tags\/([^/]+)\/current\/link$/
const historyPath = /^(.+)\/_manifests\/tags\/([^/]+)\/index\/sha256\/([0-9a-f]{64})\/link$/

/** A repository in the storage of a registry: what lies in it, by its links. */
export interface StoredRepository {
  readonly name: string
  readonly revisions: ReadonlySet<Digest>
  readonly tags: ReadonlyMap<string, Digest>
}

export interface RegistryTree {
  readonly repositories: readonly StoredRepository[]
  /** Blobs with their paths. */
  readonly blobs: ReadonlyMap<Digest, string>
  readonly links: number
  /** Files and links that are none of it. */
  readonly others: readonly string[]
}

/** What a link to a digest has as its content, hashed: so no link has to be read again to be told. */
const linkOf = (digest: Digest): Digest => digestOf(digest)

interface Found {
  readonly revisions: Map<string, Set<Digest>>
  /** The path of a tag's link, by repository and tag. */
  readonly current: Map<string, Map<string, string>>
  readonly history: Map<string, Set<Digest>>
  /** Links whose paths say where they lead. */
  readonly stated: Map<string, Digest>
  readonly blobs: Map<Digest, string>
  readonly others: string[]
}

function within<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key) ?? make()
  map.set(key, known)
  return known
}

function sort(path: string, found: Found, problems: Problems): void {
  const blob = blobPath.exec(path)
  if (blob !== null) {
    const [, start = '', hex = ''] = blob
    if (!hex.startsWith(start))
      problems.add('container.agreement', 'form', path, `a folder ${hex.slice(0, 2)}`, start)
    found.blobs.set(`sha256:${hex}`, path)
    return
  }
  const below = path.startsWith(repositories) ? path.slice(repositories.length) : ''
  const stated = revisionPath.exec(below) ?? layerPath.exec(below)
  const history = historyPath.exec(below)
  const current = currentPath.exec(below)
  const digest = `sha256:${stated?.[2] ?? history?.[3] ?? ''}`
  if (isDigest(digest)) {
    found.stated.set(path, digest)
    const [, repository = '', tag = ''] = history ?? stated ?? []
    if (history !== null) within(found.history, `${repository}:${tag}`, () => new Set()).add(digest)
    else if (revisionPath.test(below)) within(found.revisions, repository, () => new Set()).add(digest)
  } else if (current !== null) {
    const [, repository = '', tag = ''] = current
    within(found.current, repository, () => new Map<string, string>()).set(tag, path)
  } else found.others.push(path)
}

/** Links must lead where their paths say, and tags to a manifest of their own repository. */
function follow(tree: Tree, found: Found, problems: Problems): StoredRepository[] {
  const wrong = (path: string, expected: string, what: string): void =>
    problems.add('container.agreement', 'link-wrong', path, expected, what)
  for (const [path, digest] of found.stated)
    if (tree.files.get(path)?.digest !== linkOf(digest)) wrong(path, digest, 'another text')
  const everywhere = new Map<Digest, Digest>()
  for (const revisions of found.revisions.values())
    for (const digest of revisions) everywhere.set(linkOf(digest), digest)
  const names = new Set([...found.revisions.keys(), ...found.current.keys()])
  return [...names].sort().map((name) => {
    const revisions = found.revisions.get(name) ?? new Set<Digest>()
    const tags = new Map<string, Digest>()
    for (const [tag, path] of found.current.get(name) ?? []) {
      const content = tree.files.get(path)?.digest
      const digest = content === undefined ? undefined : everywhere.get(content)
      const history = found.history.get(`${name}:${tag}`)
      if (digest === undefined) wrong(path, `sha256: of a manifest of ${name}`, 'another text')
      else if (!revisions.has(digest))
        wrong(path, `a manifest of ${name}`, `${digest}, of another repository`)
      else if (history !== undefined && !history.has(digest)) wrong(path, 'one that this tag had', digest)
      else tags.set(tag, digest)
    }
    return { name, revisions, tags }
  })
}

/**
 * The storage of a registry (distribution's, as oc-mirror packs it): blobs by their digests, and repositories whose links
 * are files with a digest in them.
 *
 * @returns `null` where there is none
 */
export function registryTree(tree: Tree, problems: Problems): RegistryTree | null {
  const paths = [...tree.files.keys(), ...tree.links.keys()]
  if (!paths.some((path) => path.startsWith(repositories) || blobPath.test(path))) return null
  const found: Found = {
    revisions: new Map(),
    current: new Map(),
    history: new Map(),
    stated: new Map(),
    blobs: new Map(),
    others: [],
  }
  for (const path of paths) sort(path, found, problems)
  const links = found.stated.size + [...found.current.values()].reduce((sum, { size }) => sum + size, 0)
  return {
    repositories: follow(tree, found, problems),
    blobs: found.blobs,
    links,
    others: found.others,
  }
}

/** How oc-mirror tags an image that was named by its digest. */
export const digestTag = (digest: Digest): string => `sha256-${hexOf(digest)}`
