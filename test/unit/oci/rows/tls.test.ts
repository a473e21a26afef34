import { execFileSync, spawn } from 'node:child_process'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readCertsFolder, readClient } from '../../../../main/desk/work/certificates.ts'
import { limits } from '../../../../main/platform/limits.ts'
import { openGate, type GateRules } from '../../../../main/platform/network.ts'
import { freePort } from '../../../support/served-registry.ts'
import { sallyport } from '../../../support/command-line.ts'
import { failureOf } from '../../../support/failure-of.ts'
import { testCertificate, type TestCertificate } from '../../../support/tls.ts'

/*
 * What a client of registries must do, row by row: TLS, proxies and addresses. Rows that are tested elsewhere:
 * - an authority for each host, instead of the public ones, and no way to switch the check off:
 *   test/unit/collect/hostile.test.ts “with an authority of its own for this host …”
 * - plain http for loopback only: test/unit/platform/network.test.ts “refuses plain http to anything but this computer …”
 * - HTTPS_PROXY, ALL_PROXY, both cases: test/unit/platform/proxy.test.ts; NO_PROXY with ranges, ports, dots: proxy.test.ts and
 *   tunnel.test.ts “is passed by …”; log-in, CONNECT in TLS, SOCKS, interception: tunnel.test.ts, test/flow/proxy.test.ts
 * - connections are kept: network.test.ts “a connection that is kept open …”; IPv6 literals: test/flow/ipv6.test.ts
 * - `localhost:5000/name` against Docker Hub: test/unit/oci/reference.test.ts “are read as Docker reads them”
 */

const tls = testCertificate()
const stranger = testCertificate()
/** What each host was shown, in turn. */
const shown: string[] = []
let servers: Server[] = []
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-rows-'))
  await writeFile(join(folder, 'client.pem'), tls.cert)
  await writeFile(join(folder, 'client.key'), tls.key)
})
afterAll(() => rm(folder, { recursive: true, force: true }))
beforeEach(() => void (shown.length = 0))
afterEach(async () => {
  for (const server of servers) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  servers = []
})

