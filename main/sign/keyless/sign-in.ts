import { createHash, randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import type { Clock } from '../../platform/clock.ts'
import { Failure } from '../../platform/failure.ts'
import { checkHop } from '../../platform/hop.ts'
import { limits } from '../../platform/limits.ts'
import { listenFor } from '../../platform/loopback.ts'
import type { Gate, Spoken } from '../../platform/network.ts'
import { shown } from '../../sigstore/refusal.ts'
import { ask, below, form, refused, shapeOf, type Reply } from './service.ts'
import { audience, readToken } from './token.ts'

/** Where a person goes to sign in; `code` is typed there when the page is on another computer. */
export interface SignInPage {
  readonly address: URL
  readonly code: string | null
}

/** What signing in needs from outside. */
export interface SignIn {
  readonly issuer: URL
  readonly clock: Clock
  /** Opens a way to these addresses alone. */
  open(urls: readonly URL[]): Gate
  /** Brings the person to the page: a browser, or words. */
  show(page: SignInPage): Promise<void>
  readonly signal?: AbortSignal | undefined
}

const zPlace = z
  .url()
  .max(2048)
  .transform((text) => new URL(text))
const zProvider = z.object({
  issuer: z.string().max(2048),
  authorization_endpoint: zPlace,
  token_endpoint: zPlace,
  device_authorization_endpoint: zPlace.optional(),
})
const zGranted = z.object({ id_token: z.string().max(limits.tokenBytes) })
const zRefused = z.object({ error: z.string().max(200) })
const zDevice = z.object({
  device_code: z.string().max(4096),
  user_code: z.string().max(64),
  verification_uri: zPlace,
  expires_in: z.number().min(1).max(3600),
  interval: z.number().min(1).max(60).default(5),
})

const secret = (): string => randomBytes(32).toString('base64url')
const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url')
const headers = { accept: 'application/json' }

function failed(host: string, found: string): Failure {
  return new Failure('sign-in-failed', { host, found: shown(found) })
}

/** What a provider says of itself, and who said so: the places that it names are judged like redirects. */
type Provider = z.output<typeof zProvider> & { readonly by: Spoken }

async function discover(signIn: SignIn): Promise<Provider> {
  const { issuer, signal } = signIn
  const place = below(issuer, '.well-known/openid-configuration')
  const reply = await ask(signIn.open([issuer]), place, { headers, signal })
  if (reply.status !== 200) throw refused(reply)
  const provider = shapeOf(reply, zProvider, 'the description of an identity provider')
  const bare = (text: string): string => text.replace(/\/$/, '')
  // A provider that speaks for another one could have its tokens taken for the other's.
  if (bare(provider.issuer) !== bare(issuer.href)) throw failed(issuer.host, `the name ${provider.issuer}`)
  const places = [
    provider.authorization_endpoint,
    provider.token_endpoint,
    provider.device_authorization_endpoint,
  ]
  for (const one of places) if (one !== undefined) checkHop(issuer, one)
  return { ...provider, by: reply.by }
}

function tokenOf(reply: Reply, signIn: SignIn, issuer: string, nonce: string | null): string {
  const { id_token: text } = shapeOf(reply, zGranted, 'a token')
  const token = readToken(text, signIn.clock.now())
  if (token.issuer !== issuer) throw failed(reply.host, `a token of ${token.issuer}`)
  if (nonce !== null && token.nonce !== nonce)
    throw failed(reply.host, 'a token that was made for another request')
  return token.text
}

// Ends with the answer, with the signal, or when the person has taken too long.
async function within<Value>(value: Promise<Value>, signIn: SignIn): Promise<Value> {
  const abort = new AbortController()
  const stop = (): void => abort.abort()
  signIn.signal?.addEventListener('abort', stop)
  if (signIn.signal?.aborted === true) stop()
  const late = pause(limits.signInTime, null, { signal: abort.signal }).then(
    () => failed(signIn.issuer.host, 'nobody signed in in time'),
    () => new Failure('cancelled'),
  )
  try {
    const first = await Promise.race([value.then((one) => ({ one })), late])
    if (first instanceof Failure) throw first
    return first.one
  } finally {
    signIn.signal?.removeEventListener('abort', stop)
    stop()
  }
}

/**
 * Signs a person in with the system's browser (authorization code with PKCE, RFC 7636 and RFC 8252): gives the token.
 *
 * @throws Failure `sign-in-failed`, `service-refused`, `service-answer`, `token-form`, `cancelled`, of the gate
 */
export async function signInByBrowser(signIn: SignIn): Promise<string> {
  const provider = await discover(signIn)
  const [state, nonce, verifier] = [secret(), secret(), secret()]
  // Any page may send a browser here: what does not know the state is nobody's answer, and the right one is waited for.
  const listener = await listenFor('/auth/callback', (query) => query.get('state') === state)
  try {
    const address = new URL(provider.authorization_endpoint.href)
    const query = {
      response_type: 'code',
      client_id: audience,
      scope: 'openid email',
      redirect_uri: listener.address.href,
      state,
      nonce,
      code_challenge: challengeOf(verifier),
      code_challenge_method: 'S256',
    }
    for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value)
    await signIn.show({ address, code: null })
    const answer = await within(listener.answer, signIn)
    const host = address.host
    const code = answer.get('code')
    if (code === null) throw failed(host, answer.get('error') ?? 'an answer without a code')
    const gate = signIn.open([provider.token_endpoint])
    const fields = {
      grant_type: 'authorization_code',
      client_id: audience,
      code,
      redirect_uri: listener.address.href,
      code_verifier: verifier,
    }
    const reply = await ask(gate, provider.token_endpoint, {
      body: form(fields),
      headers,
      from: provider.by,
      signal: signIn.signal,
    })
    if (reply.status !== 200) throw refused(reply)
    return tokenOf(reply, signIn, provider.issuer, nonce)
  } finally {
    await listener.close()
  }
}

