import { isDigest, type Digest } from '../../shared/digest.ts'
import { Failure } from '../platform/failure.ts'

/** `host/repository:tag@digest` as Docker and OCI tools write it. At least one of tag and digest is there. */
export interface RegistryReference {
  /** As written; `docker.io` where none was. */
  readonly host: string
  readonly repository: string
  readonly tag: string | null
  readonly digest: Digest | null
}

const hostPattern =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*(?::[0-9]{1,5})?$/
const repositoryPattern =
  /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/
const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/
const dockerHub = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io', 'www.docker.io'])

export function isRepository(value: string): boolean {
  return value.length <= 255 && repositoryPattern.test(value)
}

export function isTag(value: string): boolean {
  return tagPattern.test(value)
}

/** The name under which one registry is known by several: all names of Docker Hub are `docker.io`. */
export function plainHost(host: string): string {
  const lower = host.toLowerCase()
  return dockerHub.has(lower) ? 'docker.io' : lower
}

/** Where a registry's API is. */
export function apiHost(host: string): string {
  return plainHost(host) === 'docker.io' ? 'registry-1.docker.io' : host.toLowerCase()
}

/** A reference without tag and digest, and these two: `a.b/c:1@sha256:…` → `a.b/c`, `1`, `sha256:…`. */
export function cutReference(text: string): { name: string; tag: string | null; digest: string | null } {
  const at = text.indexOf('@')
  const digest = at < 0 ? null : text.slice(at + 1)
  const rest = at < 0 ? text : text.slice(0, at)
  const colon = rest.indexOf(':', rest.lastIndexOf('/') + 1)
  if (colon < 0) return { name: rest, tag: null, digest }
  return { name: rest.slice(0, colon), tag: rest.slice(colon + 1), digest }
}

function checkedDigest(text: string, digest: string | null): Digest | null {
  if (digest === null || isDigest(digest)) return digest
  if (/^[a-z0-9+._-]+:[0-9a-zA-Z=_-]+$/.test(digest) && !digest.startsWith('sha256:')) {
    throw new Failure('algorithm-refused', { subject: text, found: digest.slice(0, digest.indexOf(':')) })
  }
  throw new Failure('reference-form', {
    found: text,
    expected: 'sha256: and 64 lower-case hex digits after the @',
  })
}

function checkedTag(text: string, tag: string | null): string | null {
  if (tag === null || isTag(tag)) return tag
  throw new Failure('reference-form', { found: text, expected: 'a tag of letters, digits and . _ -' })
}

/**
 * Parses a reference into a registry. What has no host is on Docker Hub; what has one name there is in `library`.
 *
 * @throws Failure `reference-form`, `algorithm-refused`
 */
export function parseReference(text: string): RegistryReference {
  const cut = cutReference(text)
  const digest = checkedDigest(text, cut.digest)
  const tag = checkedTag(text, cut.tag)
  const slash = cut.name.indexOf('/')
  const first = slash < 0 ? '' : cut.name.slice(0, slash)
  const named = /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase()
  const host = named ? first : 'docker.io'
  const path = named ? cut.name.slice(slash + 1) : cut.name
  const repository = plainHost(host) === 'docker.io' && !path.includes('/') ? `library/${path}` : path
  if (!hostPattern.test(host)) throw new Failure('reference-form', { found: text, expected: 'a host name' })
  if (!isRepository(repository)) {
    throw new Failure('reference-form', { found: text, expected: 'a repository name in lower case' })
  }
  if (tag === null && digest === null) {
    throw new Failure('reference-form', {
      found: text,
      expected: 'a tag or a digest; “latest” is never assumed',
    })
  }
  return { host, repository, tag, digest }
}

/** `oci:PATH[:TAG][@DIGEST]`: an image in a folder. Without a tag or digest the layout holds exactly one. */
export interface LayoutReference {
  readonly path: string
  readonly tag: string | null
  readonly digest: Digest | null
}

/** @throws Failure `reference-form`, `algorithm-refused` */
export function parseLayoutReference(text: string): LayoutReference {
  const cut = cutReference(text.slice('oci:'.length))
  if (!text.startsWith('oci:') || cut.name === '') {
    throw new Failure('reference-form', { found: text, expected: 'oci: and the path of a folder' })
  }
  return { path: cut.name, tag: checkedTag(text, cut.tag), digest: checkedDigest(text, cut.digest) }
}
