import type { IncomingMessage } from 'node:http'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Digest } from '../../../../shared/digest.ts'
import { Registry } from '../../../../main/oci/registry.ts'
import { uploadBlob } from '../../../../main/oci/upload.ts'
import { heldIn } from '../../../../main/oci/upload-place.ts'
import { limits } from '../../../../main/platform/limits.ts'
import { openGate } from '../../../../main/platform/network.ts'
import { failureOf } from '../../../support/failure-of.ts'
import { sha256 } from '../../../support/images.ts'
import { answer, TestRegistry, type Switch } from '../../../support/registry.ts'
import { TestPacing } from '../../../support/table-gate.ts'

/*
 * What a client of registries must do, row by row: an upload that breaks (OCI distribution-spec, “Pushing a blob in chunks”,
 * “Cancel a blob upload”). Against real registries: test/flow/export-faults.test.ts.
 */

let server: TestRegistry
let folder: string
let told = 0
beforeEach(async () => {
  server = await new TestRegistry().open()
  folder = await mkdtemp(join(tmpdir(), 'sallyport-rows-'))
  told = 0
})
afterEach(async () => {
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

const mib = limits.resumeProgress
const blob = Buffer.alloc(3 * mib + 5, 'no period of this is one of a piece')
const digest = sha256(blob) as Digest

async function upload(from: Buffer = blob, signal?: AbortSignal): Promise<void> {
  await writeFile(join(folder, 'blob'), from)
  const rules = { hosts: 'any', plainHttp: [server.host], ca: {} } as const
  const access = { gate: openGate(rules), rules, credentials: {}, pacing: new TestPacing(), signal }
  await uploadBlob(new Registry(server.host, access), {
    repository: 'team/app',
    digest,
    size: blob.length,
    from: join(folder, 'blob'),
    mountFrom: null,
    advance: (bytes) => void (told += bytes),
  })
}

const place = '/v2/team/app/blobs/uploads'
/** What was asked after the question whether it is there, without the digest that the last request names. */
const asked = (): string[] =>
  server.heard.slice(1).map(({ method, path }) => `${method} ${path.replace(/[?&]digest=.*/, '')}`)
const pending = (): Map<string, Buffer> => server.repository('team/app').pending
const arrived = async (): Promise<void> => {
  await upload()
  expect(server.repository('team/app').blobs.get(digest)?.equals(blob)).toBe(true)
  expect(told).toBe(blob.length)
  expect(pending().size).toBe(0)
}

async function first(request: IncomingMessage, bytes: number): Promise<Buffer> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of request) {
    pieces.push(piece as Buffer)
    length += (piece as Buffer).length
    if (length >= bytes) break
  }
  return Buffer.concat(pieces).subarray(0, bytes)
}

/** So many times a request of a method is cut after some bytes; the registry keeps them, or does not. */
function cut(method: 'PUT' | 'PATCH', bytes: number, { times = 1, keeps = true } = {}): void {
  let count = 0
  server.switches.push(async (request, response, path) => {
    if (request.method !== method || count >= times) return false
    count += 1
    const came = await first(request, bytes)
    const name = path.replace('/v2/team/app/blobs/', '')
    if (keeps) pending().set(name, Buffer.concat([pending().get(name) ?? Buffer.alloc(0), came]))
    response.destroy()
    return true
  })
}

/** What a request of a method is answered, the first times, after it was read. */
function said(
  method: string,
  times: number,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): void {
  let count = 0
  server.switches.push((request, response, path) => {
    if (request.method !== method || !path.includes('/uploads/') || count >= times) return false
    count += 1
    request.resume()
    request.on('end', () => answer(response, status, headers))
    return true
  })
}

/** Takes blobs in pieces alone. */
const onlyPieces: Switch = (request, response, path) => {
  if (request.method !== 'PUT' || path.includes('manifests') || request.headers['content-length'] === '0')
    return false
  request.resume()
  request.on('end', () => answer(response, 413))
  return true
}

const ranges: string[] = []
const listening: Switch = (request) => {
  if (request.method === 'PATCH') ranges.push(request.headers['content-range'] ?? 'none')
  return false
}

describe('how far an upload has got, row by row', () => {
  it('is the last byte that the registry has; “0-0” says nothing, for it is one byte or none', () => {
    const of = (range?: string): number | null => heldIn({ headers: range === undefined ? {} : { range } })
    expect([of('0-9'), of('bytes=0-9'), of('0-1')]).toEqual([10, 10, 2])
    for (const range of [undefined, '', '0-0', '0--1', '5-9', '0-', '0-1e3', `0-${'9'.repeat(40)}`, '0-9,'])
      expect(of(range)).toBe(null)
  })
})

