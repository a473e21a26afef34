import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Digest } from '../../shared/digest.ts'
import type { CheckId } from '../../shared/text/checks.ts'
import type { Blob, Evidence, Item, Waybill } from '../../shared/waybill.ts'
import { dockerManifest, fileArtifact, ociManifest } from '../../main/oci/media-types.ts'
import { digestOf } from '../../main/platform/hash.ts'
import { sallyport } from '../support/command-line.ts'
import { makeBundle, makeCrossing, type Crossing } from '../support/desks.ts'
import { forge, honestWaybill, type Forgery } from '../support/forge.ts'
import { Content, emptyType, fileItem, item, layerType, type Descriptor } from '../support/graph-content.ts'
import { expectRefused } from '../support/refusal.ts'

describe('content that lies about itself', () => {
  let crossing: Crossing
  let base: Waybill
  let count = 0
  beforeAll(async () => {
    crossing = await makeCrossing()
    base = await honestWaybill((await makeBundle(crossing, 'medium')).folder)
  })
  afterAll(() => crossing.dispose())

  type More = Omit<Forgery, 'content' | 'items'>
  const forged = (content: Content, items: readonly Item[], more: More = {}): Promise<string> =>
    forge(crossing, base, { content: content.bytes, items, ...more }, `graph-${++count}`)
  async function refused(
    id: CheckId,
    reason: string,
    content: Content,
    items: readonly Item[],
    more: More = {},
  ): Promise<void> {
    const said = await expectRefused(crossing, await forged(content, items, more), 3, id)
    const reasons = said.checks
      .filter((one) => one.id === id && one.result === 'fail')
      .map((one) => one.reason)
    expect(reasons).toContain(reason)
    // Nothing that failed may be decided for.
    expect(said.outcome).toBe('failed')
  }
  const one = (build: (content: Content) => Descriptor): [Content, Item[]] => {
    const content = new Content()
    return [content, [item(build(content))]]
  }

  it('passes when it tells the truth: an image, an index, evidence', async () => {
    const content = new Content()
    const image = content.manifest()
    const index = content.index([{ ...image, platform: { os: 'linux', architecture: 'amd64' } }])
    const paper = content.json(
      {
        schemaVersion: 2,
        mediaType: ociManifest,
        artifactType: 'application/x.sbom',
        config: content.put('{}', emptyType),
        layers: [content.put('sbom', 'text/spdx')],
        subject: index,
      },
      ociManifest,
    )
    const evidence: Evidence[] = [{ ...paper, artifactType: 'application/x.sbom', subject: index.digest }]
    const path = await forged(content, [item(index, { evidence })])
    const ended = await sallyport(['verify', path, '--desk', crossing.high], crossing.clock)
    const failed = ended.json.checks.filter((check) => check.result === 'fail')
    expect(failed.filter((check) => check.id !== 'order.equivocation')).toEqual([])
  })

  it('a listed content that is not what its digest says: missing, swapped', async () => {
    for (const change of [
      (content: Content, digest: Digest) => content.bytes.delete(digest),
      (content: Content, digest: Digest) => content.bytes.set(digest, Buffer.from('b layer')),
    ]) {
      const [content, items] = one((all) => all.manifest())
      change(content, digestOf(Buffer.from('a layer')))
      await refused('content.blob', 'content', content, items)
    }
  })

  const graphs: readonly (readonly [string, string, (content: Content) => Descriptor])[] = [
    ['both manifests and layers', 'two-kinds', (all) => all.manifest({ manifests: [] })],
    [
      'a media type in the body that is another',
      'media-type-differs',
      (all) => all.manifest({ mediaType: dockerManifest }),
    ],
    [
      'a size that lies about a layer',
      'size-differs',
      (all) => {
        const layer = all.put('a layer')
        const other = all.json(
          {
            schemaVersion: 2,
            mediaType: ociManifest,
            config: all.config(),
            layers: [{ ...layer, size: layer.size + 1 }],
          },
          ociManifest,
        )
        const right = all.manifest({ annotations: { n: '1' } })
        return all.index([right, other])
      },
    ],
    [
      'a dangling subject',
      'subject-missing',
      (all) => {
        const { mediaType, size } = all.put('x', ociManifest)
        return all.manifest({ subject: { mediaType, size, digest: `sha256:${'1'.repeat(64)}` } })
      },
    ],
    [
      'inline data that is not its digest',
      'inline-content',
      (all) =>
        all.manifest({
          layers: [{ ...all.put('a layer'), data: Buffer.from('b layer').toString('base64') }],
        }),
    ],
    [
      'inline data of another length',
      'inline-content',
      (all) => all.manifest({ layers: [{ ...all.put('a layer'), data: 'AAAA' }] }),
    ],
    [
      'a digest of another algorithm',
      'algorithm',
      (all) => {
        const digest = `sha512:${createHash('sha512').update('a layer').digest('hex')}`
        return all.manifest({ layers: [{ mediaType: layerType, size: 7, digest }] })
      },
    ],
    [
      'nine levels',
      'too-deep',
      (all) => {
        let root = all.manifest()
        for (let i = 0; i < 8; i++) root = all.index([root])
        return root
      },
    ],
    [
      'one content under two media types',
      'two-media-types',
      (all) => {
        const image = all.manifest({ mediaType: undefined })
        return all.index([image, { ...image, mediaType: dockerManifest }])
      },
    ],
    ['a manifest that is no JSON', 'manifest-form', (all) => all.put('not json', ociManifest)],
    [
      'a manifest with a duplicate key',
      'manifest-form',
      (all) => all.put('{"schemaVersion":2,"schemaVersion":2}', ociManifest),
    ],
    [
      'an old format inside an index',
      'format-refused',
      (all) =>
        all.index([all.manifest(), all.put('{}', 'application/vnd.docker.distribution.manifest.v1+json')]),
    ],
  ]
  for (const [what, reason, build] of graphs) {
    it(what, () => refused('graph.complete', reason, ...one(build)))
  }

  it('a manifest of more than 4 MiB', () =>
    refused(
      'graph.complete',
      'too-large',
      ...one((all) => all.manifest({ annotations: { pad: 'x'.repeat(4_200_000) } })),
    ))

  it('a size in the waybill that is not the blob’s', async () => {
    const [content, items] = one((all) => all.manifest())
    const root = items.map((entry) => ({ ...entry, root: { ...entry.root, size: entry.root.size + 512 } }))
    const said = await expectRefused(crossing, await forged(content, root), 3, 'content.blob')
    expect(said.outcome).toBe('failed')
  })

  const extra: Blob = { digest: digestOf(Buffer.from('stowaway')), size: 8, state: 'carried', early: false }
  it('a listed content that nothing refers to, carried or omitted', async () => {
    const [content, items] = one((all) => all.manifest())
    content.put('stowaway')
    await refused('graph.complete', 'unreachable', content, items, { blobs: (all) => [...all, extra] })
    await refused('graph.complete', 'unreachable', content, items, {
      blobs: (all) => [...all, { ...extra, state: 'omitted' }],
    })
  })

  it('a content that is referred to and not listed', async () => {
    const [content, items] = one((all) => all.manifest())
    const layer = digestOf(Buffer.from('a layer'))
    await refused('graph.complete', 'not-listed', content, items, {
      blobs: (all) => all.filter((blob) => blob.digest !== layer),
    })
  })

  it('omitted where it is no platform of an index; omitted root; assumed; early that is late', async () => {
    const [content, items] = one((all) => all.manifest())
    const layer = digestOf(Buffer.from('a layer'))
    const state = (digest: Digest, change: Partial<Blob>): More => ({
      blobs: (all) => all.map((blob) => (blob.digest === digest ? { ...blob, ...change } : blob)),
    })
    const root = items[0]?.root.digest ?? layer
    await refused('graph.complete', 'root-omitted', content, items, state(root, { state: 'omitted' }))
    await refused('graph.complete', 'assumed', content, items, state(layer, { state: 'assumed' }))
    await refused('graph.complete', 'other-state', content, items, state(layer, { early: true }))
    const omitted = await sallyport(
      ['verify', await forged(content, items, state(layer, { state: 'omitted' })), '--desk', crossing.high],
      crossing.clock,
    )
    expect(
      omitted.json.checks.filter((check) => check.id === 'graph.complete').map((check) => check.result),
    ).toEqual(['fail'])
  })

  it('kind and platforms that are not so', async () => {
    for (const more of [
      { kind: 'artifact' as const },
      { platforms: ['linux/arm64'] },
      { platforms: [] },
      { platforms: ['linux/amd64', 'linux/arm64'] },
    ]) {
      const content = new Content()
      await refused('graph.kind', 'differs', content, [item(content.manifest(), more)])
    }
    const content = new Content()
    const root = content.file('notes.txt')
    const artifact = { ...fileItem(root, 'notes.txt'), kind: 'artifact' as const }
    const named = { name: 'registry.example/notes', reference: 'registry.example/notes:1', version: '1' }
    await refused('graph.kind', 'differs', content, [{ ...artifact, ...named }])
    const other = new Content()
    const lie = item(other.manifest())
    await refused('graph.complete', 'artifact-type-differs', other, [
      { ...lie, root: { ...lie.root, artifactType: fileArtifact } },
    ])
  })

  it('file titles that are not safe', async () => {
    for (const title of [
      '../x',
      'a/b',
      'CON',
      'con.txt',
      '.hidden',
      'end.',
      ' a',
      'b ',
      'a:b',
      'a\u00a0b',
      'cafe\u0301',
      'a\u200bb',
      'x'.repeat(201),
      'é'.repeat(101),
      '',
    ]) {
      const content = new Content()
      await refused('graph.title', 'differs', content, [fileItem(content.file(title), 'notes.txt')])
    }
  })

  it('a title that is not the stated name; two titles that differ in case only', async () => {
    const content = new Content()
    await refused('graph.title', 'differs', content, [fileItem(content.file('other.txt'), 'notes.txt')])
    const items = ['Notes.txt', 'notes.txt'].map((title) => fileItem(content.file(title), title))
    await refused('graph.title', 'differs', content, items)
  })
})
