import { readdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { zBlob, zItem } from '../../../shared/waybill.ts'
import { failureOf } from '../../support/failure-of.ts'
import { hasDockerRegistry, startDockerRegistry } from '../../support/docker-registry.ts'
import { sampleImage, sha256, types } from '../../support/images.ts'
import { TestRegistry } from '../../support/registry.ts'
import { openWorkbench, type Workbench } from './workbench.ts'

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

describe('an image from a registry', () => {
  it('comes whole, with its index intact and every blob in the store', async () => {
    const { content, root } = sampleImage()
    registry.add('team/app', content, { '1.2.3': root })
    const { items, blobs, sources } = await bench.collect(image('team/app:1.2.3'))
    expect(items).toHaveLength(1)
    const [item] = items
    expect(zItem.parse(item)).toEqual(item)
    expect(item).toMatchObject({
      name: `${registry.host}/team/app`,
      kind: 'image',
      version: '1.2.3',
      platforms: ['linux/amd64', 'linux/arm64/v8'],
      root: { digest: root.digest, size: root.size, mediaType: types.index, artifactType: null },
      findings: [],
    })
    expect(blobs.map((blob) => zBlob.parse(blob).digest)).toEqual([...content.blobs.keys()].sort())
    expect(blobs.every((blob) => blob.state === 'carried')).toBe(true)
    for (const [digest, bytes] of content.blobs) {
      expect((await bench.blobs.read(digest as `sha256:${string}`, 1e6)).equals(bytes)).toBe(true)
    }
    expect(sources).toEqual([
      {
        reference: `${registry.host}/team/app:1.2.3`,
        digest: root.digest,
        from: `${registry.host}/team/app`,
      },
    ])
  })

  it('takes the tag beside a digest for the version only where it names that digest', async () => {
    const { content, root, amd64 } = sampleImage()
    registry.add('team/app', content, { '1': root, '2': amd64 })
    const stated = async (reference: string): Promise<unknown> => {
      const { items } = await bench.collect(image(reference))
      return items.map((item) => [item.root.digest, item.version, item.findings])
    }
    const beside = (tag: string): string => `team/app:${tag}@${root.digest}`
    const told = (tag: string, there: string): object => ({
      code: 'tag-not-resolved',
      subject: `${registry.host}/team/app:${tag}`,
      detail: `The tag ${tag} was not resolved to ${root.digest}; ${there}. The digest decides, and the item has no version.`,
    })
    expect(await stated(beside('1'))).toEqual([[root.digest, '1', []]])
    expect(await stated(beside('2'))).toEqual([
      [root.digest, null, [told('2', `it names ${amd64.digest} there`)]],
    ])
    expect(await stated(beside('9.9'))).toEqual([
      [root.digest, null, [told('9.9', 'there is no such tag there')]],
    ])
    registry.switches.push((_, response, path) => {
      if (!path.endsWith('/manifests/1')) return false
      response.writeHead(403).end()
      return true
    })
    const [[digest, version, findings] = []] = (await stated(beside('1'))) as [unknown, unknown, object[]][]
    expect([digest, version]).toEqual([root.digest, null])
    expect(findings).toEqual([
      expect.objectContaining({
        code: 'tag-not-resolved',
        detail: expect.stringContaining('what it names could not be asked: The registry') as string,
      }),
    ])
  })

  it('calls an image what engines run, whatever its artifactType says', async () => {
    const { content, amd64 } = sampleImage()
    const bytes = JSON.parse(String(content.blobs.get(amd64.digest))) as object
    const typed = content.manifest({ ...bytes, artifactType: 'application/x.harmless' })
    const index = content.index([amd64], { artifactType: 'application/x.harmless' })
    registry.add('team/app', content, { typed, index })
    for (const tag of ['typed', 'index']) {
      const artifact = `  - artifact: ${registry.host}/team/app:${tag}\n    allow: [plain-http]`
      expect([tag, (await bench.collect(artifact)).items[0]?.kind]).toEqual([tag, 'image'])
    }
  })

  it('asks for a tag once and for each digest once', async () => {
    const { content, root } = sampleImage()
    registry.add('team/app', content, { '1.2.3': root })
    await bench.collect(image('team/app:1.2.3'))
    const gets = registry.heard.filter((one) => one.method === 'GET').map((one) => one.path)
    expect(gets.filter((path) => path === '/v2/team/app/manifests/1.2.3')).toHaveLength(1)
    const blobs = gets.filter((path) => path.includes('/blobs/'))
    expect(new Set(blobs).size).toBe(blobs.length)
  })

  it('does not fetch again what the store has', async () => {
    const { content, root } = sampleImage()
    registry.add('team/app', content, { '1.2.3': root })
    const first = await bench.collect(image('team/app:1.2.3'))
    const before = registry.heard.length
    expect(await bench.collect(image('team/app:1.2.3'))).toEqual(first)
    expect(registry.heard.slice(before).filter((one) => one.path.includes('/blobs/'))).toEqual([])
  })

  it('leaves out platforms as omitted blobs; an attestation follows its manifest', async () => {
    const { content, root, amd64, arm64, attestation } = sampleImage()
    registry.add('team/app', content, { '1': root })
    const collected = await bench.collect(image('team/app:1', '    platforms: [linux/arm64]'))
    const omitted = collected.blobs.filter((blob) => blob.state === 'omitted')
    expect(omitted.map((blob) => blob.digest).sort()).toEqual([amd64.digest, attestation.digest].sort())
    expect(omitted.every((blob) => blob.early)).toBe(true)
    expect(collected.items[0]).toMatchObject({ platforms: ['linux/arm64/v8'], root: { digest: root.digest } })
    const carried = new Set(collected.blobs.filter((blob) => blob.state === 'carried').map((b) => b.digest))
    expect(carried.has(arm64.digest as `sha256:${string}`)).toBe(true)
    const asked = registry.heard.map((one) => one.path)
    expect(asked.some((path) => path.includes(amd64.digest))).toBe(false)
  })

  it('carries what one item leaves out when another takes it along', async () => {
    const { content, root, amd64 } = sampleImage()
    registry.add('team/app', content, { '1': root, '2': root })
    const items = `${image('team/app:1', '    platforms: [linux/arm64]\n')}${image('team/app:2')}`
    const collected = await bench.collect(items)
    expect(collected.blobs.find((blob) => blob.digest === amd64.digest)?.state).toBe('carried')
    expect(collected.blobs.some((blob) => blob.state === 'omitted')).toBe(false)
  })

  it('refuses a platform that is not there, and an image that is none', async () => {
    const { content, root, amd64 } = sampleImage()
    const chart = content.artifact('application/vnd.cncf.helm.config.v1+json', 'application/x', 'chart')
    registry.add('team/app', content, { '1': root, single: amd64, chart })
    const missing = await failureOf(bench.collect(image('team/app:1', '    platforms: [linux/s390x]')))
    expect([missing.code, missing.facts.expected, missing.facts.found]).toEqual([
      'platform-missing',
      'linux/s390x',
      'linux/amd64, linux/arm64/v8',
    ])
    const single = await failureOf(bench.collect(image('team/app:single', '    platforms: [linux/arm64]')))
    expect(single.code).toBe('platform-missing')
    expect((await failureOf(bench.collect(image('team/app:chart')))).code).toBe('not-an-image')
    const artifact = `  - artifact: ${registry.host}/team/app:chart\n    allow: [plain-http]`
    expect((await bench.collect(artifact)).items[0]?.kind).toBe('chart')
  })

  it('names the item and the registry when something is not there', async () => {
    const { content, root, amd64 } = sampleImage()
    registry.add('team/app', content, { '1': root })
    const gone = await failureOf(bench.collect(image('team/app:2')))
    expect(gone.code).toBe('not-found')
    expect(gone.facts.item).toBe(`${registry.host}/team/app:2`)
    registry.repository('team/app').manifests.delete(amd64.digest)
    expect((await failureOf(bench.collect(image('team/app:1')))).code).toBe('not-found')
  })

  it('keeps nothing unfinished when a layer is missing', async () => {
    const { content, root } = sampleImage()
    const layer = [...content.blobs.keys()].find((digest) => !content.manifests.has(digest)) ?? ''
    registry.add('team/app', content, { '1': root })
    registry.repository('team/app').blobs.delete(layer)
    const gone = await failureOf(bench.collect(image('team/app:1')))
    expect([gone.code, gone.facts.item]).toEqual(['not-found', `${registry.host}/team/app:1`])
    const left = await readdir(join(bench.store, 'blobs', 'sha256'))
    expect(left.filter((name) => name.endsWith('.part'))).toEqual([])
  })

  it('keeps what arrived whole: the next try fetches only what is missing', async () => {
    const { content, root } = sampleImage()
    const layers = [...content.blobs.keys()].filter((digest) => !content.manifests.has(digest))
    const missing = layers.at(-1) ?? ''
    registry.add('team/app', content, { '1': root })
    const bytes = registry.repository('team/app').blobs.get(missing)
    registry.repository('team/app').blobs.delete(missing)
    expect((await failureOf(bench.collect(image('team/app:1')))).code).toBe('not-found')
    if (bytes !== undefined) registry.repository('team/app').blobs.set(missing, bytes)
    const before = registry.heard.length
    const { blobs } = await bench.collect(image('team/app:1'))
    expect(blobs).toHaveLength(content.blobs.size)
    const again = registry.heard.slice(before).filter((one) => one.path.includes('/blobs/'))
    expect(again.map((one) => one.path)).toContain(`/v2/team/app/blobs/${missing}`)
    expect(again.length).toBeLessThan(layers.length)
  })

  it('stops when cancelled', async () => {
    const { content, root } = sampleImage()
    registry.add('team/app', content, { '1': root })
    const stop = new AbortController()
    registry.switches.push((_, response, path) => {
      if (!path.includes('/blobs/')) return false
      stop.abort()
      response.writeHead(200)
      response.flushHeaders()
      return true
    })
    expect((await failureOf(bench.collect(image('team/app:1'), { signal: stop.signal }))).code).toBe(
      'cancelled',
    )
    const left = await readdir(join(bench.store, 'blobs', 'sha256'))
    expect(left.filter((name) => name.endsWith('.part'))).toEqual([])
  })
})

describe('files and layouts', () => {
  it('carries a file as a manifest of its own, the empty one too', async () => {
    await writeFile(join(bench.folder, 'notes.pdf'), 'notes')
    await writeFile(join(bench.folder, 'empty.txt'), '')
    const { items, blobs } = await bench.collect('  - file: ./notes.pdf\n  - file: empty.txt')
    expect(items.map((item) => zItem.parse(item))).toEqual(items)
    expect(items[0]).toMatchObject({
      name: 'notes.pdf',
      kind: 'file',
      reference: './notes.pdf',
      version: null,
    })
    const body = await bench.blobs.read(items[0]?.root.digest ?? 'sha256:', 1e4)
    expect(body.toString()).toBe(
      `{"artifactType":"application/vnd.sallyport.file.v1","config":{"digest":"${sha256('{}')}","mediaType":"${types.empty}","size":2},"layers":[{"annotations":{"org.opencontainers.image.title":"notes.pdf"},"digest":"${sha256('notes')}","mediaType":"application/octet-stream","size":5}],"mediaType":"${types.manifest}","schemaVersion":2}`,
    )
    expect(blobs.find((blob) => blob.digest === sha256(''))).toEqual({
      digest: sha256(''),
      size: 0,
      state: 'carried',
      early: false,
    })
  })

  it('refuses a file outside by a link, a folder, and two names that differ in case', async () => {
    await symlink('/etc/hostname', join(bench.folder, 'link'))
    const outside = await failureOf(bench.collect('  - file: ./link'))
    expect(outside.code).toBe('path-outside')
    expect(outside.facts.line).toBe(8)
    await symlink('..', join(bench.folder, 'up'))
    expect((await failureOf(bench.collect('  - file: ./up'))).code).toBe('path-outside')
    await writeFile(join(bench.folder, 'a.txt'), 'a')
    await writeFile(join(bench.folder, 'A.txt'), 'b')
    expect((await failureOf(bench.collect('  - file: ./a.txt\n  - file: ./A.txt'))).code).toBe(
      'reference-twice',
    )
    expect((await failureOf(bench.collect('  - file: ./none.txt'))).code).toBe('not-found')
  })

  it('takes an image from a layout, with what speaks for it', async () => {
    const { content, root, amd64 } = sampleImage()
    const referrer = content.referrer(root, 'application/x', 'unlisted')
    const signature = content.cosignSignature(amd64)
    const list = content.referrer(amd64, 'application/y', 'listed')
    const fallback = content.index([list])
    const entries = [
      { named: root, tag: '1.2.3' },
      { named: signature, tag: `${amd64.digest.replace(':', '-')}.sig` },
      { named: fallback, tag: amd64.digest.replace(':', '-') },
    ]
    await content.writeLayout(join(bench.folder, 'app'), entries)
    const { items, blobs } = await bench.collect('  - image: oci:./app:1.2.3')
    expect(items[0]).toMatchObject({ name: 'app', version: '1.2.3', kind: 'image', findings: [] })
    const digests = items[0]?.evidence.map((one) => one.digest).sort()
    expect(digests).toEqual([referrer, signature, list].map((named) => named.digest).sort())
    expect(blobs).toHaveLength(content.blobs.size - 1)
    expect((await bench.collect('  - image: oci:app')).items[0]?.root.digest).toBe(root.digest)
    expect((await failureOf(bench.collect('  - image: oci:./app:9'))).code).toBe('not-found')
    expect((await failureOf(bench.collect('  - image: oci:./nowhere:9'))).code).toBe('not-found')
  })

  it('takes an image by its full name, which is its name and version then; by a tag beside a digest likewise', async () => {
    const { content, root, amd64, arm64 } = sampleImage()
    const entries = [
      { named: root, tag: 'platform/mysql:8.0' },
      { named: amd64, tag: 'docker.io/platform/redis:8.0' },
      { named: arm64, tag: '1' },
    ]
    await content.writeLayout(join(bench.folder, 'lay'), entries)
    const stated = async (reference: string): Promise<unknown> => {
      const { items } = await bench.collect(`  - image: ${reference}`)
      return items.map((item) => [
        item.root.digest,
        item.name,
        item.version,
        item.findings.map((one) => one.code),
      ])
    }
    const mysql = [[root.digest, 'docker.io/platform/mysql', '8.0', []]]
    expect(await stated('oci:./lay:platform/mysql:8.0')).toEqual(mysql)
    expect(await stated('oci:lay:Docker.io/platform/mysql:8.0')).toEqual(mysql)
    expect(await stated('oci:lay:platform/redis:8.0')).toEqual([
      [amd64.digest, 'docker.io/platform/redis', '8.0', []],
    ])
    const names = 'platform/mysql:8.0, docker.io/platform/redis:8.0'
    const missing = await failureOf(bench.collect('  - image: oci:lay:quay.io/platform/mysql:8.0'))
    expect([missing.code, missing.facts.subject]).toEqual([
      'not-found',
      `oci:lay:quay.io/platform/mysql:8.0; the folder holds ${names}, 1`,
    ])
    // A tag that two images share names neither of them; the folder is as it should be.
    const several = await failureOf(bench.collect('  - image: oci:lay:8.0'))
    expect([several.code, several.facts.found]).toEqual(['layout-several', names])
    expect(several.view().next).toContain('oci:FOLDER:NAME')
    const any = await failureOf(bench.collect('  - image: oci:lay'))
    expect([any.code, any.facts.found]).toEqual(['layout-several', `${names}, 1`])
    expect(await stated(`oci:lay:1@${arm64.digest}`)).toEqual([[arm64.digest, 'lay', '1', []]])
    expect(await stated(`oci:lay:1@${root.digest}`)).toEqual([
      [root.digest, 'lay', null, ['tag-not-resolved']],
    ])
  })

  it('refuses a layout whose bytes are not what they are named', async () => {
    const { content, root } = sampleImage()
    const layer = [...content.blobs.keys()].find((digest) => !content.manifests.has(digest)) ?? ''
    const folder = join(bench.folder, 'app')
    await content.writeLayout(folder, [{ named: root, tag: '1' }])
    await writeFile(
      join(folder, 'blobs', 'sha256', layer.slice(7)),
      Buffer.alloc(content.blobs.get(layer)?.length ?? 0),
    )
    const damaged = await failureOf(bench.collect('  - image: oci:./app:1'))
    expect([damaged.code, damaged.facts.item]).toEqual(['content-damaged', 'oci:./app:1'])
  })
})

describe('a real registry', () => {
  it.skipIf(!hasDockerRegistry)(
    'gives image, fallback tag and cosign tag (skipped without docker-registry)',
    async () => {
      const real = await startDockerRegistry()
      try {
        const { content, root, amd64 } = sampleImage(200_000)
        const referrer = content.referrer(root, 'application/x', 'speaks')
        const signature = content.cosignSignature(amd64)
        const list = content.index([referrer])
        const tags = {
          '1.2.3': root,
          [root.digest.replace(':', '-')]: list,
          [`${amd64.digest.replace(':', '-')}.sig`]: signature,
        }
        await real.push('team/app', content, tags)
        const items = `  - image: ${real.host}/team/app:1.2.3\n    allow: [plain-http]`
        const collected = await bench.collect(items)
        const digests = collected.items[0]?.evidence.map((one) => one.digest).sort()
        expect(digests).toEqual([referrer.digest, signature.digest].sort())
        expect(collected.items[0]?.findings).toEqual([])
        expect(collected.blobs).toHaveLength(content.blobs.size - 1)
      } finally {
        await real.close()
      }
    },
  )
})