interface Waiting {
  readonly gate: Gate
  readonly place: URL
  readonly from: Spoken
  readonly fields: Readonly<Record<string, string>>
  readonly seconds: number
  readonly interval: number
}

async function poll(waiting: Waiting, signIn: SignIn): Promise<Reply> {
  const end = signIn.clock.ticks() + waiting.seconds * 1000
  for (let interval = waiting.interval; ;) {
    await pause(interval * 1000, null, signIn.signal === undefined ? {} : { signal: signIn.signal }).catch(
      () => {
        throw new Failure('cancelled')
      },
    )
    if (signIn.clock.ticks() > end) throw failed(waiting.place.host, 'nobody signed in in time')
    const body = form(waiting.fields)
    const { gate, place, from } = waiting
    const reply = await ask(gate, place, { body, headers, from, signal: signIn.signal })
    if (reply.status === 200) return reply
    const { error } = shapeOf(reply, zRefused, 'a token, or why not')
    if (error === 'slow_down') interval += 5
    else if (error !== 'authorization_pending') throw failed(reply.host, error)
  }
}

/**
 * Signs a person in on another computer's browser (device authorization, RFC 8628): gives the token.
 *
 * @throws Failure `sign-in-failed`, `service-refused`, `service-answer`, `token-form`, `cancelled`, of the gate
 */
export async function signInByDevice(signIn: SignIn): Promise<string> {
  const provider = await discover(signIn)
  const start = provider.device_authorization_endpoint
  if (start === undefined) throw failed(signIn.issuer.host, 'no way to sign in with a code')
  const verifier = secret()
  const gate = signIn.open([start, provider.token_endpoint])
  const asked = {
    client_id: audience,
    scope: 'openid email',
    code_challenge: challengeOf(verifier),
    code_challenge_method: 'S256',
  }
  const { signal } = signIn
  const reply = await ask(gate, start, { body: form(asked), headers, from: provider.by, signal })
  if (reply.status !== 200) throw refused(reply)
  const device = shapeOf(reply, zDevice, 'a code to sign in with')
  checkHop(signIn.issuer, device.verification_uri)
  await signIn.show({ address: device.verification_uri, code: device.user_code })
  const fields = {
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    client_id: audience,
    device_code: device.device_code,
    code_verifier: verifier,
  }
  const { expires_in: seconds, interval } = device
  const waiting = { gate, place: provider.token_endpoint, from: provider.by, fields, seconds, interval }
  const granted = await poll(waiting, signIn)
  return tokenOf(granted, signIn, provider.issuer, null)
}
