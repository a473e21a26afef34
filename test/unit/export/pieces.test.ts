import { createServer, request as ask, type Server } from 'node:http'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Exportable } from '../../../main/export/export.ts'
import { exportRegistry } from '../../../main/export/registry.ts'
import type { Credentials } from '../../../main/oci/credentials.ts'
import { limits } from '../../../main/platform/limits.ts'
import { openGate, type GateRules } from '../../../main/platform/network.ts'
import { openPool, type Pool } from '../../../main/platform/workers.ts'
import { failureOf } from '../../support/failure-of.ts'
import { hasDockerRegistry, startDockerRegistry } from '../../support/docker-registry.ts'
import { sampleImage, sha256 } from '../../support/images.ts'
import { answer, TestRegistry, type Switch } from '../../support/registry.ts'
import { openWorkbench, type Workbench } from '../collect/workbench.ts'

/* Registries that take no blob in one request, and what an export that is refused says. */

let bench: Workbench
let pool: Pool
let registry: TestRegistry
// Made once: so many bytes that look random take their time.
const sample = sampleImage(limits.uploadPiece + 1000)
let content: Exportable
let told = 0
beforeEach(async () => {
  bench = await openWorkbench()
  pool = openPool(2)
  registry = await new TestRegistry().open()
  await sample.content.writeLayout(join(bench.folder, 'app'), [{ named: sample.root, tag: '1' }])
  const { items, blobs } = await bench.collect('  - image: oci:./app:1')
  content = { items, blobs, path: (digest) => bench.blobs.path(digest) }
  told = 0
})
afterEach(async () => {
  await registry.close()
  await pool.close()
  await bench.close()
})

const push = (host = registry.host, credentials: Credentials = {}) => {
  const rules: GateRules = { hosts: [{ host, plainHttp: true }], plainHttp: [], ca: {} }
  const advance = (bytes: number): void => void (told += bytes)
  const signal = new AbortController().signal
  const tools = { pool, signal, step: () => undefined, advance, gate: openGate(rules), rules, credentials }
  return exportRegistry(content, { host, prefix: 'high' }, tools)
}
const isWhole: (request: Parameters<Switch>[0], path: string) => boolean = ({ method, headers }, path) =>
  method === 'PUT' && path.includes('/blobs/uploads/') && headers['content-length'] !== '0'
const refusing =
  (status: number, body = ''): Switch =>
  (request, response, path) => {
    if (!isWhole(request, path)) return false
    request.resume()
    request.on('end', () => answer(response, status, {}, Buffer.from(body)))
    return true
  }
const everything = (): number =>
  content.blobs.filter(({ digest }) => !sample.content.manifests.has(digest)).length
const methods = (): string[] =>
  registry.heard.filter(({ path }) => path.includes('/uploads/')).map((one) => one.method)

