import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sallyport, testClock } from '../support/command-line.ts'
import { freePort } from '../support/served-registry.ts'
import { sampleImage } from '../support/images.ts'
import { TestRegistry } from '../support/registry.ts'
import { testCertificate } from '../support/tls.ts'

/* The same ways out through proxies that others wrote, where they are on this machine. */

const outer = Object.values(networkInterfaces())
  .flat()
  .find((one) => one !== undefined && one.family === 'IPv4' && !one.internal)?.address
const has = (program: string): boolean => spawnSync(program, ['-h']).error === undefined
const hasTinyproxy = has('tinyproxy')
const hasMicrosocks = has('microsocks')
if (outer === undefined)
  console.log('Not run: real proxies, because this machine has no address but its own.')

let folder: string
let registry: TestRegistry
let ca: string
let running: ChildProcess | null = null
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-proxies-'))
  if (outer === undefined) return
  const certificate = testCertificate([`IP:${outer}`])
  registry = await new TestRegistry(certificate).open(outer)
  const sample = sampleImage()
  registry.add('team/app', sample.content, { '1': sample.root })
  ca = join(folder, 'ca.pem')
  await writeFile(ca, certificate.ca)
})
afterEach(async () => {
  const child = running
  running = null
  if (child === null || child.exitCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
})
afterAll(async () => {
  if (outer !== undefined) await registry.close()
  await rm(folder, { recursive: true, force: true })
})

async function start(
  program: string,
  words: (port: number) => string[] | Promise<string[]>,
): Promise<number> {
  const port = await freePort()
  running = spawn(program, await words(port), { stdio: 'ignore' })
  const answers = (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect({ host: '127.0.0.1', port })
      socket.on('connect', () => {
        socket.destroy()
        resolve(true)
      })
      socket.on('error', () => resolve(false))
    })
  await expect.poll(answers, { timeout: 10_000 }).toBe(true)
  return port
}

const ask = (proxy: string) =>
  sallyport(
    ['evidence', `${registry.host}/team/app:1`, '--ca', `${registry.host}=${ca}`, '--proxy', proxy],
    testClock(),
  )

describe.skipIf(outer === undefined || !hasTinyproxy)('tinyproxy (needs tinyproxy and an address)', () => {
  const tinyproxy = (...more: string[]): Promise<number> =>
    start('tinyproxy', async (port) => {
      const config = join(folder, 'tinyproxy.conf')
      await writeFile(config, [`Port ${port}`, 'Listen 127.0.0.1', 'Timeout 60', ...more, ''].join('\n'))
      return ['-d', '-c', config]
    })

  it('lets through', async () => {
    expect((await ask(`http://127.0.0.1:${await tinyproxy()}`)).json.ok).toBe(true)
    expect(registry.heard.length).toBeGreaterThan(0)
  })

  it('refuses without the log-in, and lets through with it', async () => {
    const port = await tinyproxy('BasicAuth bob right')
    expect((await ask(`http://127.0.0.1:${port}`)).json.failure.code).toBe('proxy-auth')
    const wrong = (await ask(`http://bob:wrong@127.0.0.1:${port}`)).json.failure
    expect(wrong.code).toMatch(/^proxy-(auth|refused)$/)
    expect((await ask(`http://bob:right@127.0.0.1:${port}`)).json.ok).toBe(true)
  })

  it('refuses a port that it does not allow', async () => {
    const port = await tinyproxy('ConnectPort 443')
    expect((await ask(`http://127.0.0.1:${port}`)).json.failure.code).toBe('proxy-refused')
  })
})

describe.skipIf(outer === undefined || !hasMicrosocks)('microsocks (needs microsocks and an address)', () => {
  const microsocks = (...more: string[]): Promise<number> =>
    start('microsocks', (port) => ['-i', '127.0.0.1', '-p', String(port), ...more])

  it('lets through', async () => {
    const port = await microsocks()
    for (const kind of ['socks5', 'socks5h'])
      expect((await ask(`${kind}://127.0.0.1:${port}`)).json.ok).toBe(true)
  })

  it('refuses without the log-in or with another, and lets through with it', async () => {
    const port = await microsocks('-u', 'bob', '-P', 'right')
    expect((await ask(`socks5://127.0.0.1:${port}`)).json.failure.code).toBe('proxy-auth')
    expect((await ask(`socks5://bob:wrong@127.0.0.1:${port}`)).json.failure.code).toBe('proxy-auth')
    expect((await ask(`socks5://bob:right@127.0.0.1:${port}`)).json.ok).toBe(true)
  })
})
