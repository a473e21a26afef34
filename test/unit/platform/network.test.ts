import { networkInterfaces } from 'node:os'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkHop, isLoopback, zoneOf } from '../../../main/platform/hop.ts'
import { openGate, type GateRules, type Lookup, type Spoken } from '../../../main/platform/network.ts'
import { failureOf } from '../../support/failure-of.ts'
import { answer, TestRegistry } from '../../support/registry.ts'
import { testCertificate } from '../../support/tls.ts'

let server: TestRegistry
beforeEach(async () => {
  server = await new TestRegistry().open()
})
afterEach(() => server.close())

const open = (more: Partial<GateRules> = {}): GateRules => ({
  hosts: 'any',
  plainHttp: [server.host],
  ca: {},
  ...more,
})

const outer = Object.values(networkInterfaces())
  .flat()
  .find((one) => one !== undefined && one.family === 'IPv4' && !one.internal)?.address

describe('the gate', () => {
  const ask = (rules: GateRules, path = '/v2/', origin = server.origin) =>
    openGate(rules).request(new URL(path, origin), { method: 'GET' })

  it('lets through what the rules name', async () => {
    expect((await ask(open())).status).toBe(200)
    const named = [{ host: server.host, plainHttp: true }]
    expect((await ask(open({ hosts: named, plainHttp: [] }))).status).toBe(200)
  })

  it('speaks plain http to localhost by its name', async () => {
    const local = server.host.replace('127.0.0.1', 'localhost')
    expect((await ask(open({ plainHttp: [local] }), '/v2/', `http://${local}`)).status).toBe(200)
  })

  it('opens no socket to a host that is not named, nor without TLS where that is not named', async () => {
    const refused = [
      open({ hosts: [] }),
      open({ hosts: [{ host: 'registry.example', plainHttp: true }] }),
      open({ hosts: [{ host: '127.0.0.1', plainHttp: true }] }),
      open({ plainHttp: [] }),
      open({ plainHttp: ['127.0.0.1'] }),
      open({ hosts: [{ host: server.host, plainHttp: false }], plainHttp: [] }),
    ]
    for (const rules of refused) expect((await failureOf(ask(rules))).code).toBe('network-refused')
    expect(server.heard).toEqual([])
  })

  it('refuses plain http to anything but this computer, whatever the rules say', async () => {
    const rules = open({ plainHttp: ['registry.example', '10.0.0.1', '169.254.1.1'] })
    for (const host of ['registry.example', '10.0.0.1', '169.254.1.1']) {
      expect((await failureOf(ask(rules, '/', `http://${host}`))).code).toBe('network-refused')
    }
  })

  it('refuses other protocols and passwords in addresses', async () => {
    for (const url of ['ftp://127.0.0.1/', `http://user:pw@${server.host}/`]) {
      expect((await failureOf(openGate(open()).request(new URL(url), { method: 'GET' }))).code).toBe(
        'network-refused',
      )
    }
  })

  it('follows a few redirects, and not to where the rules do not lead', async () => {
    server.switches.push((_, response, path) => {
      const count = Number(/^\/hop\/(\d+)$/.exec(path)?.[1] ?? NaN)
      if (Number.isNaN(count)) return false
      answer(response, 302, { location: count === 0 ? '/v2/' : `/hop/${count - 1}` })
      return true
    })
    expect((await ask(open(), '/hop/4')).status).toBe(200)
    expect((await failureOf(ask(open(), '/hop/5'))).code).toBe('redirect-refused')
    server.switches.unshift((_, response) => {
      answer(response, 302, { location: 'https://elsewhere.example/' })
      return true
    })
    const named = [{ host: server.host, plainHttp: true }]
    expect((await failureOf(ask(open({ hosts: named })))).code).toBe('network-refused')
  })

  it('sends on nothing that was written, but where the method and the words stay', async () => {
    const from = (status: number) => {
      server.switches.length = 0
      server.switches.push((request, response, path) => {
        if (path !== '/from') return false
        request.resume()
        answer(response, status, { location: '/v2/' })
        return true
      })
    }
    const statusOf = async (method: string): Promise<number> => {
      const url = new URL('/from', server.origin)
      const body = method === 'GET' ? {} : { body: Buffer.from('written') }
      return (await openGate(open()).request(url, { method, ...body })).status
    }
    for (const status of [201, 202, 301, 302, 303]) {
      from(status)
      expect(await statusOf('POST')).toBe(status)
    }
    for (const status of [307, 308]) {
      from(status)
      expect(await statusOf('POST')).toBe(200)
    }
    for (const [status, found] of [
      [200, 200],
      [301, 200],
      [303, 200],
      [304, 304],
    ] as const) {
      from(status)
      expect(await statusOf('GET')).toBe(found)
    }
  })

  it('ends a request that has gone silent', async () => {
    server.switches.push(() => true)
    const gate = openGate(open(), { idleTime: 50 })
    const silent = await failureOf(gate.request(new URL('/v2/', server.origin), { method: 'GET' }))
    expect(silent.code).toBe('registry-unreachable')
  })

  it('is cancelled by its signal', async () => {
    server.switches.push(() => true)
    const stop = new AbortController()
    const act = openGate(open()).request(new URL('/v2/', server.origin), {
      method: 'GET',
      signal: stop.signal,
    })
    stop.abort()
    expect((await failureOf(act)).code).toBe('cancelled')
  })

  it('asks for identity encoding and never sends a proof on to another origin', async () => {
    const other = await new TestRegistry().open()
    server.switches.push((_, response) => {
      answer(response, 307, { location: `${other.origin}/v2/` })
      return true
    })
    const rules = open({ plainHttp: [server.host, other.host] })
    const headers = { authorization: 'Basic secret', cookie: 'a=b' }
    await openGate(rules).request(new URL('/v2/', server.origin), { method: 'GET', headers })
    expect(server.heard[0]?.authorization).toBe('Basic secret')
    expect(other.heard[0]?.authorization).toBe(undefined)
    await other.close()
  })

  it.skipIf(outer === undefined)(
    'knows how far in an address of this machine lies (skipped without a network)',
    () => {
      expect(zoneOf(outer ?? '')).not.toBe('local')
    },
  )
})

