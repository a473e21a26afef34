import type { ServerResponse } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { failureOf } from '../../support/failure-of.ts'
import { Content, pattern, sampleImage, types } from '../../support/images.ts'
import { answer, TestRegistry } from '../../support/registry.ts'
import { testCertificate } from '../../support/tls.ts'
import { openWorkbench, type Options, type Workbench } from './workbench.ts'

let bench: Workbench
let registry: TestRegistry
beforeEach(async () => {
  bench = await openWorkbench()
  registry = await new TestRegistry().open()
})
afterEach(async () => {
  await registry.close()
  await bench.close()
})

const image = (reference: string, more = ''): string =>
  `  - image: ${registry.host}/${reference}\n    allow: [plain-http]\n${more}`

describe('content that lies', () => {
  const refused = async (make: (content: Content) => { named: { digest: string; mediaType: string } }) => {
    const content = new Content()
    const { named } = make(content)
    registry.add('team/app', content)
    const bytes = content.blobs.get(named.digest) ?? Buffer.alloc(0)
    registry.repository('team/app').manifests.set('1', { bytes, mediaType: named.mediaType })
    return failureOf(bench.collect(image('team/app:1')))
  }
  const platform = { os: 'linux', architecture: 'amd64' }

  it('is refused: both manifests and layers, schema 1, another media type, too many levels', async () => {
    const both = await refused((content) => ({
      named: content.index([content.image(platform, [pattern('a', 10)])], { layers: [] }),
    }))
    expect([both.code, both.facts.reason]).toEqual(['manifest-refused', 'two-kinds'])
    const old = await refused((content) => ({
      named: content.blob('{"schemaVersion":1}', 'application/vnd.docker.distribution.manifest.v1+prettyjws'),
    }))
    expect([old.code, old.facts.reason]).toEqual(['manifest-refused', 'format-refused'])
    const deep = await refused((content) => {
      let named = content.image(platform, [pattern('a', 10)])
      for (let i = 0; i < 9; i += 1) named = content.index([named])
      return { named }
    })
    expect([deep.code, deep.facts.reason]).toEqual(['manifest-refused', 'too-deep'])
  })

  it('is refused: a child under another media type or size, two sizes for one digest', async () => {
    const child = await refused((content) => ({
      named: content.index([{ ...content.image(platform, [pattern('a', 10)]), mediaType: types.index }]),
    }))
    expect([child.code, child.facts.reason]).toEqual(['manifest-refused', 'media-type-differs'])
    const size = await refused((content) => {
      const named = content.image(platform, [pattern('a', 10)])
      return { named: content.index([{ ...named, size: named.size + 1 }]) }
    })
    expect([size.code, size.facts.reason]).toEqual(['manifest-refused', 'size-differs'])
    const twice = await refused((content) => {
      const config = content.blob('{}', types.empty)
      const layer = content.blob('layer', 'application/x')
      return { named: content.manifest({ config, layers: [layer, { ...layer, size: 6 }] }) }
    })
    expect([twice.code, twice.facts.reason]).toEqual(['manifest-refused', 'size-differs'])
  })

  it('is refused: content by sha512', async () => {
    const error = await refused((content) => {
      const layer = { ...content.blob('layer', 'application/x'), digest: `sha512:${'a'.repeat(128)}` }
      return { named: content.manifest({ config: content.blob('{}', types.config), layers: [layer] }) }
    })
    expect(error.code).toBe('algorithm-refused')
  })
})

