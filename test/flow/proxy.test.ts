import { cp, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { sallyport } from '../support/command-line.ts'
import { makeCrossing, writeRequest, type Crossing } from '../support/desks.ts'
import { sampleImage } from '../support/images.ts'
import { ConnectProxy, SocksProxy, type ProxyOptions } from '../support/proxies.ts'
import { TestRegistry } from '../support/registry.ts'
import { signingConfig } from '../support/sigstore/documents.ts'
import { testCertificate } from '../support/tls.ts'
import { makeTufRepository } from '../support/tuf.ts'

/* A site whose only way out is a proxy: the registry has a name that only the proxy knows. */

let crossing: Crossing
let registry: TestRegistry
let ca: string
const sample = sampleImage(3_000_000)
const login = 'bob:Xq7-otter:parade'
let count = 0
const open: (ConnectProxy | SocksProxy)[] = []
beforeAll(async () => {
  crossing = await makeCrossing()
  const certificate = testCertificate(['DNS:registry.test'])
  registry = await new TestRegistry(certificate).open()
  registry.add('team/app', sample.content, { '1': sample.root })
  ca = join(crossing.folder, 'ca.pem')
  await writeFile(ca, certificate.ca)
  await writeFile(join(crossing.folder, 'login'), `${login}\n`)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  for (const one of open.splice(0)) await one.close()
  registry.heard.length = 0
})
afterAll(async () => {
  await registry.close()
  await crossing.dispose()
})

async function start(kind: 'http' | 'socks5', more: Pick<ProxyOptions, 'login' | 'cut'> = {}) {
  const options = { names: { 'registry.test:443': registry.host }, ...more }
  const one = await (kind === 'http' ? new ConnectProxy(options) : new SocksProxy(options)).open()
  open.push(one)
  return one
}

const trusted = (): string[] => ['--ca', `registry.test=${ca}`]
const image = '{ image: "registry.test/team/app:1" }'

async function collect(...words: string[]) {
  // What was collected before is not asked for again.
  const desk = join(crossing.folder, `low-${(count += 1)}`)
  await cp(crossing.low, desk, { recursive: true })
  const request = await writeRequest(crossing, [image])
  const ended = await sallyport(['collect', request, '--desk', desk, ...trusted(), ...words], crossing.clock)
  return { ...ended, desk }
}

/** All that lies in a folder, as one text. */
async function textIn(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return (await Promise.all(files.map((file) => readFile(file, 'latin1')))).join('\n')
}

describe.each(['http', 'socks5'] as const)('a collect through a proxy (%s)', (kind) => {
  it('that the environment names', async () => {
    const proxy = await start(kind)
    vi.stubEnv('ALL_PROXY', proxy.url)
    expect((await collect()).code).toBe(0)
    expect(new Set(proxy.asked)).toEqual(new Set(['registry.test:443']))
    expect(registry.heard.some(({ path }) => path.includes('/blobs/'))).toBe(true)
  })

  it('that is named with a file for its log-in, before what the environment says', async () => {
    vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:9')
    const proxy = await start(kind, { login })
    const ended = await collect('--proxy', proxy.url, '--proxy-auth-file', join(crossing.folder, 'login'))
    expect(ended.code).toBe(0)
    expect(proxy.asked.length).toBeGreaterThan(0)
    for (const text of [ended.stdout, ended.stderr, await textIn(ended.desk)]) {
      expect(text).not.toContain('otter')
      expect(text).not.toContain(Buffer.from(login).toString('base64'))
    }
  })

  it('whose log-in is wrong ends, and nothing repeats it', async () => {
    const proxy = await start(kind, { login })
    vi.stubEnv('HTTPS_PROXY', proxy.url.replace('://', '://bob:wandering-9931@'))
    const ended = await collect()
    expect([ended.code, ended.json.failure.code]).toEqual([1, 'proxy-auth'])
    for (const text of [ended.stdout, ended.stderr, await textIn(ended.desk)])
      expect(text).not.toContain('wandering')
    expect(registry.heard).toEqual([])
  })

  it('that is cut in the middle of a blob goes on through another way', async () => {
    const proxy = await start(kind, { cut: { after: 1_200_000, times: 2 } })
    vi.stubEnv('HTTPS_PROXY', proxy.url)
    expect((await collect()).code).toBe(0)
    expect(registry.heard.some(({ range }) => range !== undefined)).toBe(true)
    expect(proxy.asked.length).toBeGreaterThan(2)
  })
})

describe('whatever else goes out', () => {
  it('goes through the same proxy: evidence, trust packages, keyless signing', async () => {
    const proxy = await start('http')
    vi.stubEnv('HTTPS_PROXY', proxy.url)
    const { clock, folder, low } = crossing
    const shown = await sallyport(['evidence', 'registry.test/team/app:1', ...trusted()], clock)
    expect(shown.json.ok).toBe(true)
    expect(proxy.asked).toContain('registry.test:443')
    const root = join(folder, 'root.json')
    await writeFile(root, makeTufRepository().root(1, '2027-01-01T00:00:00Z'))
    const made = ['trust', 'package', 'make', join(folder, 'package'), '--desk', low, '--root', root]
    const repository = await sallyport([...made, '--from', 'https://tuf.test/'], clock)
    expect([repository.json.failure.code, proxy.asked.at(-1)]).toEqual(['proxy-no-way', 'tuf.test:443'])
    const config = join(folder, 'signing.json')
    const service = { version: 1, operator: 'a', start: '2026-01-01T00:00:00Z' }
    const at = (name: string) => [{ ...service, url: `https://${name}.test` }]
    await writeFile(config, JSON.stringify(signingConfig({ fulcio: at('fulcio'), issuers: at('issuer') })))
    const signing = await sallyport(['sign-file', ca, '--device', '--signing-config', config], clock)
    expect([signing.json.failure.code, proxy.asked.at(-1)]).toEqual(['proxy-no-way', 'issuer.test:443'])
  })

  it('names a log-in without a proxy, and a proxy in no form, before anything is opened', async () => {
    const file = ['--proxy-auth-file', join(crossing.folder, 'login')]
    for (const words of [
      file,
      ['--proxy', 'gopher://bob:otter@x'],
      ['--proxy', 'http://127.0.0.1:9', '--proxy-auth-file', ca],
    ]) {
      const ended = await collect(...words)
      expect([ended.code, ended.json.failure.code]).toEqual([1, 'proxy-form'])
      expect(ended.stdout).not.toMatch(/otter|BEGIN/)
    }
    vi.stubEnv('HTTPS_PROXY', 'gopher://bob:otter@x')
    const ended = await collect()
    expect([ended.json.failure.code, ended.json.failure.facts['source']]).toEqual([
      'proxy-form',
      'HTTPS_PROXY',
    ])
    expect(registry.heard).toEqual([])
  })

  it('passes by the proxy where NO_PROXY says so', async () => {
    const proxy = await start('http')
    vi.stubEnv('HTTPS_PROXY', proxy.url)
    vi.stubEnv('NO_PROXY', '.test')
    expect((await collect()).json.failure.code).toBe('registry-unreachable')
    expect(proxy.asked).toEqual([])
  })
})