describe('names that are looked up', () => {
  const names = ['in.example', 'out.example', 'other.example']
  const certificate = testCertificate(names.map((name) => `DNS:${name}`))
  const port = (): string => server.host.split(':')[1] ?? ''
  const at = (name: string): URL => new URL(`${name}:${port()}/v2/`)
  const trusting = (): GateRules => ({
    hosts: 'any',
    plainHttp: [`a.localhost:${port()}`],
    ca: Object.fromEntries(names.map((name) => [at(`https://${name}`).host, certificate.ca])),
  })
  const looked: string[] = []
  const finding =
    (found: Readonly<Record<string, readonly string[]>>): Lookup =>
    (hostname, _, callback) => {
      looked.push(hostname)
      callback(
        null,
        (found[hostname] ?? ['127.0.0.1']).map((address) => ({ address, family: 4 })),
      )
    }
  const sent = (zone: Spoken['zone']): Spoken => ({ url: new URL('https://asker.example/'), zone })
  const get = (lookup: Lookup, name: string, from?: Spoken) =>
    openGate(trusting(), { lookup }).request(at(name), { method: 'GET', from })

  const secured = async (address?: string): Promise<void> => {
    await server.close()
    server = await new TestRegistry(certificate).open(address)
    looked.length = 0
  }

  it('lead where whoever named them may send us: not to this computer from elsewhere', async () => {
    await secured()
    for (const zone of ['public', 'private'] as const) {
      const refused = await failureOf(get(finding({}), 'https://in.example', sent(zone)))
      expect([refused.code, refused.facts.found]).toEqual(['redirect-refused', '127.0.0.1'])
    }
    expect([server.heard, looked]).toEqual([[], ['in.example', 'in.example']])
    expect(await get(finding({}), 'https://in.example', sent('local'))).toMatchObject({
      status: 200,
      zone: 'local',
    })
    expect(await get(finding({}), 'https://in.example')).toMatchObject({ status: 200, zone: 'local' })
  })

  it('named by somebody are held against that address too: no plain http, nothing further in', async () => {
    await secured()
    for (const name of ['http://a.localhost', 'https://localhost', 'https://127.0.0.1', 'https://10.0.0.1'])
      expect((await failureOf(get(finding({}), name, sent('public')))).code).toBe('redirect-refused')
    expect([server.heard, looked]).toEqual([[], []])
  })

  it('a connection that is kept open serves only those for whom it was looked up', async () => {
    await secured()
    const gate = openGate(trusting(), { lookup: finding({}) })
    const ask = (from?: Spoken) => gate.request(at('https://in.example'), { method: 'GET', from })
    for (let i = 0; i < 2; i += 1)
      for await (const piece of (await ask()).body) expect(piece).toBeInstanceOf(Buffer)
    expect(looked).toEqual(['in.example'])
    expect((await failureOf(ask(sent('public')))).code).toBe('redirect-refused')
    expect(server.heard).toHaveLength(2)
  })

  it('are told apart by where they led: names of this computer may send on to each other', async () => {
    await secured()
    server.switches.push((_, response, path) => {
      if (path !== '/v2/') return false
      answer(response, 307, { location: `https://other.example:${port()}/v2/x/manifests/1` })
      return true
    })
    expect(await get(finding({}), 'https://in.example')).toMatchObject({ status: 404, zone: 'local' })
  })

  it.skipIf(outer === undefined)(
    'a host elsewhere sends nobody here (skipped without a network)',
    async () => {
      await secured(outer)
      const here = await new TestRegistry(certificate).open()
      server.switches.push((_, response) => {
        answer(response, 307, { location: `https://in.example:${here.host.split(':')[1] ?? ''}/v2/` })
        return true
      })
      const refused = await failureOf(get(finding({ 'out.example': [outer ?? ''] }), 'https://out.example'))
      expect([refused.code, refused.facts.found]).toEqual(['redirect-refused', '127.0.0.1'])
      expect([server.heard.length, here.heard.length]).toEqual([1, 0])
      await here.close()
    },
  )

  it('without TLS must lead to this computer, all of their addresses', async () => {
    for (const found of [
      ['192.0.2.1'],
      ['127.0.0.1', '192.0.2.1'],
      ['10.0.0.1'],
      ['169.254.1.1'],
      ['0.0.0.0'],
    ]) {
      const refused = await failureOf(get(finding({ 'a.localhost': found }), 'http://a.localhost'))
      expect(refused.code).toBe('network-refused')
    }
    expect(server.heard).toEqual([])
    expect((await get(finding({}), 'http://a.localhost')).status).toBe(200)
  })
})

