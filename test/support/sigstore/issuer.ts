import { createHash, randomBytes, sign } from 'node:crypto'
import { makeKey } from '../pki/key.ts'
import { startSmallServer, type Running, type SmallAnswer, type SmallQuestion } from './server.ts'

/** Claims of a token. */
export type Claims = Readonly<Record<string, unknown>>

/** An OpenID provider of a test: one issuer for each path, tokens by a call or by the usual flows. */
export interface Issuer extends Running {
  readonly origin: string
  /** The issuer of a path, as tokens name it. */
  name(path: string): string
  /** A token of the issuer at `path`, for the audience `sigstore`, for five minutes, unless the claims say otherwise. */
  mint(path: string, claims: Claims): string
  /** Whom the interactive flows log in; and what came in at the authorization endpoint, newest last. */
  person: string
  readonly asked: URLSearchParams[]
  /** A change of what the next flows answer, to see that it is noticed. */
  mischief: 'none' | 'nonce' | 'state' | 'denied' | 'slow' | 'issuer'
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url')

interface Pending {
  readonly path: string
  readonly challenge: string
  readonly nonce: string
  polls: number
}

class TestIssuer {
  origin = ''
  person = 'alice@priv.test'
  mischief: Issuer['mischief'] = 'none'
  readonly asked: URLSearchParams[] = []
  private readonly key = makeKey('p256')
  private readonly pending = new Map<string, Pending>()
  private readonly kid = randomBytes(8).toString('hex')

  name(path: string): string {
    return `${this.origin}/${path}`
  }

  mint(path: string, claims: Claims): string {
    const now = Math.floor(Date.now() / 1000)
    const email = typeof claims['email'] === 'string' ? { sub: claims['email'], email_verified: true } : {}
    const whole = { iss: this.name(path), aud: 'sigstore', iat: now, exp: now + 300, ...email, ...claims }
    const text = `${encode({ alg: 'ES256', typ: 'JWT', kid: this.kid })}.${encode(whole)}`
    const how = { key: this.key.privateKey, dsaEncoding: 'ieee-p1363' } as const
    return `${text}.${sign('sha256', Buffer.from(text), how).toString('base64url')}`
  }

  answer({ method, url, body }: SmallQuestion): SmallAnswer {
    const [, path = '', ...rest] = url.pathname.split('/')
    const form = new URLSearchParams(body.toString('utf8'))
    switch (`${method} ${rest.join('/')}`) {
      case 'GET .well-known/openid-configuration':
        return { body: this.discovery(path) }
      case 'GET keys':
        return { body: this.keys() }
      case 'GET authorize':
        return this.authorize(path, url.searchParams)
      case 'POST token':
        return this.token(path, form)
      case 'POST device':
        return this.device(path, form)
      default:
        return { status: 404, body: { error: 'not_found' } }
    }
  }

  private discovery(path: string): object {
    const name = this.name(path)
    return {
      issuer: this.mischief === 'issuer' ? `${name}/other` : name,
      authorization_endpoint: `${name}/authorize`,
      token_endpoint: `${name}/token`,
      device_authorization_endpoint: `${name}/device`,
      jwks_uri: `${name}/keys`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256'],
    }
  }

  private keys(): object {
    const jwk = this.key.publicKey.export({ format: 'jwk' })
    return { keys: [{ ...jwk, kid: this.kid, alg: 'ES256', use: 'sig' }] }
  }

  private remember(path: string, query: URLSearchParams): string {
    const code = randomBytes(12).toString('hex')
    const challenge = query.get('code_challenge') ?? ''
    this.pending.set(code, { path, challenge, nonce: query.get('nonce') ?? '', polls: 0 })
    return code
  }

  private authorize(path: string, query: URLSearchParams): SmallAnswer {
    this.asked.push(query)
    const to = new URL(query.get('redirect_uri') ?? '')
    to.searchParams.set('state', this.mischief === 'state' ? 'other' : (query.get('state') ?? ''))
    if (this.mischief === 'denied') to.searchParams.set('error', 'access_denied')
    else to.searchParams.set('code', this.remember(path, query))
    return { status: 302, headers: { location: to.href } }
  }

  private device(path: string, form: URLSearchParams): SmallAnswer {
    this.asked.push(form)
    const body = {
      device_code: this.remember(path, form),
      user_code: 'WDJB-MJHT',
      verification_uri: `${this.name(path)}/activate`,
      expires_in: 60,
      interval: 1,
    }
    return { body }
  }

  private token(path: string, form: URLSearchParams): SmallAnswer {
    const grant = form.get('grant_type') ?? ''
    const code = form.get(grant === 'authorization_code' ? 'code' : 'device_code') ?? ''
    const found = this.pending.get(code)
    if (found === undefined || found.path !== path) return { status: 400, body: { error: 'invalid_grant' } }
    if (grant !== 'authorization_code') {
      if (this.mischief === 'denied') return { status: 400, body: { error: 'access_denied' } }
      found.polls += 1
      if (found.polls < 2) return { status: 400, body: { error: 'authorization_pending' } }
    }
    this.pending.delete(code)
    if (challengeOf(form.get('code_verifier') ?? '') !== found.challenge) {
      return { status: 400, body: { error: 'invalid_grant' } }
    }
    const nonce = this.mischief === 'nonce' ? 'other' : found.nonce
    const token = this.mint(path, { email: this.person, nonce })
    return { body: { access_token: 'unused', token_type: 'Bearer', id_token: token } }
  }
}

/** Starts an issuer on a free port. */
export async function startIssuer(): Promise<Issuer> {
  const issuer = new TestIssuer()
  const server = await startSmallServer((question) => issuer.answer(question))
  issuer.origin = server.origin
  return Object.assign(issuer, { close: () => server.close() })
}
