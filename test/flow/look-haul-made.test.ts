import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { foreign, hasForeign, looked } from '../support/foreign.ts'
import {
  blobsOf,
  described,
  failuresOf,
  imageIndex,
  imageManifestOf,
  imageOf,
  indexOf,
  listedOf,
  MadeArchives,
  manifestOf,
  replaced,
  tarOf,
} from '../support/foreign-made.ts'
import type { Entries, MadeManifest } from '../support/foreign-made.ts'

const made = new MadeArchives()
const mark = ['oci-layout', { json: { imageLayoutVersion: '1.0.0' } }] as const
const full = (name: string, tag: string): Record<string, string> => ({
  'io.containerd.image.name': `${name}:${tag}`,
  'org.opencontainers.image.ref.name': tag,
})
let api: MadeManifest
let worker: MadeManifest
beforeAll(async () => {
  api = imageManifestOf(await imageOf('base', 'api'))
  worker = imageManifestOf(await imageOf('base', 'worker'))
})

/** Both images in one layout, with a list beside the index. */
function hybrid(list: readonly unknown[]): Entries {
  return [
    ...blobsOf(api, worker),
    indexOf([
      [api.descriptor, full('docker.io/library/api', '1')],
      [worker.descriptor, full('r.example/acme/worker', '1')],
    ]),
    ['manifest.json', { json: list }],
    mark,
  ]
}
const honest = (): unknown[] => [listedOf(api, ['api:1']), listedOf(worker, ['r.example/acme/worker:1'])]

describe("a layout with Docker's list", () => {
  it('is whole where both say the same, in either spelling of a name, and without names in the list', async () => {
    const { outcome, format, items } = await made.look(hybrid(honest()))
    expect([outcome, format, items.map(({ name }) => name)]).toEqual([
      'passed',
      'docker-oci-hybrid',
      ['docker.io/library/api:1', 'r.example/acme/worker:1'],
    ])
    expect(await made.failures(hybrid([listedOf(api, null)]))).toEqual([])
    expect(await made.failures(hybrid([listedOf(api, ['docker.io/library/api:1'])]))).toEqual([])
  })

  it('without the mark of a layout the index decides all the same', async () => {
    const evil = hybrid([listedOf(api, ['r.example/evil:1'])]).filter(([name]) => name !== 'oci-layout')
    const found = await made.look(evil)
    expect([found.format, failuresOf(found)]).toEqual([
      'docker-oci-hybrid',
      ['container.agreement documents-disagree'],
    ])
  })

  it.each([
    ['another name', () => [listedOf(api, ['r.example/acme/evil:1'])]],
    ['the name of another image', () => [listedOf(api, ['r.example/acme/worker:1'])]],
    ['a name whose tag alone is right', () => [listedOf(api, ['r.example/other/api:1'])]],
    ['one right name and one more', () => [listedOf(api, ['api:1', 'api:2'])]],
    ['layers in another order', () => [{ ...listedOf(api, null), Layers: layersOf(api).reverse() }]],
    ['one layer less', () => [{ ...listedOf(api, null), Layers: layersOf(api).slice(1) }]],
    ['the layers of another image', () => [{ ...listedOf(api, null), Layers: layersOf(worker) }]],
    ['a config that lies elsewhere', () => [{ ...listedOf(api, null), Config: 'config.json' }]],
  ])('%s in the list', async (_, list) =>
    expect(await made.failures([...hybrid(list()), ['config.json', '{}']])).toEqual([
      'container.agreement documents-disagree',
    ]),
  )

  it('a list of another form, or with a path outside', async () => {
    for (const list of ['{}', '[{}]', '[1]', '"text"', '[{"Config":"x"},{"Config":"x"}'])
      expect([list, await made.failures(replaced(hybrid([]), 'manifest.json', list))]).toEqual([
        list,
        ['container.agreement form'],
      ])
    const outside = { ...listedOf(api, null), Layers: ['../../etc/passwd', ...layersOf(api)] }
    expect(await made.failures(hybrid([outside]))).toEqual(['container.agreement path-outside'])
  })

  it('two images of one name in the index', async () => {
    const name = full('r.example/acme/app', '1')
    const entries: Entries = [
      ...blobsOf(api, worker),
      indexOf([
        [api.descriptor, name],
        [worker.descriptor, name],
      ]),
      ['manifest.json', { json: [listedOf(api, null)] }],
      mark,
    ]
    expect(await made.failures(entries)).toEqual(['container.agreement documents-disagree'])
  })

  it('an index whose names are tags alone is agreed with by a tag', async () => {
    const entries = (names: readonly string[]): Entries => [
      ...blobsOf(api),
      indexOf([[api.descriptor, { 'org.opencontainers.image.ref.name': '1' }]]),
      ['manifest.json', { json: [listedOf(api, names)] }],
      mark,
    ]
    expect(await made.failures(entries(['r.example/acme/api:1']))).toEqual([])
    expect(await made.failures(entries(['r.example/acme/api:2']))).toEqual([
      'container.agreement documents-disagree',
    ])
  })

  it('an index that names what is not there, is no index, or is too large', async () => {
    const missing = hybrid(honest()).filter(([name]) => name !== layersOf(api)[0])
    expect(await made.failures(missing)).toEqual(['container.complete missing'])
    for (const index of [
      '[]',
      '{"manifests":{}}',
      '{"manifests":[{"digest":"sha256:.."}]}',
      '{',
      ' '.repeat(5e6),
    ])
      expect(await made.failures(replaced(hybrid([]), 'index.json', index))).toContain(
        'container.agreement form',
      )
  })
})