describe('zones', () => {
  it('are told apart in every way an address can be written', () => {
    const local = [
      '127.0.0.1',
      '127.9.9.9',
      '0.0.0.0',
      '169.254.169.254',
      '[::1]',
      '[::]',
      'localhost',
      'a.localhost',
      'LOCALHOST.',
      '[fe80::1]',
      '[::ffff:7f00:1]',
      '[::ffff:a9fe:a9fe]',
    ]
    expect(local.filter((host) => zoneOf(host) !== 'local')).toEqual([])
    const inner = [
      '10.1.2.3',
      '172.16.0.1',
      '172.31.0.1',
      '192.168.1.1',
      '100.64.0.1',
      '[fd00::1]',
      '[::ffff:a00:1]',
    ]
    expect(inner.filter((host) => zoneOf(host) !== 'private')).toEqual([])
    const outer = [
      '8.8.8.8',
      '172.32.0.1',
      'registry.example',
      'notlocalhost',
      '[2001:db8::1]',
      '127.0.0.1.example',
    ]
    expect(outer.filter((host) => zoneOf(host) !== 'public')).toEqual([])
  })

  it('forbid going in, and leaving TLS', () => {
    const allowed = [
      ['https://registry.example', 'https://storage.example'],
      ['http://127.0.0.1:5000', 'http://localhost:5001'],
      ['https://10.0.0.1', 'https://registry.example'],
    ] as const
    for (const [from, to] of allowed) expect(() => checkHop(new URL(from), new URL(to))).not.toThrow()
    const refused = [
      ['https://registry.example', 'http://registry.example'],
      ['https://registry.example', 'https://127.0.0.1'],
      ['https://registry.example', 'https://0x7f.1'],
      ['https://registry.example', 'https://2130706433'],
      ['https://registry.example', 'https://169.254.169.254'],
      ['https://registry.example', 'https://192.168.0.1'],
      ['https://registry.example', 'https://[::ffff:127.0.0.1]'],
      ['https://10.0.0.1', 'https://localhost'],
      ['https://registry.example', 'file:///etc/passwd'],
      ['https://registry.example', 'https://a:b@registry.example'],
    ] as const
    for (const [from, to] of refused) {
      expect(() => checkHop(new URL(from), new URL(to)), to).toThrow(
        expect.objectContaining({ code: 'redirect-refused' }) as Error,
      )
    }
  })

  it('count as this computer by name or literal only', () => {
    expect(
      ['localhost', '::1', 'localhost:5000', '127.0.0.1:80', '[::1]:5000', 'x.localhost'].every(isLoopback),
    ).toBe(true)
    expect(
      ['registry.example', '10.0.0.1', '169.254.0.1', '127.0.0.1.example', 'localhost.example'].some(
        isLoopback,
      ),
    ).toBe(false)
  })
})
