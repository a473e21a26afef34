import { Failure } from '../platform/failure.ts'
import { JsonError, parseStrict, type Json } from '../platform/json.ts'
import { isRepository, plainHost, spelledHost } from './reference.ts'

/** What proves us to one registry. Plain data for worker threads; never in a log, a failure or a file of ours. */
export type Credential =
  | { readonly username: string; readonly password: string }
  /** For whoever gives tokens. */
  | { readonly identityToken: string }
  /** A token itself, for the registry. */
  | { readonly registryToken: string }

/** What is there for a registry, or for a part of one; else why there is none, or what is wrong with it. */
export type Entry =
  Credential | { readonly none: string } | { readonly wrong: string; readonly program?: string }

/**
 * By host (`name[:port]`, lower case, Docker Hub as `docker.io`) or a part of it (`name/team`): the longest that fits
 * counts, and goes to exactly its host. What is wrong with one is told when its host asks, and no matter to others.
 * Under `*` stands why a host that is not there has none.
 */
export type Credentials = Readonly<Record<string, Entry>>

export const noCredentials: Credentials = {}

/** A file of credentials as it was read: programs that hold some are named in it, and not asked yet. */
export interface CredentialFile {
  readonly entries: Credentials
  /** Names of programs, by host or a part of it. */
  readonly helpers: Readonly<Record<string, string>>
  /** The program for all other hosts. */
  readonly store: string | null
  /** How the file itself writes a host, for the programs. */
  readonly addresses: Readonly<Record<string, string>>
}

function wrong(expected: string, found: string): never {
  throw new Failure('auth-form', { expected, found })
}

function textIn(entry: { [name: string]: Json }, name: string): string | undefined {
  const value = entry[name]
  if (value === undefined || value === '') return undefined
  return typeof value === 'string' ? value : wrong('text', `something else in ${name}`)
}

function fromPair(host: string, encoded: string): Credential {
  const pair = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = pair.indexOf(':')
  if (colon < 0) wrong('user:password in base64', `something else for ${host}`)
  return credentialOf(pair.slice(0, colon), pair.slice(colon + 1))
}

/** A user with a password; some clouds, and programs, hand out a token under the user name `<token>`. */
export function credentialOf(username: string, password: string): Credential {
  return username === '<token>' ? { identityToken: password } : { username, password }
}

/** Whether a token may stand in a header: it has nothing that ends one. */
export function headerSafe(token: string): boolean {
  return /^[\x21-\x7e]+$/.test(token)
}

function credentialIn(host: string, value: Json): Credential | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return wrong('an object for each host', `something else for ${host}`)
  }
  const token = textIn(value, 'identitytoken')
  const own = textIn(value, 'registrytoken')
  const encoded = textIn(value, 'auth')
  const username = textIn(value, 'username')
  const password = textIn(value, 'password')
  // Docker's own order: what is for the registry itself goes before what gets such a thing.
  if (own !== undefined)
    return headerSafe(own) ? { registryToken: own } : wrong('a token', `something else for ${host}`)
  if (token !== undefined) return { identityToken: token }
  if (encoded !== undefined) return fromPair(host, encoded)
  return username === undefined || password === undefined ? null : credentialOf(username, password)
}

const withoutPort = (host: string): string => host.replace(/:443$/, '')

// A key that is no host is for nobody that could be asked for.
function hostIn(text: string): string | null {
  try {
    return withoutPort(spelledHost(text))
  } catch {
    return null
  }
}

