import { describe, expect, it } from 'vitest'
import { closureOf, subjectLeft, type ClosureInput } from '../../../main/oci/graph.ts'
import { fileManifest } from '../../../main/oci/file-manifest.ts'
import { Failure } from '../../../main/platform/failure.ts'
import { limits } from '../../../main/platform/limits.ts'
import type { Digest } from '../../../shared/digest.ts'
import { Content, pattern, sampleImage, sha256, types, type Named } from '../../support/images.ts'

const amd64 = { os: 'linux', architecture: 'amd64' }

function walk(
  content: Content,
  root: Named,
  more: { evidence?: Named[]; omitted?: string[]; left?: string[] } = {},
) {
  const { mediaType, size } = root
  const digest = root.digest as Digest
  const artifactType = root.artifactType ?? null
  const evidence = (more.evidence ?? []).map((one) => ({
    digest: one.digest as Digest,
    size: one.size,
    mediaType: one.mediaType,
    artifactType: null,
    subject: digest,
  }))
  const read: ClosureInput['read'] = async (wanted) => {
    const bytes = content.blobs.get(wanted)
    if (bytes === undefined) throw new Failure('not-found', { subject: wanted })
    return bytes
  }
  const item = {
    name: 'app',
    kind: 'image',
    root: { mediaType, digest, size, artifactType },
    evidence,
    findings: (more.left ?? []).map((subject) => ({ code: subjectLeft, subject, detail: 'It is not here.' })),
  } as const
  return closureOf({ items: [item], omitted: new Set(more.omitted as Digest[]), read })
}

async function reasons(content: Content, root: Named, more = {}): Promise<string[]> {
  return (await walk(content, root, more)).problems.map((problem) => problem.reason)
}