function layersOf(manifest: MadeManifest): string[] {
  return [...listedOf(manifest, null).Layers]
}

const fileOf = (title: string, text = 'notes'): MadeManifest =>
  manifestOf(
    ['application/vnd.content.hauler.file.local.config.v1+json', Buffer.from('{"reference":"x"}')],
    [['application/vnd.content.hauler.file.layer.v1', Buffer.from(text), title]],
  )

/** A haul of an image, a file, a folder and a chart. */
function haul(file: MadeManifest, kind = 'dev.hauler'): Entries {
  const folder = manifestOf(
    ['application/vnd.content.hauler.file.directory.config.v1+json', Buffer.from('{"reference":"dir"}')],
    [['application/vnd.content.hauler.file.layer.v1', gzipSync('tar'), 'dir']],
  )
  const chart = manifestOf(
    ['application/vnd.cncf.helm.config.v1+json', Buffer.from('{"name":"shop"}')],
    [['application/vnd.cncf.helm.chart.content.v1.tar+gzip', gzipSync('chart'), 'shop-1.0.0.tgz']],
  )
  const own = (name: string): Record<string, string> => ({
    kind: `${kind}/image`,
    'org.opencontainers.image.ref.name': `hauler/${name}`,
  })
  return [
    ...blobsOf(api, file, folder, chart),
    indexOf([
      [api.descriptor, { ...full('r.example/acme/api', '1'), kind: `${kind}/image` }],
      [file.descriptor, own('notes.txt:latest')],
      [folder.descriptor, own('dir:latest')],
      [chart.descriptor, own('shop:1.0.0')],
    ]),
    ['manifest.json', { json: [listedOf(api, ['r.example/acme/api:1'])] }],
    ['store.json', { json: { 'store-id': 'x' } }],
    ['audit.log', '{}\n'],
  ]
}

