import { generateKeyPairSync, sign } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pattern } from '../support/images.ts'
import { sha256 } from '../support/made-tar.ts'
import { detached, pgpPair } from '../support/openpgp-keys.ts'
import { findingsOf, openReleasing, type Releasing } from '../support/releasing.ts'
import { stopsHalfway, WebServer } from '../support/web-server.ts'

/* Files of the web in a request: by their sum or by a signature, over a connection that breaks, lies and stalls. */

let at: Releasing
let web: WebServer
beforeAll(async () => {
  at = await openReleasing()
  web = await new WebServer().start()
})
afterAll(async () => {
  await web.close()
  await at.crossing.dispose()
})

const content = pattern('a file of the web', 300_000)
const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const pem = keys.publicKey.export({ type: 'spki', format: 'pem' })
const signed = (bytes: Buffer): Buffer => sign('sha256', bytes, keys.privateKey)
const item = (url: string, more: string): string => `{url: "${url}", allow: [plain-http], ${more}}`
const parts = async (): Promise<string[]> =>
  (await readdir(join(at.crossing.low, 'store', 'blobs', 'sha256'))).filter((name) => name.endsWith('.part'))

describe('a file of the web by its sum', () => {
  it('is carried under its own name, and lies bit for bit on the far side', async () => {
    const url = web.put('/v1/tool%2B1.bin', content)
    web.files.set('/v1/tool+1.bin', content)
    const sum = item(url, `sha256: ${sha256(content).slice(7)}`)
    const [one] = await at.collected([sum])
    expect(one).toMatchObject({ kind: 'file', name: 'tool+1.bin', version: null, reference: url })
    const out = await at.landed([sum], 'by-sum')
    expect((await readFile(join(out, 'files', 'tool+1.bin'))).equals(content)).toBe(true)
    expect(web.heard.some(({ secret }) => secret)).toBe(false)
  })

  it('goes on where the connection broke, and from the start where the server has another file', async () => {
    const url = web.put('/broken.bin', content)
    web.fault = stopsHalfway(content, 2)
    web.heard.length = 0
    await at.collected([item(url, `sha256: ${sha256(content).slice(7)}`)])
    expect(web.heard.at(-1)?.range).toBe(`bytes=${content.length / 2}-`)
    web.fault = (request, response) => {
      if (request.headers.range !== undefined) return false
      web.fault = null
      response.writeHead(200, { 'content-length': content.length, etag: '"older"' })
      response.write(content.subarray(0, 1000), () => response.destroy())
      return true
    }
    await at.collected([item(url, `sha256: ${sha256(content).slice(7)}`)])
  })

  it('waits when it is told to, and gives up after a few breaks', async () => {
    const url = web.put('/busy.bin', content)
    let asked = 0
    web.fault = (_request, response) => {
      asked += 1
      if (asked > 2) return false
      response.writeHead(asked === 1 ? 429 : 503, { 'retry-after': '0' }).end()
      return true
    }
    await at.collected([item(url, `sha256: ${sha256(content).slice(7)}`)])
    expect(asked).toBe(3)
    web.fault = (_request, response) => {
      response.destroy()
      return true
    }
    const { code, facts } = await at.refused([item(url, `sha256: ${sha256(content).slice(7)}`)])
    expect([code, facts]).toMatchObject(['registry-unreachable', { host: web.host }])
    web.fault = null
    expect(await parts()).toEqual([])
  })

  it.each([
    [
      'another file',
      () => web.put('/lie.bin', 'something else'),
      'web-differs',
      { found: sha256('something else') },
    ],
    ['no file', () => `http://${web.host}/gone.bin`, 'not-found', { status: 404 }],
    ['a refusal', () => web.put('/refused.bin', content), 'web-login', { status: 403 }],
    ['another answer', () => web.put('/odd.bin', content), 'web-answer', { status: 418 }],
    [
      'a range that it was not asked for',
      () => web.put('/range.bin', content),
      'web-differs',
      { found: 'bytes 7-10/11' },
    ],
  ])('refuses %s, and keeps nothing of it', async (_, place, code, facts) => {
    const url = place()
    const stops = stopsHalfway(content, 1)
    web.fault = (request, response) => {
      if (request.url === '/refused.bin') {
        response.writeHead(403).end('no')
        return true
      }
      if (request.url === '/odd.bin') {
        response.writeHead(418).end('no')
        return true
      }
      if (request.url !== '/range.bin' || stops(request, response)) return request.url === '/range.bin'
      const headers = { 'content-range': 'bytes 7-10/11', etag: `"${content.length}"` }
      response.writeHead(206, headers).end('lies')
      return true
    }
    const found = await at
      .refused([item(url, `sha256: ${sha256(content).slice(7)}`)])
      .finally(() => (web.fault = null))
    expect(found).toMatchObject({ code, facts })
    expect(await parts()).toEqual([])
  })

  it('is not sent on to another computer inside, and no plain http leaves this one', async () => {
    const url = web.put('/moved.bin', content)
    web.fault = (_request, response) => {
      response.writeHead(302, { location: 'http://registry.example/x.bin' }).end()
      return true
    }
    expect(await at.refused([item(url, `sha256: ${sha256(content).slice(7)}`)])).toMatchObject({
      code: 'network-refused',
    })
    web.fault = null
    const far = '{url: "http://far.example/x.bin", allow: [plain-http], sha256: abc}'
    expect((await at.refused([far])).code).toBe('request-form')
  })
})

