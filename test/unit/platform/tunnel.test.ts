import { createServer, type AddressInfo, type Server } from 'node:net'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openGate, type GateRules } from '../../../main/platform/network.ts'
import { parseProxy } from '../../../main/platform/proxy.ts'
import { failureOf } from '../../support/failure-of.ts'
import { ConnectProxy, SocksProxy, type ProxyOptions } from '../../support/proxies.ts'
import { answer, TestRegistry } from '../../support/registry.ts'
import { testCertificate, type TestCertificate } from '../../support/tls.ts'

/* The gate through proxies that run here. The registry has a name that only they know. */

let certificate: TestCertificate
let registry: TestRegistry
let proxy: ConnectProxy | SocksProxy | null = null
beforeAll(() => {
  certificate = testCertificate(['DNS:registry.test', 'IP:127.0.0.1', 'IP:::1', 'IP:10.9.8.7', 'IP:fd00::7'])
})
beforeEach(async () => {
  registry = await new TestRegistry(certificate).open()
})
afterEach(async () => {
  await proxy?.close()
  proxy = null
  await registry.close()
})

type Kind = 'http' | 'https' | 'socks5'
const kinds: readonly Kind[] = ['http', 'https', 'socks5']
const hosts = ['registry.test', '10.9.8.7', '[fd00::7]', '127.0.0.1']

async function start(kind: Kind, options: ProxyOptions = {}): Promise<ConnectProxy | SocksProxy> {
  const names = { 'registry.test:443': registry.host, '10.9.8.7:443': registry.host, ...options.names }
  const all = { ...options, names, ...(kind === 'https' ? { tls: certificate } : {}) }
  proxy = await (kind === 'socks5' ? new SocksProxy(all) : new ConnectProxy(all)).open()
  return proxy
}

function rules(url: string, more: Partial<GateRules> = {}, except = ''): GateRules {
  const names = [...hosts, proxy?.host ?? '', registry.host]
  const ca = Object.fromEntries(names.map((name) => [name, certificate.ca]))
  return {
    hosts: 'any',
    plainHttp: [],
    ca,
    proxying: { proxy: parseProxy(url, 'it'), except },
    ...more,
  }
}

async function ask(given: GateRules, at = 'https://registry.test/v2/', idleTime?: number): Promise<number> {
  const gate = openGate(given, idleTime === undefined ? {} : { idleTime })
  const got = await gate.request(new URL(at), {
    method: 'GET',
    headers: { authorization: 'Basic registry-secret' },
  })
  got.body.resume()
  return got.status
}

const withLogin = (url: string, login: string): string => url.replace('://', `://${login}@`)

describe.each(kinds)('a proxy by %s', (kind) => {
  it('is given the name, and what is said inside is for the registry alone', async () => {
    const one = await start(kind)
    expect(await ask(rules(one.url))).toBe(200)
    expect(one.asked).toEqual(['registry.test:443'])
    expect(registry.heard.map(({ authorization }) => authorization)).toEqual(['Basic registry-secret'])
    expect(one.said).not.toContain('registry-secret')
  })

  it('is given addresses as addresses', async () => {
    const one = await start(kind)
    expect(await ask(rules(one.url), 'https://10.9.8.7/v2/')).toBe(200)
    const six = await failureOf(ask(rules(one.url), 'https://[fd00::7]/v2/'))
    expect(six.code).toBe('proxy-no-way')
    const written = kind === 'socks5' ? '[fd000000000000000000000000000007]' : '[fd00::7]'
    expect(one.asked).toEqual(['10.9.8.7:443', `${written}:443`])
  })

  it('keeps a way open for the next request', async () => {
    const one = await start(kind)
    const gate = openGate(rules(one.url))
    for (let i = 0; i < 3; i += 1) {
      const got = await gate.request(new URL('https://registry.test/v2/'), { method: 'GET' })
      for await (const piece of got.body) expect(piece).toBeInstanceOf(Buffer)
    }
    expect([one.asked.length, registry.heard.length]).toEqual([1, 3])
  })

  it('is logged in to, and says so where the log-in is missing or wrong', async () => {
    const one = await start(kind, { login: 'bob:p@ss:word' })
    expect(await ask(rules(withLogin(one.url, 'bob:p%40ss%3Aword')))).toBe(200)
    const heard = registry.heard.length
    const none = await failureOf(ask(rules(one.url)))
    expect([none.code, none.facts['found']]).toEqual(['proxy-auth', 'no log-in was given'])
    const wrong = await failureOf(ask(rules(withLogin(one.url, 'bob:hunter2'))))
    expect([wrong.code, wrong.facts['found']]).toEqual([
      'proxy-auth',
      'the log-in that was sent is not taken',
    ])
    expect(JSON.stringify(wrong.view())).not.toMatch(/hunter2|bob/)
    expect(registry.heard).toHaveLength(heard)
  })

  it('that knows no way says so', async () => {
    const one = await start(kind)
    expect((await failureOf(ask(rules(one.url), 'https://nowhere.test/v2/'))).code).toBe('proxy-no-way')
  })

  it('that says something else is no proxy', async () => {
    const nonsense = [
      '',
      'nonsense',
      'x'.repeat(20_000),
      'HTTP/1.1 100 Continue\r\n\r\n',
      Buffer.of(5, 2),
      '\r\n\r\n',
    ]
    for (const says of nonsense) {
      const one = await start(kind, { says })
      expect((await failureOf(ask(rules(one.url)))).code, String(says).slice(0, 20)).toBe('proxy-answer')
      await one.close()
    }
  })

  it('is told apart from the registry where neither can be reached, or does not answer', async () => {
    const one = await start(kind)
    const { url } = one
    const given = rules(url)
    await one.close()
    expect((await failureOf(ask(given))).code).toBe('proxy-unreachable')
    proxy = null
    const silent: Server = createServer(() => undefined)
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const at = `127.0.0.1:${(silent.address() as AddressInfo).port}`
    const late = await failureOf(ask(rules(url.replace(/127.*/, at)), undefined, 50))
    expect([late.code, late.facts['found']]).toEqual(['proxy-unreachable', 'no way for 0.05 seconds'])
    silent.close()
  })

  it('ends with the request that it was opened for', async () => {
    const silent: Server = createServer(() => stop.abort())
    const stop = new AbortController()
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const url = `${kind}://127.0.0.1:${(silent.address() as AddressInfo).port}`
    const act = openGate(rules(url)).request(new URL('https://registry.test/'), {
      method: 'GET',
      signal: stop.signal,
    })
    expect((await failureOf(act)).code).toBe('cancelled')
    silent.close()
  })

  it('is passed by for this computer, and for whom NO_PROXY names', async () => {
    const one = await start(kind)
    expect(await ask(rules(one.url), `https://${registry.host}/v2/`)).toBe(200)
    const direct = await failureOf(ask(rules(one.url, {}, '.test')))
    expect(direct.code).toBe('registry-unreachable')
    expect(one.asked).toEqual([])
  })

  it('opens no way to whom the rules do not name, nor without the proof of who answers', async () => {
    const one = await start(kind)
    const refused = await failureOf(
      ask(rules(one.url, { hosts: [{ host: 'other.test', plainHttp: false }] })),
    )
    expect(refused.code).toBe('network-refused')
    expect(one.asked).toEqual([])
    const own = rules(one.url)
    const untrusted = await failureOf(
      ask({
        ...own,
        ca: Object.fromEntries(Object.entries(own.ca).filter(([name]) => name !== 'registry.test')),
      }),
    )
    expect([untrusted.code, untrusted.facts['host']]).toEqual(['tls-untrusted', 'registry.test'])
    expect(registry.heard).toEqual([])
  })

  it('lets nobody send us on to this computer, wherever the proxy itself lies', async () => {
    const one = await start(kind)
    registry.switches.push((_, response) => {
      answer(response, 307, { location: `https://${registry.host}/v2/x` })
      return true
    })
    expect((await failureOf(ask(rules(one.url)))).code).toBe('redirect-refused')
    expect(registry.heard).toHaveLength(1)
  })
})

