import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { download } from '../../../main/oci/download.ts'
import { Registry } from '../../../main/oci/registry.ts'
import { Failure } from '../../../main/platform/failure.ts'
import { openGate } from '../../../main/platform/network.ts'
import type { Digest } from '../../../shared/digest.ts'
import { pattern, sha256 } from '../../support/images.ts'
import { TestRegistry } from '../../support/registry.ts'

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
})
