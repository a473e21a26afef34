import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ambientPlace } from '../../../main/desk/work/environment.ts'
import { systemClock } from '../../../main/platform/clock.ts'
import { Failure } from '../../../main/platform/failure.ts'
import { openGate } from '../../../main/platform/network.ts'
import { rulesTo } from '../../../main/sign/keyless/service.ts'
import {
  signInByBrowser,
  signInByDevice,
  type SignIn,
  type SignInPage,
} from '../../../main/sign/keyless/sign-in.ts'
import { ambientToken, readToken, requestAddress } from '../../../main/sign/keyless/token.ts'
import { startIssuer, type Issuer } from '../../support/sigstore/issuer.ts'
import { startSmallServer } from '../../support/sigstore/server.ts'

const clock = systemClock()
let issuer: Issuer
let shown: SignInPage[] = []
beforeEach(async () => {
  issuer = await startIssuer()
  shown = []
})
afterEach(() => issuer.close())

/** A browser goes where it is sent, and follows where it is sent back to. */
const browse = async ({ address }: SignInPage): Promise<unknown> => fetch(address)
const signIn = (change: Partial<SignIn> = {}): SignIn => ({
  issuer: new URL(issuer.name('email')),
  clock,
  open: (urls) => openGate(rulesTo(urls)),
  show: async (page) => {
    shown.push(page)
    if (page.code === null) browse(page).catch(() => undefined)
  },
  ...change,
})
/** Sends text to a port, whatever it is, and gives what came back until the end. */
const raw = (to: URL, text: string): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(Number(to.port), to.hostname, () => socket.end(text))
    let heard = ''
    socket.on('data', (piece: Buffer) => (heard += piece.toString('latin1')))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(heard))
  })
const codeOf = async (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'nothing',
    (error: unknown) => (error instanceof Failure ? error.code : String(error)),
  )

describe('signing in with a browser', () => {
  it('gives the token of whoever signed in, and asks with PKCE, state and nonce', async () => {
    const token = readToken(await signInByBrowser(signIn()), clock.now())
    expect(token).toMatchObject({ email: 'alice@priv.test', issuer: issuer.name('email') })
    const asked = Object.fromEntries(issuer.asked[0] ?? [])
    expect(asked).toMatchObject({
      response_type: 'code',
      client_id: 'sigstore',
      code_challenge_method: 'S256',
    })
    expect(asked['code_challenge']).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(asked['redirect_uri']).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/auth\/callback$/)
    expect(new Set([asked['state'], asked['nonce'], asked['code_challenge']]).size).toBe(3)
    expect(token.nonce).toBe(asked['nonce'])
  })

  it.each(['nonce', 'denied', 'issuer'] as const)('an answer that is not ours: %s', async (mischief) => {
    issuer.mischief = mischief
    expect(await codeOf(signInByBrowser(signIn()))).toBe('sign-in-failed')
  })

  it('other paths of the listener answer nothing, and it ends with the signing in', async () => {
    let home = ''
    const show = async (page: SignInPage): Promise<void> => {
      home = page.address.searchParams.get('redirect_uri') ?? ''
      const strange = await fetch(new URL('/?code=stolen', home))
      expect([strange.status, await strange.text()]).toEqual([404, ''])
      expect((await fetch(home, { method: 'POST' })).status).toBe(404)
      browse(page).catch(() => undefined)
    }
    await signInByBrowser(signIn({ show }))
    await expect(fetch(home)).rejects.toThrow()
  })

  it('a wrong state is nobody’s answer: it is waited on for the right one', async () => {
    const strange: [number, string][] = []
    const show = async (page: SignInPage): Promise<void> => {
      const home = page.address.searchParams.get('redirect_uri') ?? ''
      for (const query of [
        '?state=wrong&code=stolen',
        '?code=stolen',
        '?error=access_denied',
        '',
        '?state=',
      ]) {
        const reply = await fetch(home + query)
        strange.push([reply.status, await reply.text()])
      }
      browse(page).catch(() => undefined)
    }
    const token = readToken(await signInByBrowser(signIn({ show })), clock.now())
    expect(token).toMatchObject({ email: 'alice@priv.test' })
    expect(strange).toEqual(Array.from({ length: 5 }, () => [404, '']))
  })

  it('survives any request, and takes none of them for the answer', async () => {
    const answers: string[] = []
    const show = async (page: SignInPage): Promise<void> => {
      const home = new URL(page.address.searchParams.get('redirect_uri') ?? '')
      const query = `?state=${page.address.searchParams.get('state') ?? ''}&code=stolen`
      for (const head of [
        'GET //[ HTTP/1.1',
        'GET //[::1 HTTP/1.1',
        `GET http://evil.test${home.pathname}${query} HTTP/1.1`,
        `GET //evil.test${home.pathname}${query} HTTP/1.1`,
        `GET /x/..${home.pathname}${query} HTTP/1.1`,
        `HEAD ${home.pathname}${query} HTTP/1.1`,
        `POST ${home.pathname}${query} HTTP/1.1`,
        `OPTIONS * HTTP/1.1`,
        `CONNECT 127.0.0.1:1 HTTP/1.1`,
        `GET ${home.pathname}?${'a'.repeat(100_000)} HTTP/1.1`,
        `GET /%zz%ff%00 HTTP/1.1`,
        `GET ${home.pathname}${query} HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nExpect: 7`,
        'not http at all',
        '\0\0\0\0',
      ])
        answers.push(await raw(home, `${head}\r\nHost: ${home.host}\r\n\r\n`))
      browse(page).catch(() => undefined)
    }
    const token = readToken(await signInByBrowser(signIn({ show })), clock.now())
    expect(token).toMatchObject({ email: 'alice@priv.test' })
    expect(answers.filter((text) => text.includes('You are signed in') || / 200 /.test(text))).toEqual([])
  })

  it('is ended by whoever started it', async () => {
    const abort = new AbortController()
    const show = async (): Promise<void> => abort.abort()
    expect(await codeOf(signInByBrowser(signIn({ show, signal: abort.signal })))).toBe('cancelled')
  })

  it('goes to no address that is further in, or without TLS', async () => {
    const places = { issuer: 'https://id.test', token_endpoint: 'https://id.test/t' }
    for (const authorization_endpoint of ['http://id.test/a', 'https://127.0.0.1/a', 'file:///etc/passwd']) {
      const server = await startSmallServer(() => ({ body: { ...places, authorization_endpoint } }))
      const open: SignIn['open'] = () => {
        const gate = openGate(rulesTo([new URL(server.origin)]))
        return { request: (url, init) => gate.request(new URL(url.pathname, server.origin), init) }
      }
      const ended = await codeOf(signInByBrowser(signIn({ issuer: new URL('https://id.test'), open })))
      expect(ended).toBe('redirect-refused')
      await server.close()
    }
    expect(shown).toEqual([])
  })
})