describe('a proxy by CONNECT', () => {
  const says = (status: string, headers = ''): string =>
    `HTTP/1.1 ${status}\r\n${headers}Content-Length: 0\r\n\r\n`

  it.each([
    ['403 Forbidden by rule', 'proxy-refused', 'status 403 Forbidden by rule'],
    ['302 Found', 'proxy-refused', 'status 302 Found'],
    ['502 Bad Gateway', 'proxy-no-way', 'status 502 Bad Gateway'],
  ])('that answers %s: %s', async (status, code, found) => {
    const one = await start('http', { says: says(status) })
    const refused = await failureOf(ask(rules(one.url)))
    expect([refused.code, refused.facts['found']]).toEqual([code, found])
  })

  it('that wants what is not known here is named for it', async () => {
    const headers = 'Proxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM\r\n'
    const one = await start('http', { says: says('407 Log In', headers) })
    const refused = await failureOf(ask(rules(withLogin(one.url, 'bob:x'))))
    expect([refused.code, refused.facts['found']]).toEqual([
      'proxy-auth',
      'it asks for Negotiate, NTLM, and only Basic is known here',
    ])
  })

  it('that says more than its answer is no proxy', async () => {
    const one = await start('http', { says: 'HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n' })
    expect((await failureOf(ask(rules(one.url)))).code).toBe('proxy-answer')
  })

  it('inside TLS must prove who it is, and speak TLS at all', async () => {
    const one = await start('https')
    const { ca } = rules(one.url)
    const without = Object.fromEntries(Object.entries(ca).filter(([name]) => name !== one.host))
    const untrusted = await failureOf(ask(rules(one.url, { ca: without })))
    expect([untrusted.code, untrusted.facts['host']]).toEqual(['tls-untrusted', one.host])
    expect(one.said).toBe('')
    await one.close()
    const plain = await new TestRegistry().open()
    const none = await failureOf(ask(rules(`https://${plain.host}`)))
    await plain.close()
    expect([none.code, none.facts['found']]).toEqual([
      'proxy-unreachable',
      expect.stringMatching(/^it answers, but speaks no TLS/) as string,
    ])
  })
})

describe('a proxy by SOCKS', () => {
  it('that refuses by its rules is told apart from one that finds no way', async () => {
    for (const [code, expected] of [
      [2, 'proxy-refused'],
      [5, 'proxy-no-way'],
      [99, 'proxy-no-way'],
    ] as const) {
      const says = Buffer.concat([Buffer.of(5, 0), Buffer.of(5, code, 0, 1, 0, 0, 0, 0, 0, 0)])
      const one = await start('socks5', { says })
      const refused = await failureOf(ask(rules(one.url)))
      expect([refused.code, refused.facts['found']]).toEqual([
        expected,
        expect.stringContaining(`(SOCKS ${code})`) as string,
      ])
      await one.close()
    }
  })

  it('that answers in no form is no proxy', async () => {
    for (const says of [
      Buffer.of(4, 0),
      Buffer.of(5, 0, 5, 0, 0, 9, 0, 0, 0, 0, 0, 0),
      Buffer.of(5, 0, 4, 0, 0, 1),
      Buffer.of(5, 0, 5, 0, 0, 3, 200, 1),
    ]) {
      const one = await start('socks5', { says })
      expect((await failureOf(ask(rules(one.url)))).code).toBe('proxy-answer')
      await one.close()
    }
  })
})
