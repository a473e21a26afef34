import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Collected } from '../../../main/collect/collect.ts'
import type { Exportable, ExportTools } from '../../../main/export/export.ts'
import { exportFolder } from '../../../main/export/folder.ts'
import { exportLayout } from '../../../main/export/layout.ts'
import { openGate, type GateRules } from '../../../main/platform/network.ts'
import { openPool, type Pool } from '../../../main/platform/workers.ts'
import type { Digest } from '../../../shared/digest.ts'
import type { Item } from '../../../shared/waybill.ts'
import { failureOf } from '../../support/failure-of.ts'
import { hasDockerRegistry, hasSkopeo, startDockerRegistry } from '../../support/docker-registry.ts'
import { sampleImage, types, type SampleImage } from '../../support/images.ts'
import { TestRegistry } from '../../support/registry.ts'
import { openWorkbench, type Workbench } from '../collect/workbench.ts'
import { exportRegistry } from '../../../main/export/registry.ts'
import { exportable, exportTools, pushTo } from './pushing.ts'

let bench: Workbench
let pool: Pool
let folder: string
let sample: SampleImage
let collected: Collected
let content: Exportable

beforeEach(async () => {
  bench = await openWorkbench()
  pool = openPool(2)
  folder = await realpath(await mkdtemp(join(tmpdir(), 'sallyport-export-')))
  sample = sampleImage()
  const { root, amd64 } = sample
  sample.content.referrer(root, 'application/x', 'speaks')
  const signature = sample.content.cosignSignature(amd64)
  await sample.content.writeLayout(join(bench.folder, 'app'), [
    { named: root, tag: '1.2.3' },
    { named: signature, tag: `${amd64.digest.replace(':', '-')}.sig` },
  ])
  await writeFile(join(bench.folder, 'notes.pdf'), 'notes')
  collected = await bench.collect('  - image: oci:./app:1.2.3\n  - file: ./notes.pdf')
  content = exportable(bench, collected)
})
afterEach(async () => {
  await pool.close()
  await bench.close()
  await rm(folder, { recursive: true, force: true })
})

const tools = (signal?: AbortSignal): ExportTools => exportTools(pool, signal)

function indexFor(items: readonly Item[]): Buffer {
  const manifests = items.map(({ root, version }) => ({
    mediaType: root.mediaType,
    digest: root.digest,
    size: root.size,
    annotations: { 'org.opencontainers.image.ref.name': version ?? 'none' },
  }))
  return Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: types.index, manifests }))
}

describe('a layout', () => {
  it('appears whole and is what was collected', async () => {
    const target = join(folder, 'out')
    const exported = await exportLayout(content, target, indexFor(content.items), tools())
    expect(exported.blobs).toBe(content.blobs.length)
    expect(exported.written.map((one) => one.digest)).toEqual(content.items.map((item) => item.root.digest))
    expect((await readdir(target)).sort()).toEqual(['blobs', 'index.json', 'oci-layout'])
    const names = await readdir(join(target, 'blobs', 'sha256'))
    expect(names.sort()).toEqual(content.blobs.map((blob) => blob.digest.slice(7)))
    expect(await readdir(folder)).toEqual(['out'])
  })

  it.skipIf(!hasSkopeo)('opens with skopeo, byte for byte (skipped without skopeo)', async () => {
    await mkdir(join(folder, 'out'))
    await exportLayout(content, join(folder, 'out'), indexFor(content.items), tools())
    const raw = execFileSync('skopeo', ['inspect', '--raw', `oci:${join(folder, 'out')}:1.2.3`])
    expect(raw.equals(sample.content.blobs.get(sample.root.digest) ?? Buffer.alloc(0))).toBe(true)
    const from = `oci:${join(folder, 'out')}:1.2.3`
    const policy = ['--insecure-policy', '--override-os', 'linux', '--override-arch', 'arm64']
    execFileSync('skopeo', [...policy, 'copy', '-q', from, `dir:${join(folder, 'dir')}`])
    const manifest = await readFile(join(folder, 'dir', 'manifest.json'))
    expect(manifest.equals(sample.content.blobs.get(sample.arm64.digest) ?? Buffer.alloc(0))).toBe(true)
  })

  it('leaves nothing when the target is not empty, a blob is damaged, or it is cancelled', async () => {
    await mkdir(join(folder, 'full'))
    await writeFile(join(folder, 'full', 'mine'), 'mine')
    const full = await failureOf(exportLayout(content, join(folder, 'full'), indexFor([]), tools()))
    expect(full.code).toBe('export-target')
    expect(await readdir(join(folder, 'full'))).toEqual(['mine'])
    const stop = new AbortController()
    stop.abort()
    const cancelled = exportLayout(content, join(folder, 'new'), indexFor([]), tools(stop.signal))
    expect((await failureOf(cancelled)).code).toBe('cancelled')
    const largest = [...content.blobs].sort((a, b) => b.size - a.size)[0]
    await writeFile(bench.blobs.path(largest?.digest ?? 'sha256:'), Buffer.alloc(largest?.size ?? 0))
    const damaged = await failureOf(exportLayout(content, join(folder, 'new'), indexFor([]), tools()))
    expect(damaged.code).toBe('content-damaged')
    expect(await readdir(folder)).toEqual(['full'])
    const nowhere = exportLayout(content, join(folder, 'a', 'b'), indexFor([]), tools())
    expect((await failureOf(nowhere)).code).toBe('export-target')
  })
})