describe('signing in with a code on another computer', () => {
  it('shows address and code, waits, and gives the token', async () => {
    const token = readToken(await signInByDevice(signIn()), clock.now())
    expect(token.email).toBe('alice@priv.test')
    expect(shown).toEqual([{ address: new URL(`${issuer.name('email')}/activate`), code: 'WDJB-MJHT' }])
  })

  it('ends when the person says no', async () => {
    issuer.mischief = 'denied'
    expect(await codeOf(signInByDevice(signIn()))).toBe('sign-in-failed')
  })

  it('is ended by whoever started it', async () => {
    const abort = new AbortController()
    const show = async (): Promise<void> => abort.abort()
    expect(await codeOf(signInByDevice(signIn({ show, signal: abort.signal })))).toBe('cancelled')
  })
})

describe('the token of a build service', () => {
  it('is given, or asked for with the secret of the run, for our audience', async () => {
    expect(ambientPlace({ SIGSTORE_ID_TOKEN: 'a.b.c' })).toEqual({ kind: 'given', text: 'a.b.c' })
    expect(() => ambientPlace({})).toThrow('service-needed')
    expect(() => ambientPlace({ ACTIONS_ID_TOKEN_REQUEST_URL: 'x' })).toThrow('service-needed')
    const server = await startSmallServer(({ url, headers }) => {
      const right =
        headers.authorization === 'bearer of this run' && url.searchParams.get('audience') === 'sigstore'
      return right ? { body: { count: 1, value: 'a.b.c' } } : { status: 401, body: 'no' }
    })
    const environment = {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${server.origin}/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'of this run',
    }
    const place = ambientPlace(environment)
    const gate = openGate(rulesTo([new URL(server.origin)]))
    expect(await ambientToken(place, gate)).toBe('a.b.c')
    const other = ambientPlace({ ...environment, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'other' })
    expect(await codeOf(ambientToken(other, gate))).toBe('service-refused')
    expect(requestAddress(new URL('https://a.test/?x=1')).search).toBe('?x=1&audience=sigstore')
    await server.close()
  })
})

describe('a token', () => {
  const text = (claims: object): string => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    return `${part({ alg: 'none' })}.${part(claims)}.c2ln`
  }
  const good = { iss: 'https://id.test', sub: 's', aud: 'sigstore', exp: 4_000_000_000 }

  it('names its issuer, the one behind a federating provider too, and what the proof signs', () => {
    expect(readToken(text(good), clock.now())).toMatchObject({ challenge: 's', email: null })
    const federated = { ...good, email: 'a@b.cc', federated_claims: { connector_id: 'https://behind.test' } }
    expect(readToken(`${text(federated)}\n`, clock.now())).toMatchObject({
      challenge: 'a@b.cc',
      issuers: ['https://id.test', 'https://behind.test'],
    })
  })

  it.each([
    ['no token', 'abc', 'token-form'],
    ['two parts', 'YQ.YQ', 'token-form'],
    ['other letters', 'YQ.Y+Q.YQ', 'token-form'],
    ['no JSON', 'YQ.YQ.YQ', 'token-form'],
    ['no subject', text({ ...good, sub: '' }), 'token-form'],
    ['for others', text({ ...good, aud: ['a', 'b'] }), 'token-form'],
    ['over', text({ ...good, exp: 1_000_000_000 }), 'token-expired'],
    ['too long', text({ ...good, more: 'x'.repeat(70_000) }), 'token-form'],
  ])('%s: refused', (_name, value, code) => {
    expect(() => readToken(value, clock.now())).toThrow(code)
  })
})