describe('a registry that lies or breaks', () => {
  const put = () => {
    const made = sampleImage(300_000)
    registry.add('team/app', made.content, { '1': made.root })
    const layer = [...made.content.blobs].sort((a, b) => b[1].length - a[1].length)[0]
    return { ...made, layer: layer?.[0] ?? '', bytes: layer?.[1] ?? Buffer.alloc(0) }
  }
  const onBlob = (
    digest: string,
    act: (response: ServerResponse, range: string | undefined, count: number) => void,
  ) => {
    let count = 0
    registry.switches.push((request, response, path) => {
      if (path !== `/v2/team/app/blobs/${digest}`) return false
      count += 1
      act(response, request.headers.range, count)
      return true
    })
  }
  const get = (options?: Options) => bench.collect(image('team/app:1'), options)

  it('about the digest of a manifest or a blob is caught', async () => {
    const { layer, bytes, amd64 } = put()
    onBlob(layer, (response) => answer(response, 200, {}, Buffer.alloc(bytes.length, 1)))
    const blob = await failureOf(get())
    expect([blob.code, blob.facts.expected]).toEqual(['registry-lies', layer])
    expect(await bench.blobs.size(layer as `sha256:${string}`)).toBe(null)
    registry.switches.push((_, response, path) => {
      if (!path.endsWith(amd64.digest)) return false
      answer(response, 200, { 'content-type': types.manifest }, Buffer.from('{"schemaVersion":2}'))
      return true
    })
    expect((await failureOf(get())).code).toBe('registry-lies')
  })

  it('about the size is caught: more, less, with and without a stated length', async () => {
    const { layer, bytes } = put()
    let send: (response: ServerResponse) => void = () => undefined
    onBlob(layer, (response) => send(response))
    const more = Buffer.concat([bytes, Buffer.alloc(1)])
    for (const body of [more, bytes.subarray(1)]) {
      send = (response) => answer(response, 200, {}, body)
      expect((await failureOf(get())).code).toBe('registry-lies')
      send = (response) => void response.writeHead(200).end(body)
      expect((await failureOf(get())).code).toBe('registry-lies')
    }
  })

  it('that stops in mid-blob is asked for the rest by Range', async () => {
    const { layer, bytes } = put()
    const ranges: (string | undefined)[] = []
    onBlob(layer, (response, range) => {
      ranges.push(range)
      const start = Number(/\d+/.exec(range ?? '')?.[0] ?? 0)
      const end = Math.min(bytes.length, start + 100_000)
      const rest = `bytes ${start}-${bytes.length - 1}/${bytes.length}`
      response.writeHead(range === undefined ? 200 : 206, {
        'content-length': bytes.length - start,
        ...(range === undefined ? {} : { 'content-range': rest }),
      })
      response.write(bytes.subarray(start, end), () => {
        if (end < bytes.length) response.destroy()
        else response.end()
      })
    })
    await get()
    expect(ranges.slice(0, 2)).toEqual([undefined, 'bytes=100000-'])
    expect((await bench.blobs.read(layer as `sha256:${string}`, 1e6)).equals(bytes)).toBe(true)
  })

  it('that knows no Range is asked from the start', async () => {
    const { layer, bytes } = put()
    onBlob(layer, (response, _, count) => {
      response.writeHead(200, { 'content-length': bytes.length })
      if (count === 1) response.write(bytes.subarray(0, 70_000), () => response.destroy())
      else response.end(bytes)
    })
    await get()
    expect((await bench.blobs.read(layer as `sha256:${string}`, 1e6)).equals(bytes)).toBe(true)
  })

  it('that breaks off after the last byte has given everything, also of an empty blob', async () => {
    const content = new Content()
    const config = content.blob('{}', types.empty)
    const layers = [content.blob('', 'application/x'), content.blob('last', 'application/x')]
    registry.add('team/ends', content, { '1': content.manifest({ config, layers }) })
    registry.switches.push((_, response, path) => {
      const digest = path.split('/blobs/')[1]
      if (digest === undefined || path.endsWith('/')) return false
      response.writeHead(200)
      response.flushHeaders()
      response.write(content.blobs.get(digest), () => response.destroy())
      return true
    })
    const item = `  - artifact: ${registry.host}/team/ends:1\n    allow: [plain-http]`
    expect((await bench.collect(item)).blobs).toHaveLength(4)
  })

  it('that never gets on is given up, and a false Content-Range is a lie', async () => {
    const { layer, bytes } = put()
    onBlob(layer, (response, range) => {
      response.writeHead(200, { 'content-length': bytes.length })
      if (range === undefined) response.write(bytes.subarray(0, 10), () => response.destroy())
      else response.destroy()
    })
    expect((await failureOf(get())).code).toBe('registry-unreachable')
    registry.switches.length = 0
    onBlob(layer, (response, range) => {
      if (range !== undefined) {
        answer(response, 206, { 'content-range': `bytes 0-9/${bytes.length}` }, bytes.subarray(0, 10))
        return
      }
      response.writeHead(200, { 'content-length': bytes.length })
      response.write(bytes.subarray(0, 10), () => response.destroy())
    })
    expect((await failureOf(get())).code).toBe('registry-lies')
  })

  it('that is busy is asked again; that stays so is a failure with its status', async () => {
    const { layer } = put()
    let refuse = 2
    registry.switches.push((_, response, path) => {
      if (!path.includes(layer) || refuse === 0) return false
      refuse -= 1
      answer(response, refuse === 1 ? 429 : 503, { 'retry-after': '0' })
      return true
    })
    await get()
    const other = sampleImage(100, 'other')
    registry.add('team/other', other.content, { '1': other.root })
    registry.switches.push((_, response, path) => {
      if (!path.startsWith('/v2/team/other/')) return false
      answer(
        response,
        500,
        { 'retry-after': '0' },
        Buffer.from('{"errors":[{"code":"UNKNOWN","message":"oh"}]}'),
      )
      return true
    })
    const stays = await failureOf(bench.collect(image('team/other:1')))
    expect([stays.code, stays.facts.status, stays.facts.found]).toEqual([
      'registry-answer',
      500,
      'UNKNOWN, oh',
    ])
  })

  it('that asks us to wait too long is not waited for', async () => {
    put()
    registry.switches.push((_, response) => {
      answer(response, 429, { 'retry-after': '3600' })
      return true
    })
    const late = await failureOf(get())
    expect([late.code, late.facts.status, late.facts.found]).toEqual([
      'registry-limit',
      429,
      'in 3600 seconds',
    ])
    expect(registry.heard).toHaveLength(1)
  })

  it('that cannot be reached is named', async () => {
    const { host } = registry
    await registry.close()
    const gone = await failureOf(bench.collect(`  - image: ${host}/a/b:1\n    allow: [plain-http]`))
    expect([gone.code, gone.facts.host]).toEqual(['registry-unreachable', host])
    registry = await new TestRegistry().open()
  })

  it('is not asked without TLS unless the request says so', async () => {
    put()
    const plain = await failureOf(bench.collect(`  - image: ${registry.host}/team/app:1`))
    expect(plain.code).toBe('tls-none')
    expect(registry.heard).toEqual([])
  })
})