describe('a registry that takes no blob in one request', () => {
  it.each([404, 400, 405, 415, 501])('(%d) is given it by POST, PATCH and PUT', async (status) => {
    registry.switches.push(refusing(status, '{"errors":[{"code":"BLOB_UNKNOWN"}]}'))
    await push()
    const { blobs, manifests } = registry.repository('high/app')
    expect(manifests.has('1')).toBe(true)
    for (const [digest, bytes] of blobs) expect(sha256(bytes)).toBe(digest)
    expect(methods().filter((one) => one === 'PATCH')).toHaveLength(everything())
    // What it takes is learned: at most the four that were under way were sent in vain.
    expect(methods().filter((one) => one === 'POST').length).toBeLessThanOrEqual(everything() + 4)
  })

  it('because it is too much at once is given pieces, in order', async () => {
    registry.switches.push(refusing(413))
    const ranges: string[] = []
    registry.switches.push((request) => {
      const range = request.headers['content-range']
      if (request.method === 'PATCH' && range !== undefined) ranges.push(range)
      return false
    })
    await push()
    expect(registry.repository('high/app').manifests.has('1')).toBe(true)
    expect(ranges).toContain(`0-${limits.uploadPiece - 1}`)
    expect(ranges.some((range) => range.startsWith(`${limits.uploadPiece}-`))).toBe(true)
    expect(told).toBeGreaterThanOrEqual(content.blobs.reduce((sum, { size }) => sum + size, 0) - 100_000)
  })

  it('because it is too much at once, but wants large pieces, is given those', async () => {
    registry.switches.push(refusing(413))
    const least = limits.uploadPiece + 500
    const ranges: string[] = []
    registry.switches.push((request, response) => {
      const range = request.headers['content-range']
      if (request.method === 'PATCH' && range !== undefined) ranges.push(range)
      if (request.method === 'POST') response.setHeader('oci-chunk-min-length', String(least))
      return false
    })
    await push()
    expect(ranges).toContain(`0-${least - 1}`)
    for (const [digest, bytes] of registry.repository('high/app').blobs) expect(sha256(bytes)).toBe(digest)
  })

  it('and breaks off is given the whole again', async () => {
    registry.switches.push(refusing(404))
    let broken = 0
    registry.switches.push((request, response) => {
      if (request.method !== 'PATCH' || broken >= 2) return false
      broken += 1
      response.destroy()
      return true
    })
    await push()
    expect(broken).toBe(2)
    for (const [digest, bytes] of registry.repository('high/app').blobs) expect(sha256(bytes)).toBe(digest)
  })

  it('gets no name for a blob that is damaged here', async () => {
    registry.switches.push(refusing(404))
    const largest = [...content.blobs].sort((a, b) => b.size - a.size)[0]!
    await writeFile(bench.blobs.path(largest.digest), Buffer.alloc(largest.size))
    expect((await failureOf(push())).code).toBe('content-damaged')
    expect(registry.repository('high/app').blobs.has(largest.digest)).toBe(false)
  })

  it('nor by pieces has refused it, in the words of an export', async () => {
    registry.switches.push((request, response, path) => {
      if (!path.includes('/blobs/uploads/') || request.method === 'POST') return false
      request.resume()
      request.on('end', () =>
        answer(response, 404, {}, Buffer.from('{"errors":[{"code":"BLOB_UPLOAD_UNKNOWN"}]}')),
      )
      return true
    })
    const refused = await failureOf(push())
    expect([refused.code, refused.facts.found]).toEqual(['export-missing', 'BLOB_UPLOAD_UNKNOWN'])
    expect(refused.view().safe).toContain('The accepted content at this desk is intact')
  })
})

describe('an export that a registry refuses', () => {
  it('says so in its own words: no place, no access, and what was sent', async () => {
    registry.switches.push((request, response) => {
      if (request.method !== 'POST') return false
      answer(response, 404, {}, Buffer.from('{"errors":[{"code":"NAME_UNKNOWN"}]}'))
      return true
    })
    const missing = await failureOf(push())
    expect([missing.code, missing.facts.found]).toEqual(['export-missing', 'NAME_UNKNOWN'])
    registry.switches.length = 0
    registry.switches.push((_, response) => {
      answer(response, 401, { 'www-authenticate': 'Basic realm="x"' })
      return true
    })
    const none = await failureOf(push())
    expect([none.code, none.facts.status]).toEqual(['export-auth', 401])
    expect(none.facts.sent).toContain('no file of credentials was given')
    const wrong = await failureOf(
      push(registry.host, { [registry.host]: { username: 'a', password: 'hunter2' } }),
    )
    expect(wrong.facts.sent).toContain(`what stands under ${registry.host} was sent`)
    expect(JSON.stringify(wrong.view())).not.toMatch(/hunter2|collected/)
  })
})

describe.skipIf(!hasDockerRegistry)(
  'a real registry behind something that takes none in one request (needs docker-registry)',
  () => {
    it('is given all by pieces', async () => {
      const real = await startDockerRegistry()
      let patched = 0
      const gate: Server = createServer((request, response) => {
        if (isWhole(request, request.url ?? '')) {
          request.resume()
          request.on('end', () => answer(response, 404))
          return
        }
        if (request.method === 'PATCH') patched += 1
        const { method, url: path, headers } = request
        const on = ask(`http://${real.host}${path ?? ''}`, { method, headers }, (back) => {
          response.writeHead(back.statusCode ?? 500, back.headers)
          back.pipe(response)
        })
        request.pipe(on)
      })
      await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve))
      try {
        await push(`127.0.0.1:${(gate.address() as AddressInfo).port}`)
        expect(patched).toBe(everything())
        const found = await fetch(`http://${real.host}/v2/high/app/manifests/1`, {
          headers: { accept: sample.root.mediaType },
        })
        expect(sha256(Buffer.from(await found.arrayBuffer()))).toBe(sample.root.digest)
      } finally {
        gate.closeAllConnections()
        gate.close()
        await real.close()
      }
    })
  },
)