describe('a file of the web by a signature', () => {
  it('is carried with the signature beside it, which the far side judges again', async () => {
    const url = web.put('/signed/app.bin', content)
    const text = signed(content).toString('base64')
    const signature = web.put('/signed/app.bin.sig', text)
    await at.lay({ 'keys/maker.pub': pem })
    const asked = item(url, `signature: "${signature}", key: keys/maker.pub`)
    const [one] = await at.collected([asked])
    expect(one?.evidence).toMatchObject([{ artifactType: 'application/vnd.sallyport.file.signature.v1' }])
    const out = await at.landed([asked], 'by-signature')
    expect(await readFile(join(out, 'files', 'app.bin.sig'), 'utf8')).toBe(text)
  })

  it('takes one of OpenPGP, and one that lies in the request’s folder', async () => {
    const pair = await pgpPair()
    const url = web.put('/signed/pgp.bin', content)
    await at.lay({
      'keys/ring.gpg': Buffer.from(pair.publicKey.write()),
      'pgp.bin.asc': await detached(pair, content, at.crossing.clock.now(), true),
    })
    const [one] = await at.collected([item(url, 'signature: pgp.bin.asc, key: keys/ring.gpg')])
    expect(one?.evidence).toMatchObject([{ artifactType: 'application/pgp-signature' }])
    expect(findingsOf(one)).toEqual([])
  })

  it.each([
    ['by another key', async () => signed(content), 'keys/other.pub'],
    ['over another file', async () => signed(Buffer.from('another')), 'keys/maker.pub'],
    ['that is none', async () => Buffer.from('nothing'), 'keys/maker.pub'],
  ])('refuses one %s', async (_, make, key) => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey
    await at.lay({ 'keys/maker.pub': pem, 'keys/other.pub': other.export({ type: 'spki', format: 'pem' }) })
    const url = web.put('/signed/bad.bin', content)
    const signature = web.put('/signed/bad.bin.sig', await make())
    const found = await at.refused([item(url, `signature: "${signature}", key: ${key}`)])
    expect(found).toMatchObject({
      code: 'url-unsigned',
      facts: { expected: `a signature by the key in ${key}` },
    })
    expect(await parts()).toEqual([])
  })

  it.each([
    ['neither', ''],
    ['a signature without a key', ', signature: x.sig'],
    ['a key without a signature', ', key: x.pub'],
    ['a query', ', sha256: abc', '?token=1'],
    ['a log-in', ', sha256: abc', '', 'user:secret@'],
  ])('a request with %s is refused before anything is fetched', async (_, more, query = '', login = '') => {
    web.heard.length = 0
    const { code } = await at.refused([`{url: "https://${login}files.example/x.bin${query}"${more}}`])
    expect([code, web.heard.length]).toEqual(['request-form', 0])
  })
})
