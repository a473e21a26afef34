import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Exportable } from '../../../../main/export/export.ts'
import { openPool, type Pool } from '../../../../main/platform/workers.ts'
import { failureOf } from '../../../support/failure-of.ts'
import { sampleImage } from '../../../support/images.ts'
import { TestRegistry } from '../../../support/registry.ts'
import { openWorkbench, type Workbench } from '../../collect/workbench.ts'
import { exportable, pushTo } from '../../export/pushing.ts'

/*
 * What a client of registries must do, row by row: a manifest that is refused because something below is missing (OCI
 * distribution-spec, “Error Codes”). A refusal that names nothing: test/unit/export/export.test.ts.
 */

let bench: Workbench
let pool: Pool
let registry: TestRegistry
let content: Exportable
const sample = sampleImage()
beforeEach(async () => {
  bench = await openWorkbench()
  pool = openPool(2)
  registry = await new TestRegistry().open()
  await sample.content.writeLayout(join(bench.folder, 'app'), [{ named: sample.root, tag: '1.2.3' }])
  content = exportable(bench, await bench.collect('  - image: oci:./app:1.2.3'))
})
afterEach(async () => {
  await registry.close()
  await pool.close()
  await bench.close()
})
const push = (what: Exportable) => pushTo(pool, what, { host: registry.host, prefix: 'high' })

describe('a registry, row by row', () => {
  const missing = (digest: string): string => `sha256:${digest.repeat(64)}`
  it.each([
    ['the digest itself', (digest: string): unknown => digest],
    ['an object that has it', (digest: string): unknown => ({ name: 'x', digest })],
  ])('that names what was left out by %s is told with it', async (_, detailOf) => {
    const asked = '  - image: oci:./app:1.2.3\n    platforms: [linux/arm64]'
    const sparse = exportable(bench, await bench.collect(asked))
    registry.switches.push((request, response, path) => {
      if (request.method !== 'PUT' || !path.endsWith(sample.root.digest)) return false
      request.resume()
      const detail = detailOf(sample.amd64.digest)
      response.writeHead(404).end(JSON.stringify({ errors: [{ code: 'MANIFEST_UNKNOWN', detail }] }))
      return true
    })
    const refused = await failureOf(push(sparse))
    expect([refused.code, refused.facts.found]).toEqual([
      'index-refused',
      `MANIFEST_UNKNOWN (${sample.amd64.digest})`,
    ])
  })

  it('that lost what it took has lost just that, by name, and has no tag', async () => {
    registry.switches.push((request, response, path) => {
      if (request.method !== 'PUT' || !path.endsWith(sample.root.digest)) return false
      request.resume()
      const entry = (digest: string) => ({
        code: 'MANIFEST_BLOB_UNKNOWN',
        message: 'unknown',
        detail: { digest },
      })
      const errors = [entry(sample.arm64.digest), entry(sample.amd64.digest), entry(sample.arm64.digest)]
      response.writeHead(400).end(JSON.stringify({ errors }))
      return true
    })
    const refused = await failureOf(push(content))
    expect([refused.code, refused.facts.status, refused.facts.found]).toEqual([
      'export-lost',
      400,
      `${sample.arm64.digest}, ${sample.amd64.digest}`,
    ])
    expect(registry.repository('high/app').manifests.has('1.2.3')).toBe(false)
  })

  it.each([
    ['what nobody sent', { code: 'MANIFEST_BLOB_UNKNOWN', detail: missing('a') }],
    ['no digest', { code: 'MANIFEST_BLOB_UNKNOWN', detail: 'sha256:../../x' }],
    ['another code', { code: 'MANIFEST_INVALID', detail: missing('b') }],
    ['nothing', null],
  ])('that names %s has refused just that', async (_, entry) => {
    registry.switches.push((request, response, path) => {
      if (request.method !== 'PUT' || !path.endsWith(sample.root.digest)) return false
      request.resume()
      response.writeHead(400).end(JSON.stringify({ errors: [entry] }))
      return true
    })
    const refused = await failureOf(push(content))
    expect([refused.code, refused.facts.found]).toEqual(['registry-answer', entry?.code ?? 'no explanation'])
  })
})