describe('a folder', () => {
  it('holds files bit for bit and one layout of the rest', async () => {
    const target = join(folder, 'out')
    const exported = await exportFolder(content, target, indexFor, tools())
    expect((await readdir(target)).sort()).toEqual(['files', 'images'])
    expect(await readFile(join(target, 'files', 'notes.pdf'), 'utf8')).toBe('notes')
    const names = (await readdir(join(target, 'images', 'blobs', 'sha256'))).sort()
    expect(names).toEqual([...sample.content.blobs.keys()].map((digest) => digest.slice(7)).sort())
    expect(exported.written).toHaveLength(2)
    const index = JSON.parse(await readFile(join(target, 'images', 'index.json'), 'utf8')) as {
      manifests: []
    }
    expect(index.manifests).toHaveLength(1)
  })

  it('has only what there is', async () => {
    const files = await bench.collect('  - file: ./notes.pdf')
    await exportFolder(exportable(bench, files), join(folder, 'out'), indexFor, tools())
    expect(await readdir(join(folder, 'out'))).toEqual(['files'])
    const images = await bench.collect('  - image: oci:./app:1.2.3')
    await exportFolder(exportable(bench, images), join(folder, 'images-only'), indexFor, tools())
    expect(await readdir(join(folder, 'images-only'))).toEqual(['images'])
  })
})