describe('a haul', () => {
  it.each(['dev.hauler', 'dev.cosignproject.cosign'])(
    'has images, files, folders and charts by their configs, marked by %s',
    async (kind) => {
      const { outcome, format, items, files } = await made.look(haul(fileOf('notes.txt'), kind))
      expect([outcome, format]).toEqual(['passed', 'haul'])
      expect(items.map((one) => [one.kind, one.name, one.version])).toEqual([
        ['image', 'r.example/acme/api:1', '1'],
        ['file', 'hauler/notes.txt:latest', 'latest'],
        ['folder', 'hauler/dir:latest', 'latest'],
        ['chart', 'hauler/shop:1.0.0', '1.0.0'],
      ])
      expect(files.map(({ path }) => path)).toEqual(['store.json', 'audit.log'])
    },
  )

  it.each(['../../evil.txt', '/etc/passwd', '..', 'a\\b', 'C:\\x', 'dir/file'])(
    'the title %j would lie elsewhere',
    async (title) =>
      expect(await made.failures(haul(fileOf(title)))).toEqual(['container.agreement path-outside']),
  )

  it.each(['con', 'a\u202etxt.exe', '.hidden', 'a:b'])('the title %j is no usual name', async (title) =>
    expect(await made.failures(haul(fileOf(title)))).toEqual(['container.agreement name']),
  )

  it("Docker's list in it must agree as everywhere", async () => {
    const entries = replaced(haul(fileOf('notes.txt')), 'manifest.json', {
      json: [listedOf(api, ['evil:1'])],
    })
    expect(await made.failures(entries)).toEqual(['container.agreement documents-disagree'])
  })

  it('an image by its digest is in the list by a tag that Hauler makes of it', async () => {
    const { digest } = api.descriptor
    const entries = (tag: string): Entries => [
      ...blobsOf(api),
      indexOf([
        [api.descriptor, { 'io.containerd.image.name': `r.example/api@${digest}`, kind: 'dev.hauler/image' }],
      ]),
      ['manifest.json', { json: [listedOf(api, [`r.example/api:${tag}`])] }],
    ]
    expect(await made.failures(entries(digest.replace(':', '-')))).toEqual([])
    expect(await made.failures(entries(`sha256-${'0'.repeat(64)}`))).toEqual([
      'container.agreement documents-disagree',
    ])
  })

  it('evidence goes to the one image of its name, and to none where there are two', async () => {
    const sig = manifestOf(
      ['application/vnd.oci.image.config.v1+json', Buffer.from('{}')],
      [['application/vnd.dev.cosign.simplesigning.v1+json', Buffer.from('{"critical":{}}')]],
    )
    const entries = (second: string): Entries => [
      ...blobsOf(api, worker, sig),
      indexOf([
        [api.descriptor, { ...full('r.example/api', '1'), kind: 'dev.hauler/image' }],
        [worker.descriptor, { ...full(second, '1'), kind: 'dev.hauler/image' }],
        [sig.descriptor, { ...full('r.example/api', '1'), kind: 'dev.hauler/sigs' }],
      ]),
    ]
    const found = await made.look(entries('r.example/worker'))
    expect(found.items.map(({ evidence }) => evidence.length)).toEqual([1, 0])
    const twice = await made.look(entries('r.example/api'))
    expect(twice.items.map(({ evidence }) => evidence.length)).toEqual([0, 0])
    expect(failuresOf(twice)).toEqual(['container.agreement documents-disagree'])
  })

  it('an image is an item, whatever says that it speaks for another', async () => {
    const tag = `${worker.descriptor.digest.replace(':', '-')}.sig`
    for (const annotations of [
      { ...full('r.example/worker', '1'), kind: 'dev.hauler/sigs' },
      { 'org.opencontainers.image.ref.name': tag },
    ]) {
      const { items } = await made.look([
        ...blobsOf(api, worker),
        indexOf([
          [worker.descriptor, { ...full('r.example/worker', '1'), kind: 'dev.hauler/image' }],
          [api.descriptor, annotations],
        ]),
      ])
      expect(items.map(({ digest }) => digest)).toEqual([worker.descriptor.digest, api.descriptor.digest])
    }
  })

  it('nested deeper than is followed, and an index that lacks a platform', async () => {
    const wrap = (inner: MadeManifest): MadeManifest => {
      const bytes = Buffer.from(
        JSON.stringify({ schemaVersion: 2, mediaType: imageIndex, manifests: [inner.descriptor] }),
      )
      return { descriptor: described(imageIndex, bytes), bytes, blobs: [bytes, ...inner.blobs] }
    }
    let deep = api
    for (let level = 0; level < 10; level += 1) deep = wrap(deep)
    const entries = (one: MadeManifest): Entries => [
      ...blobsOf(one),
      indexOf([[one.descriptor, { ...full('r.example/api', '1'), kind: 'dev.hauler/imageIndex' }]]),
    ]
    expect(await made.failures(entries(deep))).toEqual(['container.complete too-deep'])
    const index = wrap(api)
    const sparse = await made.look(entries({ ...index, blobs: [index.bytes] }))
    expect([
      sparse.outcome,
      sparse.checks.filter(({ result }) => result === 'warn').map(({ reason }) => reason),
    ]).toEqual(['passed', ['platform-missing']])
  })
})

