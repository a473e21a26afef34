import type { ServerResponse } from 'node:http'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { download } from '../../../main/oci/download.ts'
import { Registry } from '../../../main/oci/registry.ts'
import { Failure } from '../../../main/platform/failure.ts'
import { limits } from '../../../main/platform/limits.ts'
import { openGate } from '../../../main/platform/network.ts'
import type { Digest } from '../../../shared/digest.ts'
import { pattern, sha256 } from '../../support/images.ts'
import { answer, TestRegistry } from '../../support/registry.ts'

let server: TestRegistry
let folder: string
beforeEach(async () => {
  server = await new TestRegistry().open()
  folder = await mkdtemp(join(tmpdir(), 'sallyport-download-'))
})
afterEach(async () => {
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

const blob = pattern('blob', 100_000)

/** Downloads the blob; gives the failure, how much was told to have come, and how much lies on the disc. */
async function fetched(): Promise<{ code: string; told: number; most: number; written: number }> {
  const rules = { hosts: 'any', plainHttp: [server.host], ca: {} } as const
  const registry = new Registry(server.host, { gate: openGate(rules), rules, credentials: {} })
  const to = join(folder, 'blob.part')
  // What an earlier try left would be taken over (rows/download.test.ts).
  await rm(to, { force: true })
  let [told, most] = [0, 0]
  const advance = (bytes: number): void => {
    told += bytes
    most = Math.max(most, told)
  }
  const order = { repository: 'team/app', digest: sha256(blob) as Digest, size: blob.length, to, advance }
  const code = await download(registry, order).then(
    () => 'done',
    (error: unknown) => (error instanceof Failure ? error.code : String(error)),
  )
  return { code, told, most, written: (await stat(to)).size }
}

describe('a blob that comes in', () => {
  it('is written whole', async () => {
    server.repository('team/app').blobs.set(sha256(blob), blob)
    const { length } = blob
    expect(await fetched()).toEqual({ code: 'done', told: length, most: length, written: length })
  })

  it('in pieces without an end never takes more of the disc than its size', async () => {
    let sent = 0
    server.switches.push((_, response) => {
      response.writeHead(200)
      const more = (): void => {
        if (response.destroyed || sent > blob.length * 100) return void response.end()
        sent += 16_384
        response.write(Buffer.alloc(16_384, 1), more)
      }
      more()
      return true
    })
    const { code, most, written } = await fetched()
    expect(code).toBe('registry-lies')
    expect(most).toBeLessThanOrEqual(blob.length)
    expect(written).toBeLessThanOrEqual(blob.length)
    // The connection is dropped at once, not read away.
    expect(sent).toBeLessThan(blob.length * 100)
  })

  it('of exactly its size and one byte more is refused with what fits', async () => {
    server.switches.push((_, response) => {
      response.writeHead(200)
      response.write(blob, () => response.end('x'))
      return true
    })
    const { code, most } = await fetched()
    expect(code).toBe('registry-lies')
    expect(most).toBeLessThanOrEqual(blob.length)
  })

  const lies = { code: 'registry-lies', told: 0, most: 0, written: 0 }
  it('of another length than it states, or of other bytes, is refused', async () => {
    for (const length of [blob.length - 1, blob.length + 1, 0]) {
      server.switches.splice(0, 1, (_, response) => {
        response.writeHead(200, { 'content-length': length }).end(blob.subarray(0, length))
        return true
      })
      expect(await fetched()).toEqual(lies)
    }
    for (const [body, told] of [
      [Buffer.alloc(blob.length, 1), blob.length],
      [blob.subarray(1), blob.length - 1],
    ] as const) {
      server.switches.splice(0, 1, (_, response) => {
        response.writeHead(200)
        response.write(body, () => response.end())
        return true
      })
      expect(await fetched()).toMatchObject({ code: 'registry-lies', told })
    }
  })

  /** Breaks off after so many bytes; then answers as told. */
  const breaking = (first: number, then: (response: ServerResponse, range: string | undefined) => void) => {
    server.switches.splice(0, 1, (request, response) => {
      const { range } = request.headers
      if (range !== undefined || server.heard.length > 1) then(response, range)
      else {
        response.writeHead(200, { 'content-length': blob.length })
        response.write(blob.subarray(0, first), () => response.destroy())
      }
      return true
    })
    server.heard.length = 0
    return fetched()
  }
  const whole = { code: 'done', told: blob.length, written: blob.length }

  it('that broke off goes on where it stopped, and only there', async () => {
    const rest = (total: string, from = 60_000) => ({
      'content-range': `bytes ${from}-${blob.length - 1}/${total}`,
    })
    for (const total of [String(blob.length), '*'])
      expect(
        await breaking(60_000, (response) => answer(response, 206, rest(total), blob.subarray(60_000))),
      ).toMatchObject(whole)
    expect(server.heard[1]?.range).toBe('bytes=60000-')
    for (const headers of [
      rest(String(blob.length + 1)),
      rest('*', 59_999),
      rest('*', 0),
      {},
      { 'content-range': 'x' },
    ]) {
      const refused = await breaking(60_000, (response) =>
        answer(response, 206, headers, blob.subarray(60_000)),
      )
      expect(refused).toMatchObject({ code: 'registry-lies', told: 60_000 })
    }
  })

  it('that broke off and comes whole is taken from the start', async () => {
    const again = await breaking(60_000, (response) => answer(response, 200, {}, blob))
    expect(again).toMatchObject({ ...whole, most: blob.length })
  })

  it('that broke off and cannot go on is asked for from the start, and given up where it never gets on', async () => {
    const begun = await breaking(60_000, (response, range) => {
      if (range === undefined) answer(response, 200, {}, blob)
      else answer(response, 416)
    })
    expect(begun).toMatchObject({ ...whole, most: blob.length })
    expect(server.heard.map(({ range }) => range)).toEqual([undefined, 'bytes=60000-', undefined])
    for (const status of [400, 403, 404, 501]) {
      const anew = await breaking(60_000, (response, range) => {
        if (range === undefined) answer(response, 200, {}, blob)
        else answer(response, status)
      })
      expect([status, anew]).toEqual([status, expect.objectContaining({ ...whole, most: blob.length })])
    }
    const given = await breaking(60_000, (response, range) => {
      response.writeHead(range === undefined ? 200 : 206, {
        'content-range': `bytes 60000-${blob.length - 1}/${blob.length}`,
      })
      response.flushHeaders()
      response.destroy()
    })
    expect(given).toMatchObject({ code: 'registry-unreachable', told: 60_000 })
    expect(server.heard).toHaveLength(limits.retries + 1)
  })
})