describe('the closure of an item', () => {
  it('has everything below its root; manifests, configs and evidence are early', async () => {
    const { content, root, amd64: child, arm64 } = sampleImage()
    const evidence = content.referrer(child, 'application/x', 'speaks')
    const closure = await walk(content, root, { evidence: [evidence], omitted: [arm64.digest] })
    expect(closure.problems).toEqual([])
    expect([...closure.omitted]).toEqual([[arm64.digest, arm64.size]])
    expect(closure.kinds.get(root.digest as Digest)).toBe('image')
    expect(closure.platforms.get(root.digest as Digest)).toEqual(['linux/amd64'])
    const early = (digest: string) => closure.blobs.get(digest as Digest)?.early
    const layers = JSON.parse(content.blobs.get(child.digest)?.toString() ?? '') as {
      config: Named
      layers: Named[]
    }
    expect(
      [root.digest, child.digest, layers.config.digest, evidence.digest, sha256('speaks')].every(early),
    ).toBe(true)
    expect(layers.layers.some((layer) => early(layer.digest))).toBe(false)
    expect(closure.blobs.has(arm64.digest as Digest)).toBe(false)
  })

  it('knows a platform from the config where no index states it', async () => {
    const content = new Content()
    const single = content.image({ os: 'linux', architecture: 'arm', variant: 'v7' }, [pattern('a', 10)])
    expect((await walk(content, single)).platforms.get(single.digest as Digest)).toEqual(['linux/arm/v7'])
  })

  it('knows a file of ours, and refuses what only says that it is one', async () => {
    const content = new Content()
    content.blob('{}', types.empty)
    const layer = content.blob('notes', 'application/octet-stream')
    const artifactType = 'application/vnd.sallyport.file.v1'
    const bytes = fileManifest({ title: 'notes.pdf', digest: layer.digest as Digest, size: 5 })
    const good = content.blob(bytes, types.manifest, { artifactType })
    const closure = await walk(content, good)
    expect(closure.problems).toEqual([])
    expect(closure.titles.get(good.digest as Digest)).toMatchObject({ title: 'notes.pdf' })
    for (const title of ['../x', '.x', 'con', 'a/b', 'x'.repeat(201)]) {
      const other = fileManifest({ title, digest: layer.digest as Digest, size: 5 })
      const named = content.blob(other, types.manifest, { artifactType })
      expect(await reasons(content, named)).toEqual(['file-form'])
    }
    const two = content.manifest(
      { artifactType, config: content.blob('{}', types.empty), layers: [layer, layer] },
      types.manifest,
      { artifactType },
    )
    expect(await reasons(content, two)).toEqual(['file-form'])
  })

  it('never throws for what the content says', async () => {
    const content = new Content()
    const config = content.blob('{}', types.config)
    const layer = content.blob('layer', types.layer)
    const image = content.image(amd64, [pattern('a', 10)])
    const missing = { mediaType: types.manifest, digest: sha256('none'), size: 4 }
    const cases: [string, Named][] = [
      ['two-kinds', content.index([image], { layers: [] })],
      ['two-kinds', content.manifest({ config, layers: [], manifests: [] })],
      [
        'media-type-differs',
        content.blob(`{"schemaVersion":2,"mediaType":"${types.index}","manifests":[]}`, types.manifest),
      ],
      ['manifest-form', content.blob('{"schemaVersion":2,"schemaVersion":2}', types.manifest)],
      ['manifest-form', content.blob('{}', types.manifest)],
      ['manifest-form', content.manifest({ config })],
      ['manifest-form', content.manifest({ config, layers: [{ ...layer, size: -1 }] })],
      ['manifest-form', content.manifest({ config, layers: [{ ...layer, size: 1.5 }] })],
      ['manifest-form', content.manifest({ config, layers: [{ ...layer, digest: 'sha256:zz' }] })],
      [
        'algorithm',
        content.manifest({ config, layers: [{ ...layer, digest: `sha512:${'a'.repeat(128)}` }] }),
      ],
      ['format-refused', content.blob('{"schemaVersion":1}', types.manifest)],
      ['not-a-manifest', layer],
      ['unreadable', missing],
      ['unreadable', content.index([missing])],
      ['size-differs', { ...image, size: image.size + 1 }],
      ['size-differs', content.manifest({ config, layers: [layer, { ...layer, size: 6 }] })],
      ['inline-content', content.manifest({ config, layers: [{ ...layer, data: 'bGF5ZXI=', size: 6 }] })],
      ['inline-content', content.manifest({ config, layers: [{ ...layer, data: 'TEFZRVI=' }] })],
      ['subject-missing', content.manifest({ config, layers: [], subject: missing })],
      ['too-large', { ...image, size: 4 * 1024 * 1024 + 1 }],
    ]
    for (const [reason, named] of cases) expect(await reasons(content, named), reason).toEqual([reason])
    const good = content.manifest({ config, layers: [{ ...layer, data: 'bGF5ZXI=' }] })
    expect(await reasons(content, good)).toEqual([])
  })

  it('lacks a subject only where that is said of just that content, and never of evidence', async () => {
    const content = new Content()
    const config = content.blob('{}', types.config)
    const gone = { mediaType: types.manifest, digest: sha256('none'), size: 4 }
    const alone = content.manifest({ config, layers: [], subject: gone })
    const other = content.manifest({ config, layers: [], subject: gone, annotations: { a: 'b' } })
    const index = content.index([alone, other])
    expect(await reasons(content, alone, { left: [alone.digest] })).toEqual([])
    expect(await reasons(content, index, { left: [alone.digest, other.digest] })).toEqual([])
    expect(await reasons(content, index, { left: [alone.digest] })).toEqual(['subject-missing'])
    expect(await reasons(content, alone, { left: [gone.digest] })).toEqual(['subject-missing'])
    const root = content.manifest({ config, layers: [] })
    const speaking = { evidence: [alone], left: [alone.digest] }
    expect(await reasons(content, root, speaking)).toEqual(['subject-missing'])
  })

  it('is of an image by an old config, where layers and config are an image’s', async () => {
    const read = async (configType: string, layerType: string, config: object | string): Promise<unknown> => {
      const content = new Content()
      const text = typeof config === 'string' ? config : JSON.stringify(config)
      const layers = [content.blob('layer', layerType)]
      const root = content.manifest({ config: content.blob(text, configType), layers }, docker)
      const closure = await walk(content, root)
      const digest = root.digest as Digest
      return [closure.kinds.get(digest), closure.platforms.get(digest)]
    }
    const docker = 'application/vnd.docker.distribution.manifest.v2+json'
    const dockerLayer = 'application/vnd.docker.image.rootfs.diff.tar.gzip'
    const config = { ...amd64, rootfs: { type: 'layers', diff_ids: [sha256('layer')] } }
    for (const type of ['application/octet-stream', 'text/html', 'application/json'])
      expect(await read(type, dockerLayer, config)).toEqual(['image', ['linux/amd64']])
    expect(await read('application/octet-stream', types.layer, config)).toEqual(['image', ['linux/amd64']])
    const artifact = ['artifact', []]
    expect(await read('application/octet-stream', 'application/x', config)).toEqual(artifact)
    expect(await read('application/x', dockerLayer, config)).toEqual(artifact)
    for (const other of [
      {},
      amd64,
      { rootfs: config.rootfs },
      { ...config, rootfs: { type: 'x' } },
      '[]',
      'no',
    ])
      expect(await read('application/octet-stream', dockerLayer, other)).toEqual(artifact)
  })

  it('has one media type for a manifest, and bounded depth', async () => {
    const content = new Content()
    const image = content.image(amd64, [pattern('a', 10)])
    const docker = 'application/vnd.docker.distribution.manifest.v2+json'
    const bare = content.blob(
      `{"schemaVersion":2,"config":${JSON.stringify(content.blob('{}', types.config))},"layers":[]}`,
      types.manifest,
    )
    const twice = content.index([bare, { ...bare, mediaType: docker }])
    expect(await reasons(content, twice)).toEqual(['two-media-types'])
    let deep = image
    for (let i = 0; i < 7; i += 1) deep = content.index([deep])
    expect(await reasons(content, deep)).toEqual([])
    expect(await reasons(content, content.index([deep]))).toEqual(['too-deep'])
  })

  it('reads a manifest of so many bytes, and of not one more', async () => {
    const content = new Content()
    const config = content.blob('{}', types.config)
    const of = (bytes: number): Named => {
      const body = (padding: number): object => ({
        config,
        layers: [],
        annotations: { a: 'x'.repeat(padding) },
      })
      const bare = content.manifest(body(0)).size
      return content.manifest(body(bytes - bare))
    }
    expect(of(limits.manifestBytes).size).toBe(limits.manifestBytes)
    expect(await reasons(content, of(limits.manifestBytes))).toEqual([])
    expect(await reasons(content, of(limits.manifestBytes + 1))).toEqual(['too-large'])
  })

  it('does not multiply indexes that list the same children many times', async () => {
    const content = new Content()
    let named = content.image(amd64, [pattern('a', 10)])
    for (let i = 0; i < 7; i += 1) named = content.index(Array.from({ length: 50 }, () => named))
    expect((await walk(content, named)).blobs.size).toBe(10)
  })

  it('looks at an index and at a config once, however many items have it below them', async () => {
    const content = new Content()
    const images = ['amd64', 'arm64', 's390x'].map((architecture) => {
      const { mediaType, digest, size } = content.image({ os: 'linux', architecture }, [
        pattern(architecture, 10),
      ])
      return { mediaType, digest, size }
    })
    const shared = content.index(images)
    const roots = Array.from({ length: 40 }, (_, i) =>
      content.index([shared], { annotations: { i: String(i) } }),
    )
    const reads: string[] = []
    const closure = await closureOf({
      items: roots.map(({ mediaType, digest, size }) => ({
        ...{ name: 'app', kind: 'image' as const, evidence: [] },
        root: { mediaType, digest: digest as Digest, size, artifactType: null },
      })),
      omitted: new Set(),
      read: (wanted) => {
        reads.push(wanted)
        return Promise.resolve(content.blobs.get(wanted) ?? Buffer.alloc(0))
      },
    })
    expect(reads).toHaveLength(new Set(reads).size)
    // The roots, the index, the images, and their configs.
    expect(reads).toHaveLength(40 + 1 + 3 + 3)
    for (const { digest } of roots) {
      expect(closure.kinds.get(digest as Digest)).toBe('image')
      expect(closure.platforms.get(digest as Digest)).toEqual(['linux/amd64', 'linux/arm64', 'linux/s390x'])
    }
  })

  it('takes a child by each platform that an index states for it', async () => {
    const content = new Content()
    const { mediaType, digest, size } = content.image(amd64, [pattern('a', 10)])
    const other = { os: 'linux', architecture: 'riscv64' }
    const root = content.index([
      { mediaType, digest, size },
      { mediaType, digest, size, platform: other },
    ])
    const found = (await walk(content, root)).platforms.get(root.digest as Digest)
    expect(found).toEqual(['linux/amd64', 'linux/riscv64'])
  })

  it('has no more blobs than a waybill, and says so', async () => {
    const content = new Content()
    const config = content.blob('{}', types.config)
    const layers = (from: number, count: number) =>
      Array.from({ length: count }, (_, i) => ({
        mediaType: types.layer,
        digest: `sha256:${(from + i).toString(16).padStart(64, '0')}`,
        size: 1,
      }))
    const image = (from: number, count: number) => content.manifest({ config, layers: layers(from, count) })
    // With the index, its images and their config it is exactly as many as there may be.
    const images = Array.from({ length: 10 }, (_, i) => image(i * 10_000, i === 9 ? 9_988 : 10_000))
    const closure = await walk(content, content.index(images))
    expect([closure.blobs.size, closure.problems]).toEqual([limits.blobs, []])
    const more = await walk(content, content.index([...images, image(100_000, 1)]))
    expect(more.blobs.size).toBe(limits.blobs)
    expect(more.problems.map(({ reason }) => reason)).toEqual(['too-many'])
  })

  it('lets a cancelled reader end it', async () => {
    const root = { mediaType: types.manifest, digest: sha256('x') as Digest, size: 1, artifactType: null }
    const items = [{ name: 'a', kind: 'image' as const, root, evidence: [] }]
    const act = closureOf({ items, omitted: new Set(), read: () => Promise.reject(new Failure('cancelled')) })
    await expect(act).rejects.toMatchObject({ code: 'cancelled' })
  })
})
