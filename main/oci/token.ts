import { drain, type Gate, type Spoken } from '../platform/network.ts'
import { checkHop } from '../platform/hop.ts'
import { Failure } from '../platform/failure.ts'
import { parseStrict } from '../platform/json.ts'
import { limits } from '../platform/limits.ts'
import { readBody } from './body.ts'
import type { Challenge } from './challenge.ts'
import { headerSafe, type Credential } from './credentials.ts'

export interface TokenRequest {
  readonly gate: Gate
  readonly challenge: Challenge
  /** Who challenged us: the realm must not lie further in, nor be without TLS where this had it. */
  readonly asked: Spoken
  readonly scopes: readonly string[]
  readonly credential: Credential | null
  /** What a refusal says of the credential. */
  readonly said: string
  readonly signal?: AbortSignal | undefined
}

export function basic({ username, password }: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`
}

function realmOf({ challenge, asked: { url: asked } }: TokenRequest): URL {
  const realm = challenge.parameters.realm
  if (realm === undefined) {
    const sent = `none was sent, because ${asked.host} names no place for tokens`
    throw new Failure('registry-auth', { host: asked.host, subject: asked.pathname, status: 401, sent })
  }
  let url: URL
  try {
    url = new URL(realm, asked)
  } catch (error) {
    const facts = { host: asked.host, found: 'what is no address', expected: 'an address' }
    throw new Failure('realm-refused', facts, error)
  }
  try {
    checkHop(asked, url)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    throw new Failure('realm-refused', { ...error.facts, host: asked.host }, error)
  }
  return url
}

/** A token, and how long from its arrival it is used, in milliseconds. */
export interface Token {
  readonly token: string
  readonly lifetime: number
}

/** Seconds that a token lives where the answer does not say, and at the least: shorter ones would be asked for all the time. */
const shortestLife = 60
/** So much of it is left when a new one is asked for, in milliseconds: a request that was begun with it must still arrive. */
const early = 10_000

// From its arrival by our own clock: `issued_at` is another clock's.
function lifetimeOf(stated: unknown): number {
  const seconds = typeof stated === 'number' && stated > shortestLife ? stated : shortestLife
  return seconds * 1000 - early
}

function tokenIn(bytes: Buffer, url: URL): Token {
  const none = (found: string): never => {
    throw new Failure('registry-answer', { host: url.host, subject: 'an access token', status: 200, found })
  }
  let answer: unknown
  try {
    answer = parseStrict(bytes)
  } catch {
    return none('something that is not JSON')
  }
  const body = Object(answer) as { token?: unknown; access_token?: unknown; expires_in?: unknown }
  const { token, access_token: access } = body
  const text = [token, access].find((value) => typeof value === 'string' && value !== '')
  return typeof text === 'string' && headerSafe(text)
    ? { token: text, lifetime: lifetimeOf(body.expires_in) }
    : none('no token')
}

/** The user name under which some clouds hand out a token to get tokens with. */
const nobody = '00000000-0000-0000-0000-000000000000'

function identityOf(credential: Credential | null): string | null {
  if (credential === null || 'registryToken' in credential) return null
  if ('identityToken' in credential) return credential.identityToken
  return credential.username === nobody ? credential.password : null
}

function byGet(request: TokenRequest, realm: URL): ReturnType<Gate['request']> {
  const url = new URL(realm)
  const { service } = request.challenge.parameters
  if (service !== undefined) url.searchParams.set('service', service)
  for (const scope of request.scopes) url.searchParams.append('scope', scope)
  const { credential } = request
  const known = credential !== null && 'username' in credential
  const headers: Record<string, string> = known ? { authorization: basic(credential) } : {}
  return request.gate.request(url, { method: 'GET', headers, from: request.asked, signal: request.signal })
}

function byPost(
  request: TokenRequest,
  realm: URL,
  grant: Readonly<Record<string, string>>,
): ReturnType<Gate['request']> {
  const form = new URLSearchParams({
    ...grant,
    client_id: 'sallyport',
    service: request.challenge.parameters.service ?? '',
    scope: request.scopes.join(' '),
  })
  return request.gate.request(realm, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from(form.toString()),
    from: request.asked,
    signal: request.signal,
  })
}

type Way = (request: TokenRequest, realm: URL) => ReturnType<Gate['request']>

/** How a token is asked for, one way after the other: some who give tokens know only GET, and some only POST. */
function waysFor(credential: Credential | null): readonly [Way, ...Way[]] {
  const identity = identityOf(credential)
  if (identity !== null) {
    const grant = { grant_type: 'refresh_token', refresh_token: identity }
    return [(request, realm) => byPost(request, realm, grant), byGet]
  }
  if (credential === null || !('username' in credential)) return [byGet]
  const { username, password } = credential
  return [byGet, (request, realm) => byPost(request, realm, { grant_type: 'password', username, password })]
}

const unknownWay: ReadonlySet<number> = new Set([404, 405])

/**
 * Fetches a Bearer token from the realm that a registry names.
 *
 * @throws Failure `registry-auth`, `registry-answer`, `realm-refused`, `redirect-refused`, and those of the gate
 */
export async function fetchToken(request: TokenRequest): Promise<Token> {
  const realm = realmOf(request)
  const [first, ...others] = waysFor(request.credential)
  let answer = await first(request, realm)
  for (const way of others) {
    if (!unknownWay.has(answer.status)) break
    drain(answer.body)
    answer = await way(request, realm)
  }
  const facts = { host: realm.host, subject: request.scopes.join(' '), status: answer.status }
  if (answer.status === 401 || answer.status === 403) {
    drain(answer.body)
    throw new Failure('registry-auth', { ...facts, sent: request.said })
  }
  if (answer.status !== 200) {
    drain(answer.body)
    throw new Failure('registry-answer', { ...facts, found: 'no token' })
  }
  return tokenIn(await readBody(answer.body, limits.answerBytes, realm.host, 'an access token'), realm)
}
