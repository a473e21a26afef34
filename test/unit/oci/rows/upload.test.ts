import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Digest } from '../../../../shared/digest.ts'
import { Registry } from '../../../../main/oci/registry.ts'
import { uploadBlob } from '../../../../main/oci/upload.ts'
import { limits } from '../../../../main/platform/limits.ts'
import { openGate } from '../../../../main/platform/network.ts'
import { failureOf } from '../../../support/failure-of.ts'
import { pattern, sha256 } from '../../../support/images.ts'
import { answer, TestRegistry } from '../../../support/registry.ts'

/*
 * What a client of registries must do, row by row: pushing (OCI distribution-spec, “Push”). Rows that are tested elsewhere:
 * - blobs, children, index and evidence, tag, in this order: test/unit/export/export.test.ts “is told blobs, children, index …”
 * - by POST, PATCH and PUT where a registry takes none in one request, pieces in order, `OCI-Chunk-Min-Length`, 413 is given
 *   smaller pieces, a break begins anew: test/unit/export/pieces.test.ts
 * - a tag that holds something else is told; one that cannot be moved is not written: test/unit/export/looks-first.test.ts
 * - names that no registry takes; what must be made there first is said: test/unit/export/names.test.ts, pieces.test.ts “says so in its own
 *   words …”
 * - an index with children left out: export.test.ts “that takes no index with children left out gets no other one”
 * - an upload that breaks, goes on, begins anew, is given up: upload-broken.test.ts
 */