describe('an upload that breaks, row by row', () => {
  beforeEach(() => {
    ranges.length = 0
    server.switches.push(listening)
  })

  it('in its one request goes on where the registry says that it has got to', async () => {
    cut('PUT', mib + 7)
    await arrived()
    expect(asked()).toEqual([
      `POST ${place}/`,
      `PUT ${place}/1?state=1`,
      `GET ${place}/1?state=1`,
      `PATCH ${place}/1?state=2`,
      `PUT ${place}/1?state=2`,
    ])
    expect(ranges).toEqual([`${mib + 7}-${blob.length - 1}`])
  })

  it('goes on as often as each try brings enough, however often that is', async () => {
    cut('PUT', mib)
    cut('PATCH', mib / 2 + 1, { times: 4 })
    await arrived()
    expect(ranges.map((range) => Number(range.split('-')[0]))).toEqual(
      [0, 1, 2, 3, 4].map((count) => mib + count * (mib / 2 + 1)),
    )
  })

  it('after its last byte is only named', async () => {
    cut('PUT', blob.length)
    await arrived()
    expect(asked().slice(2)).toEqual([`GET ${place}/1?state=1`, `PUT ${place}/1?state=2`])
  })

  it('after it was named is there: that is asked, and nothing is sent again', async () => {
    server.switches.push(async (request, response, path) => {
      if (request.method !== 'PUT') return false
      const bytes = await first(request, blob.length)
      server.repository('team/app').blobs.set(digest, bytes)
      pending().delete(path.replace('/v2/team/app/blobs/', ''))
      response.destroy()
      return true
    })
    await arrived()
    expect(asked().filter((one) => /^(PUT|PATCH)/.test(one))).toHaveLength(1)
    expect(asked().at(-1)).toBe(`HEAD /v2/team/app/blobs/${digest}`)
  })

  it.each([
    ['knows nothing of it any more', 404, {}],
    ['cannot be asked', 405, {}],
    ['does not say how far', 204, {}],
    ['says “0-0”', 204, { range: '0-0' }],
    ['says more than there is', 204, { range: `0-${blob.length}` }],
  ])('where the registry %s is cancelled there and begun anew', async (_, status, headers) => {
    cut('PUT', mib)
    said('GET', 1, status, headers)
    await arrived()
    expect(asked().slice(2)).toEqual([
      `GET ${place}/1?state=1`,
      `DELETE ${place}/1?state=1`,
      `HEAD /v2/team/app/blobs/${digest}`,
      `POST ${place}/`,
      `PUT ${place}/2?state=1`,
    ])
  })

  it.each([
    ['429', 429],
    ['503', 503],
  ])('by %s is tried again', async (_, status) => {
    said('PUT', 2, status, { 'retry-after': '0' })
    await arrived()
    expect(asked().filter((one) => one.startsWith('PUT'))).toHaveLength(3)
  })

  it('by 429 for an hour is not waited for, nor is that registry asked anything more', async () => {
    said('PUT', 1, 429, { 'retry-after': '3600' })
    const failure = await failureOf(upload())
    expect([failure.code, failure.facts.found]).toEqual(['registry-limit', 'in 3600 seconds'])
    expect(asked().at(-1)).toMatch(/^PUT/)
    expect(told).toBe(0)
  })

  it('again and again without getting on is given up and cancelled', async () => {
    cut('PUT', 5, { times: Infinity, keeps: false })
    const failure = await failureOf(upload())
    expect(failure.code).toBe('registry-unreachable')
    expect(asked().filter((one) => one.startsWith('PUT'))).toHaveLength(limits.retries + 1)
    expect(asked().at(-1)).toBe(`DELETE ${place}/${limits.retries + 1}?state=1`)
    expect([pending().size, told]).toEqual([0, 0])
  })
})

