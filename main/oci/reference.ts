import { isDigest, type Digest } from '../../shared/digest.ts'
import { isLayout, transport } from '../../shared/names.ts'
import { Failure } from '../platform/failure.ts'

/** A repository of a registry. */
export interface RegistryPlace {
  /** In lower case, an address as numbers, its port where one is written; Docker Hub's names are `docker.io`. */
  readonly host: string
  readonly repository: string
}

/** `host/repository:tag@digest` as Docker and OCI tools write it. At least one of tag and digest is there. */
export interface RegistryReference extends RegistryPlace {
  readonly tag: string | null
  readonly digest: Digest | null
}

const hostPattern =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*(?::[0-9]+)?$/
// Without a zone: what `%eth0` means differs from computer to computer.
const addressPattern = /^\[[0-9A-Fa-f:.]+\](?::[0-9]+)?$/
const repositoryPattern =
  /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/
const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/
// One registry by several names: those its own tools wrote over the years (index and registry are still answered by it).
const dockerHub = new Set([
  'docker.io',
  'index.docker.io',
  'registry-1.docker.io',
  'registry.hub.docker.com',
  'www.docker.io',
])

export function isRepository(value: string): boolean {
  return value.length <= 255 && repositoryPattern.test(value)
}

export function isTag(value: string): boolean {
  return tagPattern.test(value)
}

/** The name under which one registry is known by several: all names of Docker Hub are `docker.io`. */
export function plainHost(host: string): string {
  const lower = host.toLowerCase()
  return dockerHub.has(lower.replace(/:0*443$/, '')) ? 'docker.io' : lower
}

// `URL.canParse` came with Node 18.17; the oldest runtime of the app has 18.15.
function hostnameOf(host: string): string | null {
  try {
    return new URL(`https://${host}`).hostname
  } catch {
    return null
  }
}

/** What a host must be that is none in its one spelling: why it is none. */
function hostWords(host: string): string {
  if (/^\[.*%/.test(host)) return 'an IPv6 address without a zone'
  if (host.startsWith('[')) return 'an IPv6 address in brackets, as in [fd00::1]:5000'
  if (/^https?:?$/.test(host)) return 'a reference without http:// or https:// before it'
  return 'a host name'
}

/**
 * A host in its one spelling: `127.1` is `127.0.0.1`, `[0:0::1]` is `[::1]`, `R.example:05000` is `r.example:5000`.
 *
 * @throws Failure `reference-form` for what is none; `text` is what it stands in
 */
export function spelledHost(host: string, text = host): string {
  const refuse = (expected: string): never => {
    throw new Failure('reference-form', { found: text, expected })
  }
  const [, name = '', port] = /^(.*?)(?::([0-9]+))?$/.exec(host) ?? []
  const named = hostPattern.test(host) || addressPattern.test(host)
  const hostname = named ? hostnameOf(name) : null
  if (hostname === null) return refuse(hostWords(host))
  if (port === undefined) return plainHost(hostname)
  const number = Number(port)
  return number >= 1 && number <= 65_535
    ? plainHost(`${hostname}:${number}`)
    : refuse('a port from 1 to 65535')
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
  // Helm's versions have a plus; registries hold them with an underscore in its place.
  const plus =
    tag.includes('+') && isTag(tag.replaceAll('+', '_'))
      ? `; a registry has it as ${tag.replaceAll('+', '_')}`
      : ''
  throw new Failure('reference-form', { found: text, expected: `a tag of letters, digits and . _ -${plus}` })
}

/** Where a name without tag and digest is; `text` is what it stands in. */
function placeOf(name: string, text: string): RegistryPlace {
  const slash = name.indexOf('/')
  const first = slash < 0 ? '' : name.slice(0, slash)
  const named = /[.:[]/.test(first) || first === 'localhost' || first !== first.toLowerCase()
  const host = named ? spelledHost(first, text) : 'docker.io'
  const path = named ? name.slice(slash + 1) : name
  const repository = host === 'docker.io' && !path.includes('/') ? `library/${path}` : path
  if (!isRepository(repository)) {
    throw new Failure('reference-form', { found: text, expected: 'a repository name in lower case' })
  }
  return { host, repository }
}

/**
 * Parses a reference into a registry. What has no host is on Docker Hub; what has one name there is in `library`.
 *
 * @throws Failure `reference-form`, `algorithm-refused`
 */
export function parseReference(text: string): RegistryReference {
  const cut = cutReference(text.replace(transport, ''))
  const digest = checkedDigest(text, cut.digest)
  const tag = checkedTag(text, cut.tag)
  const place = placeOf(cut.name, text)
  if (tag === null && digest === null) {
    throw new Failure('reference-form', {
      found: text,
      expected: 'a tag or a digest; “latest” is never assumed',
    })
  }
  return { ...place, tag, digest }
}

/**
 * Parses a repository as a whole: a reference without tag and digest.
 *
 * @throws Failure `reference-form`
 */
export function parseRepository(text: string): RegistryPlace {
  const { name, tag, digest } = cutReference(text.replace(transport, ''))
  if (tag === null && digest === null && !isLayout(text)) return placeOf(name, text)
  throw new Failure('reference-form', { found: text, expected: 'a repository, without tag and digest' })
}

/** `oci:PATH[:NAME][@DIGEST]`: an image in a folder. Without name and digest the layout holds exactly one. */
export interface LayoutReference {
  readonly path: string
  readonly tag: string | null
  readonly digest: Digest | null
  /** Where NAME is more than a tag, as `skopeo` and `containerd` write it (`platform/mysql:8.0`); else `null`. */
  readonly full: RegistryReference | null
}

/**
 * Parses a reference into a layout; the path ends at the first colon, as `skopeo` reads it.
 *
 * @throws Failure `reference-form`, `algorithm-refused`
 */
export function parseLayoutReference(text: string): LayoutReference {
  const [before = '', digest = null] = text.slice('oci:'.length).split(/@(.*)/s, 2)
  const [path = '', name = null] = before.split(/:(.*)/s, 2)
  if (!isLayout(text) || path === '') {
    throw new Failure('reference-form', { found: text, expected: 'oci: and the path of a folder' })
  }
  if (name === null || !/[:/]/.test(name)) {
    return { path, tag: checkedTag(text, name), digest: checkedDigest(text, digest), full: null }
  }
  const full = parseReference(digest === null ? name : `${name}@${digest}`)
  return { path, tag: full.tag, digest: full.digest, full }
}
