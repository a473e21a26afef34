import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Digest } from '../../../../shared/digest.ts'
import { download } from '../../../../main/oci/download.ts'
import { Registry } from '../../../../main/oci/registry.ts'
import { Failure } from '../../../../main/platform/failure.ts'
import { limits } from '../../../../main/platform/limits.ts'
import { openGate } from '../../../../main/platform/network.ts'
import { leaveHalf } from '../../../../main/store/keep.ts'
import { pattern, sha256 } from '../../../support/images.ts'
import { answer, TestRegistry, type Switch } from '../../../support/registry.ts'
import { TestPacing } from '../../../support/table-gate.ts'

/*
 * What a client of registries must do, row by row: blobs (OCI distribution-spec, “Pulling blobs”; RFC 9110, 14). Rows that are
 * tested elsewhere:
 * - Range from where it stopped, 206 with exactly that Content-Range, 200 from the start, 416 and errors from the start:
 *   test/unit/oci/download.test.ts “that broke off …”
 * - given up where it never gets on: download.test.ts “that broke off and cannot go on …”
 * - the size while reading, one byte more, another Content-Length, other bytes: download.test.ts, test/unit/collect/hostile.test.ts
 *   “about the size is caught”
 * - identity encoding is asked for: test/unit/platform/network.test.ts “asks for identity encoding …”
 * - no byte for a while ends it: network.test.ts “ends a request that has gone silent”
 * - the empty blob, and one whose connection breaks after its last byte: hostile.test.ts “that breaks off after the last byte …”
 * - inline `data` must hash to its digest: test/unit/oci/form.test.ts “may have its content in it, which is then exactly that”
 * - other algorithms, other lengths, other letters are no digest: form.test.ts “has a digest by sha256 …”
 * - a name only for what is whole, flushed before it is named; one fetch for a digest: test/unit/store/blobs.test.ts,
 *   test/unit/collect/same-bytes.test.ts; another process goes on: test/flow/collect-again.test.ts
 */