// Keys may be `https://index.docker.io/v1/`, and with a namespace, as podman writes them, for a part of a registry.
function keyOf(written: string): string | null {
  const [, host = '', path = ''] = /^(?:https?:\/\/)?([^/\s]+)(?:\/(.*?))?\/*$/.exec(written) ?? []
  const name = hostIn(host)
  if (name === null) return null
  if (path === '' || path === 'v1' || path === 'v2') return name
  return isRepository(path) ? `${name}/${path}` : null
}

function objectIn(document: { [name: string]: Json }, name: string): { [name: string]: Json } {
  const value = document[name] ?? {}
  return typeof value !== 'object' || Array.isArray(value)
    ? wrong(`an object “${name}”`, 'something else')
    : value
}

function entriesIn(auths: { [name: string]: Json }): [string, Entry][] {
  return Object.entries(auths).flatMap(([written, value]): [string, Entry][] => {
    const key = keyOf(written)
    if (key === null || value === null) return []
    try {
      const credential = credentialIn(key, value)
      return credential === null ? [] : [[key, credential]]
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      return [[key, { wrong: String(error.facts.found) }]]
    }
  })
}

/**
 * Reads docker's `config.json` (containers' `auth.json`).
 *
 * @throws Failure `auth-form`
 */
export function parseCredentials(bytes: Uint8Array): CredentialFile {
  let document: Json
  try {
    document = parseStrict(bytes)
  } catch (error) {
    return wrong('JSON', error instanceof JsonError ? error.message : 'something else')
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    return wrong('an object', 'something else')
  // Logged in nowhere, or with programs only, the file has none: public content can be had all the same.
  const auths = objectIn(document, 'auths')
  const named = Object.entries(objectIn(document, 'credHelpers')).flatMap(([written, name]) => {
    const key = keyOf(written)
    return key === null || typeof name !== 'string' || name === '' ? [] : [[key, name] as const]
  })
  const store = document.credsStore
  return {
    entries: Object.fromEntries([...entriesIn(auths), ['*', { none: 'the file has none for it' }]]),
    helpers: Object.fromEntries(named),
    store: typeof store === 'string' && store !== '' ? store : null,
    addresses: Object.fromEntries(Object.keys(auths).map((one) => [keyOf(one) ?? '', one])),
  }
}

/** The longest key under which something stands for a repository of a host, or `null`. */
export function longestKey(
  table: Readonly<Record<string, unknown>>,
  host: string,
  repository: string,
): string | null {
  const name = withoutPort(plainHost(host))
  let path = `${name}/${repository}`
  while (!Object.hasOwn(table, path)) {
    if (path === name) return null
    path = path.slice(0, path.lastIndexOf('/'))
  }
  return path
}

/** The credential for a repository, and what a refusal says of it: never a secret. */
export interface FoundCredential {
  readonly credential: Credential | null
  readonly said: string
}

/**
 * The credential for a repository of a host.
 *
 * @throws Failure `auth-form`, `auth-store` where what is there for it cannot be read
 */
export function credentialFor(credentials: Credentials, host: string, repository = ''): FoundCredential {
  const key = longestKey(credentials, host, repository)
  const found = credentials[key ?? '*'] ?? { none: 'no file of credentials was given' }
  if ('none' in found) return { credential: null, said: `none was sent to ${host}, because ${found.none}` }
  if (!('wrong' in found)) {
    const said = `what stands under ${key ?? host} was sent to ${host} and where it gives tokens, and nowhere else`
    return { credential: found, said }
  }
  if (found.program === undefined) return wrong('user and password, or a token', found.wrong)
  throw new Failure('auth-store', { host, program: found.program, found: found.wrong })
}

/** A user with a password, or a token for the host itself, as it stands in a header. */
export function headerOf(credential: Exclude<Credential, { readonly identityToken: string }>): string {
  if ('registryToken' in credential) return `Bearer ${credential.registryToken}`
  const { username, password } = credential
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`
}

/** What must stand in no words: the secrets of a credential, as they are and as they travel. */
export function secretsOf(credential: Credential | null): string[] {
  if (credential === null) return []
  if ('identityToken' in credential) return [credential.identityToken]
  if ('registryToken' in credential) return [credential.registryToken]
  const { username, password } = credential
  return [password, Buffer.from(`${username}:${password}`, 'utf8').toString('base64')].filter(
    (one) => one !== '',
  )
}