/** A host that asks for a certificate of whoever comes; a strict one speaks to nobody without. */
async function start(strict: boolean, location?: string): Promise<string> {
  const options = { ...tls, requestCert: true, rejectUnauthorized: strict }
  const server = createServer(options, (request, response) => {
    const { getPeerCertificate } = request.socket as unknown as { getPeerCertificate: () => object }
    shown.push(Object.keys(getPeerCertificate.call(request.socket)).length === 0 ? 'none' : 'one')
    response.writeHead(location === undefined ? 200 : 307, location === undefined ? {} : { location })
    response.end()
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function ask(host: string, more: Partial<GateRules>, also: readonly string[] = []): Promise<number> {
  const ca = Object.fromEntries([host, ...also].map((one) => [one, tls.ca]))
  const gate = openGate({ hosts: 'any', plainHttp: [], ca, ...more })
  const { status, body } = await gate.request(new URL(`https://${host}/v2/`), { method: 'GET' })
  body.resume()
  return status
}
const own = ({ cert, key }: TestCertificate): { cert: string; key: string } => ({ cert, key })

describe('a certificate that proves who asks, row by row', () => {
  it('is shown to its own host', async () => {
    const host = await start(true)
    expect(await ask(host, { clients: { [host]: own(tls) } })).toBe(200)
    expect(shown).toEqual(['one'])
  })

  it('is shown to no other host or port, also not after a redirect', async () => {
    const far = await start(false)
    const near = await start(true, `https://${far}/signed`)
    expect(await ask(near, { clients: { [near]: own(tls) } }, [far])).toBe(200)
    expect(shown).toEqual(['one', 'none'])
  })

  it('that is missing, or not taken, is told as that', async () => {
    // Node's own server only hangs up; others say why.
    const host = `127.0.0.1:${await freePort()}`
    for (const name of ['ca', 'cert', 'key'] as const) await writeFile(join(folder, name), tls[name])
    const words = ['-accept', host, '-cert', 'cert', '-key', 'key', '-CAfile', 'ca', '-Verify', '1']
    const strict = ['s_server', ...words, '-verify_return_error', '-www']
    const server = spawn('openssl', strict, { cwd: folder, stdio: 'ignore' })
    const ended = new Promise((resolve) => server.once('exit', resolve))
    const right = { clients: { [host]: own(tls) } }
    await expect.poll(() => ask(host, right).catch(() => 0)).toBe(200)
    for (const clients of [{}, { 'other.example': own(tls) }, { [host]: own(stranger) }]) {
      const { code, facts } = await failureOf(ask(host, { clients }))
      expect([code, facts.host]).toEqual(['tls-client', host])
    }
    server.kill()
    await ended
  })

  it('is one certificate and its own key, in the clear', async () => {
    const [cert, key] = [join(folder, 'client.pem'), join(folder, 'client.key')]
    expect(await readClient(cert, key, 'r.example')).toEqual(own(tls))
    const wrong = async (text: string): Promise<unknown> => {
      const path = join(folder, 'wrong.key')
      await writeFile(path, text)
      const { code, facts, message } = await failureOf(readClient(cert, path, 'r.example'))
      expect(JSON.stringify([facts, message])).not.toContain(text.split('\n')[1] ?? '-----')
      return [code, facts.found]
    }
    expect(await wrong(stranger.key)).toEqual(['client-form', 'a key of another certificate'])
    expect(await wrong('no\nkey at all')).toEqual(['client-form', 'a key that cannot be read'])
    const words = ['pkcs8', '-topk8', '-in', key, '-passout', 'pass:secret']
    const encrypted = execFileSync('openssl', words, { encoding: 'utf8' })
    expect(await wrong(encrypted)).toEqual(['client-form', 'a key that is encrypted'])
    expect((await failureOf(readClient(key, key, 'r.example'))).code).toBe('client-form')
  })
})

describe('TLS, row by row', () => {
  it('is 1.2 at the least', async () => {
    const answering = async (maxVersion: 'TLSv1.1' | 'TLSv1.2'): Promise<string> => {
      const old = { minVersion: 'TLSv1', maxVersion, ciphers: 'DEFAULT@SECLEVEL=0' } as const
      const server = createServer({ ...tls, ...old }, (_, response) => response.end())
      servers.push(server)
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
      return ask(host, {}).then(String, (error: unknown) => (error as { code: string }).code)
    }
    expect([await answering('TLSv1.1'), await answering('TLSv1.2')]).toEqual(['registry-unreachable', '200'])
  })
})

describe('certificates at the command line, row by row', () => {
  it('are those that a person named, one by one or as a folder; nothing else is read', async () => {
    const host = await start(false)
    const asking = ['evidence', `${host}/team/app:1`]
    await writeFile(join(folder, 'ca.pem'), tls.ca)
    const ca = ['--ca', `${host}=${join(folder, 'ca.pem')}`]
    const files = `${join(folder, 'client.pem')},${join(folder, 'client.key')}`
    const certs = await mkdtemp(join(folder, 'certs-'))
    await mkdir(join(certs, host))
    for (const [name, text] of Object.entries({ 'ca.crt': tls.ca, 'a.cert': tls.cert, 'a.key': tls.key }))
      await writeFile(join(certs, host, name), text)
    for (const [words, expected] of [
      [ca, 'none'],
      [[...ca, '--client-cert', `${host}=${files}`], 'one'],
      [[...ca, '--client-cert', `other.example=${files}`], 'none'],
      [['--certs-dir', certs], 'one'],
    ] as const) {
      shown.length = 0
      await sallyport([...asking, ...words])
      expect(new Set(shown)).toEqual(new Set([expected]))
    }
    for (const word of [host, `${host}=`, `${host}=${files},x`, `=${files}`, `${host}=one`])
      expect((await sallyport([...asking, '--client-cert', word])).code).toBe(2)
  })
})

describe('a folder of certificates as Docker and podman keep one, row by row', () => {
  let certs: string
  beforeEach(async () => {
    certs = await mkdtemp(join(folder, 'certs-'))
  })
  const lay = async (host: string, files: Readonly<Record<string, string>>): Promise<void> => {
    await mkdir(join(certs, host))
    for (const [name, text] of Object.entries(files)) await writeFile(join(certs, host, name), text)
  }

  it('gives each host its authorities and its certificate', async () => {
    await lay('r.example:5000', { 'ca.crt': tls.ca, 'client.cert': tls.cert, 'client.key': tls.key })
    await lay('docker.io', { 'a.crt': tls.ca, 'b.crt': stranger.ca, 'README.txt': 'x' })
    await lay('no host', { 'ca.crt': 'nothing' })
    await writeFile(join(certs, 'README'), 'x')
    await mkdir(join(certs, 'linked.example'))
    await writeFile(join(folder, 'system.pem'), tls.ca)
    await symlink(join(folder, 'system.pem'), join(certs, 'linked.example', 'ca.crt'))
    expect(await readCertsFolder(certs)).toEqual({
      ca: {
        'r.example:5000': tls.ca,
        'registry-1.docker.io': `${tls.ca}\n${stranger.ca}`,
        'linked.example': tls.ca,
      },
      clients: { 'r.example:5000': own(tls) },
    })
  })

  it.each([
    ['a certificate without its key', { 'a.cert': tls.cert }, 'client-form'],
    ['a key without its certificate', { 'a.key': tls.key }, 'client-form'],
    ['a key of another name', { 'a.cert': tls.cert, 'b.key': tls.key }, 'client-form'],
    ['a key of another certificate', { 'a.cert': tls.cert, 'a.key': stranger.key }, 'client-form'],
    [
      'two certificates',
      { 'a.cert': tls.cert, 'a.key': tls.key, 'b.cert': tls.cert, 'b.key': tls.key },
      'client-form',
    ],
    ['an authority that is none', { 'ca.crt': 'x' }, 'ca-form'],
  ])('with %s is refused, with the host', async (_, files, code) => {
    await lay('r.example', files)
    const refused = await failureOf(readCertsFolder(certs))
    expect([refused.code, refused.facts.host]).toEqual([code, 'r.example'])
  })

  it('of more hosts, or with more files for one, than there may be is refused; one that is not there too', async () => {
    expect((await failureOf(readCertsFolder(join(certs, 'none')))).code).toBe('file-unreadable')
    const files = Array.from({ length: limits.certificateFiles + 1 }, (_, i) => [`${i}.txt`, ''])
    await lay('r.example', Object.fromEntries(files) as Record<string, string>)
    expect((await failureOf(readCertsFolder(certs))).code).toBe('too-many')
    await rm(join(certs, 'r.example'), { recursive: true })
    for (let i = 0; i < limits.certificateHosts; i += 1) await mkdir(join(certs, `r${i}.example`))
    expect(await readCertsFolder(certs)).toEqual({ ca: {}, clients: {} })
    await mkdir(join(certs, 'more.example'))
    expect((await failureOf(readCertsFolder(certs))).code).toBe('too-many')
  })
})