let server: TestRegistry
let folder: string
beforeEach(async () => {
  server = await new TestRegistry().open()
  server.repository('team/app').blobs.set(sha256(blob), blob)
  folder = await mkdtemp(join(tmpdir(), 'sallyport-rows-'))
})
afterEach(async () => {
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

const blob = pattern('blob', 100_000)
const half = (): string => join(folder, 'x.half')

async function fetched(bytes = blob, signal?: AbortSignal): Promise<{ code: string; told: number }> {
  const rules = { hosts: 'any', plainHttp: [server.host], ca: {} } as const
  const pacing = new TestPacing()
  const registry = new Registry(server.host, {
    gate: openGate(rules),
    rules,
    credentials: {},
    pacing,
    signal,
  })
  let told = 0
  const code = await download(registry, {
    repository: 'team/app',
    digest: sha256(bytes) as Digest,
    size: bytes.length,
    to: half(),
    advance: (count) => void (told += count),
  }).then(
    () => 'done',
    (error: unknown) => (error instanceof Failure ? error.code : String(error)),
  )
  return { code, told }
}
const ranges = (): (string | undefined)[] => server.heard.map(({ range }) => range)

describe('a blob of which an earlier run left some, row by row', () => {
  it('is hashed again and asked for from there on', async () => {
    await writeFile(half(), blob.subarray(0, 60_000))
    expect(await fetched()).toEqual({ code: 'done', told: blob.length })
    expect(ranges()).toEqual(['bytes=60000-'])
    expect(blob.equals(await readFile(half()))).toBe(true)
  })

  it('that is whole already is not asked for', async () => {
    await writeFile(half(), blob)
    expect(await fetched()).toEqual({ code: 'done', told: blob.length })
    expect(server.heard).toEqual([])
  })

  it.each([
    ['other bytes', Buffer.alloc(60_000, 1), ['bytes=60000-', undefined]],
    ['other bytes, as many as there should be', Buffer.alloc(blob.length, 1), [undefined]],
    ['more bytes', Buffer.concat([blob, Buffer.of(1)]), [undefined]],
    ['nothing', Buffer.alloc(0), [undefined]],
  ])('that are %s: the blob is asked for anew, and the registry is not blamed', async (_, left, asked) => {
    await writeFile(half(), left)
    expect(await fetched()).toEqual({ code: 'done', told: blob.length })
    expect(ranges()).toEqual(asked)
    expect(blob.equals(await readFile(half()))).toBe(true)
  })

  it('of a registry that lies about the rest is begun anew, and then it is the registry’s lie', async () => {
    await writeFile(half(), blob.subarray(0, 60_000))
    server.switches.push((request, response) => {
      const [start] = /\d+/.exec(request.headers.range ?? '') ?? ['0']
      const body = Buffer.alloc(blob.length - Number(start), 1)
      const range = `bytes ${start}-${blob.length - 1}/${blob.length}`
      answer(response, start === '0' ? 200 : 206, start === '0' ? {} : { 'content-range': range }, body)
      return true
    })
    expect((await fetched()).code).toBe('registry-lies')
    expect(ranges()).toEqual(['bytes=60000-', undefined])
  })

  it('of a registry that gives another part is refused at once; one without Range gives the whole', async () => {
    await writeFile(half(), blob.subarray(0, 60_000))
    let give: Switch = (_, response) => {
      answer(response, 206, { 'content-range': `bytes 0-9/${blob.length}` }, blob.subarray(0, 10))
      return true
    }
    server.switches.push((...words) => give(...words))
    expect((await fetched()).code).toBe('registry-lies')
    give = (_, response) => {
      answer(response, 200, {}, blob)
      return true
    }
    expect(await fetched()).toEqual({ code: 'done', told: blob.length })
  })

  it('in the place of a file may be a link or a folder: neither is followed', async () => {
    await writeFile(join(folder, 'other'), 'kept')
    await symlink(join(folder, 'other'), half())
    expect((await fetched()).code).toBe('disk-failed')
    await rm(half())
    await mkdir(half())
    expect((await fetched()).code).toBe('disk-failed')
    expect(await readFile(join(folder, 'other'), 'utf8')).toBe('kept')
    expect(server.heard).toEqual([])
  })

  it('ends with the work that it is for', async () => {
    await writeFile(half(), blob.subarray(0, 60_000))
    const stop = new AbortController()
    stop.abort()
    expect((await fetched(blob, stop.signal)).code).toBe('cancelled')
    expect((await stat(half())).size).toBe(60_000)
  })

  it('waits for the next run where it is worth it, and never where it is wrong or in the way', async () => {
    const kept = async (size: number, code: Parameters<typeof leaveHalf>[1]): Promise<boolean> => {
      await writeFile(half(), Buffer.alloc(size))
      leaveHalf(half(), code)
      return stat(half()).then(
        () => true,
        () => false,
      )
    }
    const much = limits.resumeProgress
    for (const code of ['cancelled', 'registry-unreachable', 'registry-limit', 'not-found'] as const)
      expect([await kept(much, code), await kept(much - 1, code)]).toEqual([true, false])
    for (const code of ['registry-lies', 'disk-full', 'disk-failed', 'internal'] as const)
      expect(await kept(much, code)).toBe(false)
    leaveHalf(join(folder, 'none'), 'cancelled')
  })
})

describe('a blob that breaks off again and again, row by row', () => {
  it('goes on as long as each piece brings enough, however often that is', async () => {
    const piece = limits.resumeProgress
    const large = pattern('large', piece * (limits.retries + 3))
    server.switches.push((request, response) => {
      const start = Number(/\d+/.exec(request.headers.range ?? '')?.[0] ?? 0)
      const range = `bytes ${start}-${large.length - 1}/${large.length}`
      response.writeHead(start === 0 ? 200 : 206, {
        'content-length': large.length - start,
        ...(start === 0 ? {} : { 'content-range': range }),
      })
      response.write(large.subarray(start, start + piece), () => response.destroy())
      return true
    })
    expect(await fetched(large)).toEqual({ code: 'done', told: large.length })
    expect(server.heard.length).toBeGreaterThan(limits.retries + 1)
  })

  it('is asked for at the registry each time: an address that was signed for one answer is never used again', async () => {
    const storage = await new TestRegistry().open()
    const visited: string[] = []
    storage.switches.push((request, response) => {
      visited.push(request.url ?? '')
      const start = Number(/\d+/.exec(request.headers.range ?? '')?.[0] ?? 0)
      const range = `bytes ${start}-${blob.length - 1}/${blob.length}`
      response.writeHead(start === 0 ? 200 : 206, start === 0 ? {} : { 'content-range': range })
      if (start === 0) response.write(blob.subarray(0, 60_000), () => response.destroy())
      else response.end(blob.subarray(start))
      return true
    })
    server.switches.push((_, response) => {
      answer(response, 307, { location: `${storage.origin}/signed?turn=${server.heard.length}` })
      return true
    })
    const rules = { hosts: 'any', plainHttp: [server.host, storage.host], ca: {} } as const
    const access = { gate: openGate(rules), rules, credentials: {}, pacing: new TestPacing() }
    const order = { repository: 'team/app', digest: sha256(blob) as Digest, size: blob.length, to: half() }
    await download(new Registry(server.host, access), { ...order, advance: () => undefined })
    expect(visited).toEqual(['/signed?turn=1', '/signed?turn=2'])
    expect(blob.equals(await readFile(half()))).toBe(true)
    await storage.close()
  })

  it('in an encoding that was not asked for is not what it is named', async () => {
    const { gzipSync } = await import('node:zlib')
    server.switches.push((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(blob))
      return true
    })
    expect((await fetched()).code).toBe('registry-lies')
  })
})
