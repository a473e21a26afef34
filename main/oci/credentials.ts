import { Failure } from '../platform/failure.ts'
import { JsonError, parseStrict, type Json } from '../platform/json.ts'
import { plainHost } from './reference.ts'

/** What proves us to one registry. Plain data for worker threads; never in a log, a failure or a file of ours. */
export type Credential =
  { readonly username: string; readonly password: string } | { readonly identityToken: string }

/**
 * By host (`name[:port]`, lower case, Docker Hub as `docker.io`). A credential goes to exactly its host. Where an entry
 * is there that cannot be read, what is wrong with it: it is told when that host asks, and no matter to others.
 */
export type Credentials = Readonly<Record<string, Credential | { readonly wrong: string }>>

export const noCredentials: Credentials = {}

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
  return identity(pair.slice(0, colon), pair.slice(colon + 1))
}

// Some clouds hand out a token under this user name.
function identity(username: string, password: string): Credential {
  return username === '<token>' ? { identityToken: password } : { username, password }
}

function credentialIn(host: string, value: Json): Credential | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return wrong('an object for each host', `something else for ${host}`)
  }
  const token = textIn(value, 'identitytoken')
  const encoded = textIn(value, 'auth')
  const username = textIn(value, 'username')
  const password = textIn(value, 'password')
  if (token !== undefined) return { identityToken: token }
  if (encoded !== undefined) return fromPair(host, encoded)
  return username === undefined || password === undefined ? null : identity(username, password)
}

// Keys may be `https://index.docker.io/v1/`. A key with a namespace is for a part of a registry: not taken for all of it.
function hostOf(key: string): string | null {
  const match = /^(?:https?:\/\/)?([^/\s]+)(?:\/(?:v[12]\/?)?)?$/.exec(key)
  return match?.[1] === undefined ? null : plainHost(match[1])
}

/**
 * Reads docker's `config.json` (containers' `auth.json`). Programs that hold credentials for it are not run.
 *
 * @throws Failure `auth-form`
 */
export function parseCredentials(bytes: Uint8Array): Credentials {
  let document: Json
  try {
    document = parseStrict(bytes)
  } catch (error) {
    return wrong('JSON', error instanceof JsonError ? error.message : 'something else')
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    return wrong('an object', 'something else')
  // Logged in nowhere, or with programs only, the file has none: public content can be had all the same.
  const auths = document.auths ?? {}
  if (typeof auths !== 'object' || Array.isArray(auths)) return wrong('an object “auths”', 'something else')
  const found = Object.entries(auths).flatMap(([key, value]): [string, Credentials[string]][] => {
    const host = hostOf(key)
    if (host === null || value === null) return []
    try {
      const credential = credentialIn(host, value)
      return credential === null ? [] : [[host, credential]]
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      return [[host, { wrong: String(error.facts.found) }]]
    }
  })
  return Object.fromEntries(found)
}

/**
 * The credential for a host; `null` where the file has none.
 *
 * @throws Failure `auth-form` where its entry cannot be read
 */
export function credentialFor(credentials: Credentials, host: string): Credential | null {
  const key = plainHost(host)
  const found = Object.hasOwn(credentials, key) ? credentials[key] : undefined
  if (found === undefined) return null
  return 'wrong' in found ? wrong('user and password, or a token', found.wrong) : found
}