describe('access', () => {
  it('by Basic only after a challenge, and a wrong password is a failure', async () => {
    const { content, root } = sampleImage()
    registry.add('team/app', content, { '1': root })
    const right = `Basic ${Buffer.from('agent:pass:word').toString('base64')}`
    registry.switches.push((request, response) => {
      if (request.headers.authorization === right) return false
      answer(response, 401, { 'www-authenticate': 'Basic realm="here"' })
      return true
    })
    const none = await failureOf(bench.collect(image('team/app:1')))
    expect([none.code, none.facts.status]).toEqual(['registry-auth', 401])
    expect(registry.heard.every((one) => one.authorization === undefined)).toBe(true)
    const credentials = { [registry.host]: { username: 'agent', password: 'pass:word' } }
    expect((await bench.collect(image('team/app:1'), { credentials })).items).toHaveLength(1)
    const wrong = { [registry.host]: { username: 'agent', password: 'no' } }
    registry.add('team/two', content, { '1': root })
    expect((await failureOf(bench.collect(image('team/two:1'), { credentials: wrong }))).code).toBe(
      'registry-auth',
    )
  })

  it('by Bearer: a token from the realm, asked for once in each thread, with credentials only there', async () => {
    const { content, root } = sampleImage()
    registry.add('team/app', content, { '1': root })
    const realm = await new TestRegistry().open()
    realm.switches.push((_, response) => {
      answer(response, 200, {}, Buffer.from('{"token":"good"}'))
      return true
    })
    registry.switches.push((request, response) => {
      if (request.headers.authorization === 'Bearer good') return false
      const challenge = `Bearer realm="${realm.origin}/token",service="r",scope="repository:team/app:pull"`
      answer(response, 401, { 'www-authenticate': challenge })
      return true
    })
    const credentials = { [registry.host]: { username: 'agent', password: 'secret' } }
    const options = { credentials, alsoPlain: [realm.host] }
    expect((await bench.collect(image('team/app:1'), options)).items[0]?.findings).toEqual([])
    const basic = `Basic ${Buffer.from('agent:secret').toString('base64')}`
    expect(realm.heard.every((one) => one.authorization === basic)).toBe(true)
    expect(realm.heard[0]?.path).toBe('/token?service=r&scope=repository%3Ateam%2Fapp%3Apull')
    expect(realm.heard.length).toBeLessThanOrEqual(6)
    expect(registry.heard.some((one) => one.authorization === basic)).toBe(false)
    await realm.close()
  })

  it('does not travel with a redirect to another origin', async () => {
    const { content, root } = sampleImage()
    registry.add('team/app', content, { '1': root })
    const storage = await new TestRegistry().open()
    storage.add('team/app', content)
    const right = `Basic ${Buffer.from('agent:pw').toString('base64')}`
    registry.switches.push((request, response, path) => {
      if (request.headers.authorization !== right) {
        answer(response, 401, { 'www-authenticate': 'Basic realm="here"' })
        return true
      }
      if (!path.includes('/blobs/')) return false
      answer(response, 307, { location: `${storage.origin}${path}` })
      return true
    })
    const credentials = { [registry.host]: { username: 'agent', password: 'pw' } }
    await bench.collect(image('team/app:1'), { credentials, alsoPlain: [storage.host] })
    expect(storage.heard.length).toBeGreaterThan(0)
    expect(storage.heard.every((one) => one.authorization === undefined)).toBe(true)
    await storage.close()
  })
})