let server: TestRegistry
let folder: string
beforeEach(async () => {
  server = await new TestRegistry().open()
  folder = await mkdtemp(join(tmpdir(), 'sallyport-rows-'))
  await writeFile(join(folder, 'blob'), blob)
})
afterEach(async () => {
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

const blob = pattern('blob', 50_000)
const digest = sha256(blob) as Digest

async function upload(from: Buffer = blob, mountFrom: string | null = null, token = false): Promise<number> {
  await writeFile(join(folder, 'blob'), from)
  const rules = { hosts: 'any', plainHttp: [server.host], ca: {} } as const
  const credentials = token ? { [server.host]: { username: 'agent', password: 'pw' } } : {}
  const registry = new Registry(server.host, { gate: openGate(rules), rules, credentials })
  let told = 0
  await uploadBlob(registry, {
    repository: 'team/app',
    digest: sha256(from) as Digest,
    size: from.length,
    from: join(folder, 'blob'),
    mountFrom,
    advance: (bytes) => void (told += bytes),
  })
  return told
}
const asked = (): string[] => server.heard.map(({ method, path }) => `${method} ${path}`)
const has = (name = 'team/app'): boolean => server.repository(name).blobs.get(digest)?.equals(blob) === true

describe('a blob that is pushed, row by row', () => {
  it('is asked about first, and not sent where it is', async () => {
    server.repository('team/app').blobs.set(digest, blob)
    expect(await upload()).toBe(blob.length)
    expect(asked()).toEqual([`HEAD /v2/team/app/blobs/${digest}`])
  })

  it('goes to a relative address that keeps its query, the digest beside it', async () => {
    expect(await upload()).toBe(blob.length)
    const query = `state=1&digest=${encodeURIComponent(digest)}`
    expect(asked().slice(1)).toEqual([
      'POST /v2/team/app/blobs/uploads/',
      `PUT /v2/team/app/blobs/uploads/1?${query}`,
    ])
    expect(has()).toBe(true)
  })

  it('is mounted where the registry has it elsewhere (201), and sent where that falls through (202)', async () => {
    server.repository('team/base').blobs.set(digest, blob)
    expect(await upload(blob, 'team/base')).toBe(blob.length)
    expect(asked().at(-1)).toBe(
      `POST /v2/team/app/blobs/uploads/?mount=${encodeURIComponent(digest)}&from=${encodeURIComponent('team/base')}`,
    )
    expect(has()).toBe(true)
    server.repository('team/app').blobs.clear()
    server.repository('team/base').blobs.clear()
    expect(await upload(blob, 'team/base')).toBe(blob.length)
    expect(asked().at(-1)).toMatch(/^PUT /)
    expect(has()).toBe(true)
  })

  it.each([201, 204])('is there by %d', async (status) => {
    server.switches.push((request, response, path) => {
      if (request.method !== 'PUT' || !path.includes('/uploads/')) return false
      request.resume()
      request.on('end', () => answer(response, status))
      return true
    })
    expect(await upload()).toBe(blob.length)
  })

  it('that the registry acknowledges under another digest is refused, whole and in pieces', async () => {
    const other = `sha256:${'a'.repeat(64)}`
    server.switches.push((request, response) => {
      if (request.method === 'PUT') response.setHeader('docker-content-digest', other)
      return false
    })
    const refused = { code: 'registry-changed-digest', facts: { expected: digest, found: other } }
    await expect(upload()).rejects.toMatchObject(refused)
    server.repository('team/app').blobs.clear()
    server.switches.unshift((request, response) => {
      if (request.method !== 'PUT' || request.headers['content-length'] === '0') return false
      request.resume()
      request.on('end', () => answer(response, 405))
      return true
    })
    await expect(upload()).rejects.toMatchObject(refused)
  })

  it.each([
    ['none', {}],
    ['what is none', { location: 'http://[' }],
  ])('that the registry has no address for is told: %s', async (_, headers) => {
    server.switches.push((request, response) => {
      if (request.method !== 'POST') return false
      answer(response, 202, headers)
      return true
    })
    const facts = { status: 202, found: 'no address to upload to' }
    await expect(upload()).rejects.toMatchObject({ code: 'registry-answer', facts })
    expect(asked().some((one) => one.startsWith('PUT'))).toBe(false)
  })

  /** Something before the registry that lets only so much through at once. */
  const gate = (most: number): void =>
    void server.switches.push((request, response) => {
      if (Number(request.headers['content-length'] ?? 0) <= most) return false
      request.resume()
      request.on('end', () => answer(response, 413))
      return true
    })

  it('goes through a gate that takes a MiB at once, as nginx does; each upload that was too large is cancelled', async () => {
    gate(limits.leastUploadPiece)
    const large = Buffer.alloc(limits.uploadPiece + 5, 'not the same in each piece')
    expect(await upload(large)).toBe(large.length)
    expect(server.repository('team/app').blobs.get(sha256(large))?.equals(large)).toBe(true)
    expect(asked().filter((one) => one.startsWith('DELETE'))).toHaveLength(2)
    expect(server.repository('team/app').pending.size).toBe(0)
  })

  it('goes through none that takes less: what has to be set is said, and nothing is left', async () => {
    gate(1000)
    const facts = { status: 413, expected: blob.length }
    const refused = await failureOf(upload())
    expect(refused).toMatchObject({ code: 'upload-too-large', facts })
    expect(refused.view().next).toContain('client_max_body_size')
    expect(server.repository('team/app').pending.size).toBe(0)
  })

  it('of no bytes goes in one request, and where that is refused by its name alone', async () => {
    const empty = Buffer.alloc(0)
    for (const refuses of [false, true]) {
      server.repository('team/app').blobs.clear()
      let first = refuses
      server.switches.push((request, response) => {
        if (request.method !== 'PUT' || !first) return false
        first = false
        answer(response, 405)
        return true
      })
      expect(await upload(empty)).toBe(0)
      expect(server.repository('team/app').blobs.has(sha256(empty))).toBe(true)
    }
    expect(asked().some((one) => one.startsWith('PATCH'))).toBe(false)
  })

  it.each([201, 202, 204])(
    'in pieces goes on after %d to each of them, with or without a new address',
    async (status) => {
      gate(limits.uploadPiece)
      const large = Buffer.alloc(limits.uploadPiece * 2 + 5, 'not the same in each piece')
      const { pending } = server.repository('team/app')
      const starts: string[] = []
      server.switches.push(async (request, response, path) => {
        if (request.method !== 'PATCH') return false
        const pieces: Buffer[] = []
        for await (const piece of request) pieces.push(piece as Buffer)
        const name = path.replace('/v2/team/app/blobs/', '')
        pending.set(name, Buffer.concat([pending.get(name) ?? Buffer.alloc(0), ...pieces]))
        starts.push((request.headers['content-range'] ?? '').split('-')[0] ?? '')
        answer(response, status)
        return true
      })
      expect(await upload(large)).toBe(large.length)
      expect(starts).toEqual([0, 1, 2].map((count) => String(count * limits.uploadPiece)))
      expect(server.repository('team/app').blobs.get(sha256(large))?.equals(large)).toBe(true)
    },
  )

  it('goes on in pieces when the registry wants to know anew who asks, also in the middle of one', async () => {
    const large = pattern('large', limits.uploadPiece + 5)
    let refused = 0
    const right = `Basic ${Buffer.from('agent:pw').toString('base64')}`
    server.switches.push((request, response, path) => {
      const { method, headers } = request
      const whole = method === 'PUT' && headers['content-length'] === String(large.length)
      const anew = method === 'PATCH' && refused === 0
      if (anew) refused += 1
      if (headers.authorization === right && !whole && !anew) return false
      // What was sent is read, so that the whole piece was said once.
      request.resume()
      const basic = { 'www-authenticate': 'Basic realm="x"' }
      request.on('end', () => answer(response, whole && headers.authorization === right ? 413 : 401, basic))
      return path !== ''
    })
    expect(await upload(large, null, true)).toBe(large.length)
    expect(refused).toBe(1)
    expect(server.repository('team/app').blobs.get(sha256(large))?.equals(large)).toBe(true)
  })
})