describe('the word of a registry about pieces, row by row', () => {
  beforeEach(() => {
    ranges.length = 0
    server.switches.push(listening, onlyPieces)
  })
  /** Keeps only so much of a piece, and says so. */
  const keeping = (bytes: number, times: number): void => {
    let count = 0
    server.switches.push(async (request, response, path) => {
      if (request.method !== 'PATCH' || count >= times) return false
      count += 1
      const name = path.replace('/v2/team/app/blobs/', '')
      const came = await first(request, Infinity)
      const has = Buffer.concat([pending().get(name) ?? Buffer.alloc(0), came.subarray(0, bytes)])
      pending().set(name, has)
      answer(response, 202, { location: `${path}?state=${count + 1}`, range: `0-${has.length - 1}` })
      return true
    })
  }

  it('that it has less than was sent is obeyed', async () => {
    keeping(mib + 3, 2)
    await arrived()
    expect(ranges.map((range) => Number(range.split('-')[0] ?? 0) || 0)).toEqual([0, mib + 3, 2 * mib + 6])
  })

  it('that it has less than before is obeyed too: it goes back', async () => {
    cut('PATCH', 2 * mib)
    let lost = false
    server.switches.push(async (request, response, path) => {
      if (request.method !== 'PATCH' || lost) return false
      lost = true
      await first(request, Infinity)
      pending().set(path.replace('/v2/team/app/blobs/', ''), blob.subarray(0, 100))
      answer(response, 202, { location: `${path}?state=9`, range: '0-99' })
      return true
    })
    await arrived()
    expect(ranges).toEqual(['none', `${2 * mib}-${blob.length - 1}`, `100-${blob.length - 1}`])
  })

  it('that it has more than was sent is refused as that, and the upload cancelled', async () => {
    said('PATCH', 1, 202, { range: `0-${blob.length}` })
    const failure = await failureOf(upload())
    expect([failure.code, failure.facts.found]).toEqual([
      'registry-answer',
      `that it has ${blob.length + 1} bytes where ${blob.length} were sent`,
    ])
    expect(asked().at(-1)).toMatch(/^DELETE/)
    expect([pending().size, told]).toEqual([0, 0])
  })

  it('that it never has more is not believed for ever', async () => {
    said('PATCH', Infinity, 202, { range: '0-99' })
    const failure = await failureOf(upload())
    expect(failure.code).toBe('registry-answer')
    expect(failure.facts.found).toContain('that it has 100 bytes, however often more is sent')
    expect(ranges).toHaveLength(limits.retries + 1)
    expect(asked().at(-1)).toMatch(/^DELETE/)
  })

  it('that was wrong is found by the name that does not fit: begun anew, once', async () => {
    cut('PATCH', 100)
    said('GET', 1, 204, { range: `0-${mib - 1}` })
    await arrived()
    expect(asked().filter((one) => one.startsWith('POST'))).toHaveLength(3)
    expect(asked().filter((one) => one.startsWith('DELETE'))).toHaveLength(2)
  })

  it('that a piece does not follow (416) is answered by asking what would', async () => {
    keeping(mib, 1)
    said('PATCH', 1, 416)
    await arrived()
    expect(asked().filter((one) => /^(GET|PATCH)/.test(one))).toHaveLength(4)
    expect(asked().filter((one) => one.startsWith('POST'))).toHaveLength(2)
  })
})

describe('an upload that is given up, row by row', () => {
  it('because the file is damaged is cancelled; nothing has that name', async () => {
    expect((await failureOf(upload(Buffer.alloc(blob.length)))).code).toBe('content-damaged')
    expect(asked().at(-1)).toBe(`DELETE ${place}/1?state=1`)
    expect([pending().size, server.repository('team/app').blobs.size]).toEqual([0, 0])
  })

  it('because a file lost its end is cancelled too, by pieces and in one', async () => {
    for (const pieces of [false, true]) {
      if (pieces) server.switches.push(onlyPieces)
      const failure = await failureOf(upload(blob.subarray(0, mib)))
      expect(failure.code).toBe('content-damaged')
      expect(asked().at(-1)).toMatch(/^DELETE/)
      expect(pending().size).toBe(0)
    }
  })

  it('because the work was cancelled is still cancelled there', async () => {
    const work = new AbortController()
    server.switches.push((request) => {
      if (request.method === 'PUT') work.abort()
      return request.method === 'PUT'
    })
    expect((await failureOf(upload(blob, work.signal))).code).toBe('cancelled')
    expect(asked().at(-1)).toBe(`DELETE ${place}/1?state=1`)
    expect(pending().size).toBe(0)
  })

  it('is told as what it failed by, whatever the registry says to that', async () => {
    said('DELETE', 1, 500)
    expect((await failureOf(upload(Buffer.alloc(blob.length)))).code).toBe('content-damaged')
  })

  it('is waited for only so long where the registry never answers to that', async () => {
    const time = new AbortController()
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(time.signal)
    server.switches.push(({ method }) => {
      if (method === 'DELETE') time.abort()
      return method === 'DELETE'
    })
    expect((await failureOf(upload(Buffer.alloc(blob.length)))).code).toBe('content-damaged')
    expect(timeout).toHaveBeenCalledExactlyOnceWith(limits.farewellTime)
    timeout.mockRestore()
  })

  it('at another place, which the registry only named, is left alone', async () => {
    const other = await new TestRegistry().open()
    other.switches.push((request, response) => {
      request.resume()
      request.on('end', () => answer(response, 403))
      return true
    })
    server.switches.push((request, response) => {
      if (request.method !== 'POST') return false
      answer(response, 202, { location: `${other.origin}/signed` })
      return true
    })
    const failure = await failureOf(upload())
    expect(failure.code).toBe('network-refused')
    expect(server.heard.map(({ method }) => method)).toEqual(['HEAD', 'POST'])
    expect(other.heard).toEqual([])
    await other.close()
  })
})