describe('a haul in pieces', () => {
  let tar: Buffer
  beforeAll(async () => {
    tar = await tarOf(haul(fileOf('notes.txt', 'x'.repeat(5000))))
  })
  const cut = (whole: Buffer, pieces: number): Buffer[] => {
    const size = Math.ceil(whole.length / pieces)
    return Array.from({ length: pieces }, (_, at) => whole.subarray(at * size, (at + 1) * size))
  }
  /** Pieces as files, under the names that these numbers get. */
  const named = (whole: Buffer, nameAt: (number: number) => string, pieces = 12): [string, Buffer][] =>
    cut(whole, pieces).map((piece, at) => [nameAt(at), piece])
  const older = (at: number): string => `kit-1_${at}.2.tar.gz`
  const newer = (at: number): string => `kit.tar.gz.${String(at + 1).padStart(3, '0')}`

  it.each([
    ['kit-1_0.2.tar.gz', older, 'kit-1.2.tar.gz'],
    ['kit.tar.gz.001', newer, 'kit.tar.gz'],
  ] as const)('%s and on are one, by whichever of them', async (_, nameAt, name) => {
    for (const whole of [gzipSync(tar), tar]) {
      const files = named(whole, nameAt)
      const first = await made.write(...files)
      const found = await looked(first)
      expect([found.outcome, found.format, found.name]).toEqual(['passed', 'haul', name])
      const tenth = await looked(first.replace(nameAt(0), nameAt(10)))
      expect(tenth.digest).toBe(found.digest)
    }
  })

  it.each([
    [
      'a gap',
      (files: [string, Buffer][]) => files.filter((_, at) => at !== 3),
      'container.form part-missing',
    ],
    ['no end', (files: [string, Buffer][]) => files.slice(0, -1), 'container.form truncated'],
    ['only the first', (files: [string, Buffer][]) => files.slice(0, 1), 'container.form truncated'],
  ] as const)('%s', async (_, change, expected) => {
    for (const whole of [gzipSync(tar), tar])
      expect(failuresOf(await looked(await made.write(...change(named(whole, older)))))).toEqual([expected])
  })

  it('two that changed places, and one too many', async () => {
    const files = named(gzipSync(tar), older, 3)
    const [[, first], [, second], [, third]] = files as [[string, Buffer], [string, Buffer], [string, Buffer]]
    const as = (...pieces: readonly Buffer[]): [string, Buffer][] =>
      pieces.map((piece, at) => [older(at), piece])
    const swapped = await made.write(...as(second, first, third))
    for (const path of [swapped, swapped.replace(older(0), older(1)), swapped.replace(older(0), older(2))])
      expect(failuresOf(await looked(path))).toEqual(['container.form part-order'])
    const later = failuresOf(await looked(await made.write(...as(first, third, second))))
    expect(['container.form damaged', 'container.form truncated']).toContain(later[0])
    const more = await looked(await made.write(...as(first, second, third, Buffer.from('more'))))
    expect(more.outcome).toBe('failed')
  })

  it('what is whole by itself is not joined with what lies beside it', async () => {
    const one = gzipSync(await tarOf([['a.txt', 'one']]))
    const two = gzipSync(await tarOf([['b.txt', 'two']]))
    const path = await made.write(['set_0.tar.gz', one], ['set_1.tar.gz', two], ['set_3.tar.gz', two])
    expect((await looked(path)).files.map(({ path: file }) => file)).toEqual(['a.txt'])
    expect((await looked(path.replace('_0', '_1'))).files.map(({ path: file }) => file)).toEqual(['b.txt'])
    const texts = await made.write(
      ['log_0.gz', gzipSync('one line\n')],
      ['log_1.gz', gzipSync('two lines\n')],
      ['log_4.gz', Buffer.from('none')],
    )
    for (const name of ['log_0', 'log_1', 'log_4'])
      expect((await looked(texts.replace('log_0', name))).format).toBe('file')
    const plain = await made.write(['page_0.txt', Buffer.from('a')], ['page_1.txt', Buffer.from('b')])
    expect((await looked(plain)).size).toBe(1)
  })

  it.skipIf(!hasForeign)('the key of the images of a haul proves them', async () => {
    const found = await looked(foreign('kit-1_1.2.tar.zst'), [foreign('cosign.pub')])
    const proven = found.checks.filter(({ id, result }) => id === 'item.signature' && result === 'pass')
    expect(proven.length).toBe(2)
    expect(failuresOf(await looked(foreign('kit-1_1.2.tar.zst'), [foreign('rel.pub')]))).toEqual([
      'item.signature another-key',
    ])
  })
})