describe('a registry', () => {
  const push = (host: string, what: Exportable, prefix = 'high') => pushTo(pool, what, { host, prefix })

  it.skipIf(!hasDockerRegistry || !hasSkopeo)(
    'gets everything, and gives it back unchanged (skipped without docker-registry and skopeo)',
    async () => {
      const real = await startDockerRegistry()
      try {
        const exported = await push(real.host, content)
        expect(exported.written).toEqual([
          {
            from: 'oci:./app:1.2.3',
            reference: `${real.host}/high/app:1.2.3`,
            digest: sample.root.digest,
          },
          {
            from: './notes.pdf',
            reference: `${real.host}/high/notes.pdf@${content.items[1]?.root.digest ?? ''}`,
            digest: content.items[1]?.root.digest,
          },
        ])
        const address = `docker://${real.host}/high/app:1.2.3`
        const raw = execFileSync('skopeo', ['inspect', '--tls-verify=false', '--raw', address])
        expect(raw.equals(sample.content.blobs.get(sample.root.digest) ?? Buffer.alloc(0))).toBe(true)
        const again = await openWorkbench()
        const back = await again.collect(`  - image: ${real.host}/high/app:1.2.3\n    allow: [plain-http]`)
        await again.close()
        expect(back.items[0]?.root).toEqual(content.items[0]?.root)
        const digests = (item: Item | undefined) => item?.evidence.map((one) => one.digest).sort()
        expect(digests(back.items[0])).toEqual(digests(content.items[0]))
        await push(real.host, content)
      } finally {
        await real.close()
      }
    },
  )

  it('is told blobs, children, index and evidence, tag, in this order', async () => {
    const registry = await new TestRegistry().open()
    await push(registry.host, content, '')
    const puts = registry.heard.filter((one) => one.method === 'PUT').map((one) => one.path)
    const place = (digest: string): number => puts.findIndex((path) => path.endsWith(`/manifests/${digest}`))
    expect(place(sample.amd64.digest)).toBeLessThan(place(sample.root.digest))
    expect(puts.at(-1)).toBe('/v2/app/manifests/1.2.3')
    const lastBlob = puts.findLastIndex((path) => path.startsWith('/v2/app/blobs/'))
    expect(lastBlob).toBeLessThan(place(sample.amd64.digest))
    expect(puts.some((path) => path.endsWith(`/manifests/${sample.root.digest.replace(':', '-')}`))).toBe(
      false,
    )
    await registry.close()
  })

  it('that changes a digest, on writing or on reading back, is a failure', async () => {
    const registry = await new TestRegistry().open()
    registry.switches.push((request, response, path) => {
      const put = registry.heard.some(({ method, path: of }) => method === 'PUT' && of === path)
      if (request.method !== 'GET' || !path.endsWith('/manifests/1.2.3') || !put) return false
      const bytes = Buffer.from(sample.content.blobs.get(sample.amd64.digest) ?? '')
      response.writeHead(200, { 'content-type': types.manifest }).end(bytes)
      return true
    })
    expect((await failureOf(push(registry.host, content))).code).toBe('registry-changed-digest')
    await registry.close()
  })

  it('that takes no index with children left out gets no other one', async () => {
    const sparse = exportable(
      bench,
      await bench.collect('  - image: oci:./app:1.2.3\n    platforms: [linux/arm64]'),
    )
    const registry = await new TestRegistry().open()
    await push(registry.host, sparse)
    registry.switches.push((request, response, path) => {
      if (request.method !== 'PUT' || !path.endsWith(sample.root.digest)) return false
      request.resume()
      response.writeHead(400).end('{"errors":[{"code":"MANIFEST_BLOB_UNKNOWN"}]}')
      return true
    })
    const refused = await failureOf(push(registry.host, sparse, 'other'))
    expect([refused.code, refused.facts.found]).toEqual(['index-refused', 'MANIFEST_BLOB_UNKNOWN'])
    expect(registry.repository('other/app').manifests.has('1.2.3')).toBe(false)
    await registry.close()
  })

  it('that refuses an index with everything in it, has refused just that', async () => {
    const registry = await new TestRegistry().open()
    registry.switches.push((request, response, path) => {
      if (request.method !== 'PUT' || !path.endsWith(sample.root.digest)) return false
      request.resume()
      response.writeHead(400).end('{"errors":[{"code":"MANIFEST_INVALID"}]}')
      return true
    })
    const refused = await failureOf(push(registry.host, content))
    expect([refused.code, refused.facts.found]).toEqual(['registry-answer', 'MANIFEST_INVALID'])
    await registry.close()
  })

  const tagOf = ({ digest }: { digest: string }): string => digest.replace(':', '-')
  const tagsIn = (registry: TestRegistry, name: string): string[] =>
    [...registry.repository(name).manifests.keys()].filter((key) => !key.startsWith('sha256:')).sort()
  const listAt = (registry: TestRegistry, tag: string): unknown =>
    JSON.parse(registry.repository('app').manifests.get(tag)?.bytes.toString() ?? 'null')

  it('gets the tags of cosign for what names no subject, and no others', async () => {
    const { amd64, arm64 } = sample
    const dsse = 'application/vnd.dsse.envelope.v1+json'
    const mixed = [sample.content.blob('one', dsse), sample.content.blob('two', 'application/json')]
    const config = sample.content.blob('{}', types.empty)
    const att = sample.content.manifest({ config, layers: [sample.content.blob('said', dsse)] })
    const sbom = sample.content.manifest({ config, layers: mixed })
    await sample.content.writeLayout(join(bench.folder, 'more'), [
      { named: sample.root, tag: '1.2.3' },
      { named: att, tag: `${tagOf(amd64)}.att` },
      { named: sbom, tag: `${tagOf(arm64)}.sbom` },
    ])
    const more = exportable(bench, await bench.collect('  - image: oci:./more:1.2.3'))
    const registry = await new TestRegistry().open()
    await push(registry.host, more, '')
    expect(tagsIn(registry, 'more')).toEqual(['1.2.3', `${tagOf(amd64)}.att`, `${tagOf(arm64)}.sbom`].sort())
    await push(registry.host, content, '')
    expect(tagsIn(registry, 'app')).toEqual(['1.2.3', `${tagOf(amd64)}.sig`].sort())
    // Only what another repository has got is asked for from there.
    const begun = registry.heard.filter((one) => one.method === 'POST').map(({ path }) => path)
    const [first = '', mounted = ''] = [begun.at(0), begun.find((path) => path.startsWith('/v2/app/'))]
    expect([first, new URL(mounted, registry.origin).searchParams.get('from')]).toEqual([
      '/v2/more/blobs/uploads/',
      null,
    ])
    await push(registry.host, { ...more, items: [...more.items, ...content.items.slice(0, 1)] }, 'high')
    const asked = registry.heard.filter(({ path }) => path.startsWith('/v2/high/app/blobs/uploads/?mount='))
    expect(new Set(asked.map(({ path }) => new URL(path, registry.origin).searchParams.get('from')))).toEqual(
      new Set(['high/more']),
    )
    await registry.close()
  })

  it('gets evidence that is no manifest as a blob, under no tag', async () => {
    const [item, ...others] = content.items
    const [layer] = content.blobs.filter(({ digest }) => !sample.content.manifests.has(digest))
    if (item === undefined || layer === undefined) throw new Error('The sample has an image with layers.')
    const raw = { ...item.evidence[0]!, digest: layer.digest, size: layer.size, mediaType: 'text/plain' }
    const registry = await new TestRegistry().open()
    await push(registry.host, { ...content, items: [{ ...item, evidence: [raw] }, ...others] }, '')
    expect(tagsIn(registry, 'app')).toEqual(['1.2.3'])
    expect(registry.repository('app').blobs.has(layer.digest)).toBe(true)
    await registry.close()
  })

  it('without a list of referrers gets it under a tag, beside what is there, once', async () => {
    const tag = tagOf(sample.root)
    const known = [{ digest: sample.arm64.digest }, null, 'nonsense', ['list']]
    for (const [before, kept] of [
      [undefined, []],
      [{ schemaVersion: 2, mediaType: types.index, manifests: known }, known],
      [{ schemaVersion: 2, mediaType: types.index, manifests: { no: 'list' } }, []],
      [{ schemaVersion: 2, mediaType: types.index, manifests: 'no list' }, []],
    ] as const) {
      const registry = await new TestRegistry().open()
      registry.referrersApi = false
      const bytes = Buffer.from(JSON.stringify(before ?? {}))
      if (before !== undefined)
        registry.repository('app').manifests.set(tag, { bytes, mediaType: types.index })
      await push(registry.host, content, '')
      await push(registry.host, content, '')
      const [speaks] = content.items[0]?.evidence.filter((one) => one.subject === sample.root.digest) ?? []
      expect(listAt(registry, tag)).toEqual({
        schemaVersion: 2,
        mediaType: types.index,
        manifests: [
          ...kept,
          {
            mediaType: types.manifest,
            digest: speaks?.digest,
            size: speaks?.size,
            artifactType: 'application/x',
          },
        ],
      })
      await registry.close()
    }
  })

  it('that is not named in the rules hears nothing', async () => {
    const registry = await new TestRegistry().open()
    const closed: GateRules = { hosts: [], plainHttp: [registry.host], ca: {} }
    const act = exportRegistry(
      content,
      { host: registry.host, prefix: '' },
      {
        ...tools(),
        gate: openGate(closed),
        rules: closed,
        credentials: {},
      },
    )
    const refused = await failureOf(act)
    expect([refused.code, refused.facts.expected]).toEqual(['network-refused', 'no connection at all'])
    expect(registry.heard).toEqual([])
    await registry.close()
  })

  it('never gets a blob that is damaged here', async () => {
    const registry = await new TestRegistry().open()
    const largest = [...content.blobs].sort((a, b) => b.size - a.size)[0]
    const digest = largest?.digest ?? ('' as Digest)
    await writeFile(bench.blobs.path(digest), Buffer.alloc(largest?.size ?? 0))
    expect((await failureOf(push(registry.host, content))).code).toBe('content-damaged')
    expect(registry.repository('high/app').blobs.has(digest)).toBe(false)
    await registry.close()
  })
})