describe('TLS', () => {
  const tls = testCertificate()

  it('with an authority of its own for this host; without it nothing is sent', async () => {
    const secure = await new TestRegistry(tls).open()
    const { content, root } = sampleImage()
    secure.add('team/app', content, { '1': root })
    const item = `  - image: ${secure.host}/team/app:1`
    expect((await failureOf(bench.collect(item))).code).toBe('tls-untrusted')
    expect((await failureOf(bench.collect(item, { ca: { 'other.example': tls.ca } }))).code).toBe(
      'tls-untrusted',
    )
    expect(secure.heard).toEqual([])
    expect((await bench.collect(item, { ca: { [secure.host]: tls.ca } })).items).toHaveLength(1)
    await secure.close()
  })

  it('is never left: no redirect and no token address without it', async () => {
    const secure = await new TestRegistry(tls).open()
    const { content, root } = sampleImage()
    secure.add('team/app', content, { '1': root })
    registry.add('team/app', content, { '1': root })
    let challenge = false
    secure.switches.push((_, response, path) => {
      if (challenge) answer(response, 401, { 'www-authenticate': `Bearer realm="${registry.origin}/token"` })
      else answer(response, 307, { location: `${registry.origin}${path}` })
      return true
    })
    const options = { ca: { [secure.host]: tls.ca }, alsoPlain: [registry.host] }
    const item = `  - image: ${secure.host}/team/app:1`
    expect((await failureOf(bench.collect(item, options))).code).toBe('redirect-refused')
    challenge = true
    const realm = await failureOf(bench.collect(item, options))
    expect([realm.code, realm.facts.host, realm.facts.found]).toEqual([
      'realm-refused',
      secure.host,
      registry.origin,
    ])
    expect(registry.heard).toEqual([])
    await secure.close()
  })

  it('asked of a host that speaks none is said to be that', async () => {
    const { code, facts } = await failureOf(bench.collect(`  - image: ${registry.host}/team/app:1`))
    expect([code, facts.host]).toEqual(['tls-none', registry.host])
    expect(registry.heard).toEqual([])
  })
})
