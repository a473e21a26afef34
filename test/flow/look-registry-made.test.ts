import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { digestOf, sha256Hex } from '../../main/platform/hash.ts'
import {
  described,
  failuresOf,
  imageIndex,
  imageManifestOf,
  imageOf,
  MadeArchives,
  manifestOf,
  replaced,
  tarOf,
} from '../support/foreign-made.ts'
import type { Content, Entries, MadeManifest } from '../support/foreign-made.ts'

const made = new MadeArchives()
let api: MadeManifest
let worker: MadeManifest
beforeAll(async () => {
  api = imageManifestOf(await imageOf('base', 'api'))
  worker = imageManifestOf(await imageOf('base', 'worker'))
})

/** An index of images, with the blobs of them all. */
function indexManifest(...images: readonly MadeManifest[]): MadeManifest {
  const manifests = images.map(({ descriptor }) => descriptor)
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: imageIndex, manifests }))
  const blobs = [bytes, ...images.flatMap((one) => one.blobs)]
  return { descriptor: described(imageIndex, bytes), bytes, blobs }
}

/* imgpkg */

interface Listed {
  Refs: string[]
  Tag: string
  Config: { Digest: string; Raw: string }
  Manifest: { MediaType: string; Digest: string; Raw: string }
  Layers: { Digest: string; Size: number }[]
}

function listed({ descriptor, bytes, blobs }: MadeManifest, repository: string, tag = ''): Listed {
  const [, config = Buffer.alloc(0), ...layers] = blobs
  return {
    Refs: [`r.example/${repository}@${descriptor.digest}`],
    Tag: tag,
    Config: { Digest: digestOf(config), Raw: config.toString() },
    Manifest: { MediaType: descriptor.mediaType, Digest: descriptor.digest, Raw: bytes.toString() },
    Layers: layers.map((one) => ({ Digest: digestOf(one), Size: one.length })),
  }
}

const layersOf = (...images: readonly MadeManifest[]): Entries => {
  const layers = images.flatMap(({ blobs }) => blobs.slice(2))
  const named = new Map(layers.map((one) => [`sha256-${sha256Hex(one)}.tar.gz`, one] as const))
  return [...named]
}

const elements = (...images: readonly Listed[]): unknown[] =>
  images.map((one) => ({ ImageIndex: null, Image: one }))

/** A bundle that names images. */
async function bundleOf(names: readonly string[], files: Entries = []): Promise<MadeManifest> {
  const lock = `apiVersion: imgpkg.carvel.dev/v1alpha1\nkind: ImagesLock\nimages:\n${names.map((one) => `- image: ${one}\n`).join('')}`
  const layer = await tarOf([['.imgpkg/images.yml', lock], ['config/app.yml', 'a: 1\n'], ...files])
  return labelled(gzipSync(layer))
}

function labelled(...layers: readonly Buffer[]): MadeManifest {
  const config = Buffer.from(
    JSON.stringify({ os: '', architecture: '', config: { Labels: { 'dev.carvel.imgpkg.bundle': 'true' } } }),
  )
  return manifestOf(
    ['application/vnd.docker.container.image.v1+json', config],
    layers.map((one) => ['application/vnd.docker.image.rootfs.diff.tar.gzip', one] as const),
  )
}

const refOf = ({ descriptor }: MadeManifest, repository: string): string =>
  `r.example/${repository}@${descriptor.digest}`

describe('a tar of imgpkg', () => {
  const tar = (list: readonly unknown[], ...images: readonly MadeManifest[]): Entries => [
    ['manifest.json', { json: list }],
    ...layersOf(...images),
  ]

  it('has images, indexes with their images, and bundles with their files and what they name', async () => {
    const bundle = await bundleOf([refOf(api, 'api'), refOf(worker, 'worker')])
    const index = indexManifest(worker)
    const both = {
      Refs: [refOf(index, 'worker')],
      Images: [listed(worker, 'worker')],
      Indexes: null,
      MediaType: imageIndex,
      Digest: index.descriptor.digest,
      Raw: index.bytes.toString(),
      Tag: '',
    }
    const images = elements(listed(api, 'api', '1'), listed(bundle, 'bundle', '2'))
    const list = [...images, { ImageIndex: both, Image: null }]
    const { outcome, format, items, files, named } = await made.look(tar(list, api, worker, bundle), gzipSync)
    expect([outcome, format]).toEqual(['passed', 'imgpkg'])
    expect(items.map(({ kind, digest, references }) => [kind, digest, references.length])).toEqual([
      ['image', api.descriptor.digest, 2],
      ['bundle', bundle.descriptor.digest, 2],
      ['image', index.descriptor.digest, 1],
      ['image', worker.descriptor.digest, 1],
    ])
    const [path = ''] = layersOf(bundle)[0] ?? []
    expect(files.map((one) => one.path)).toEqual([`${path}/.imgpkg/images.yml`, `${path}/config/app.yml`])
    expect(named).toEqual([
      { reference: refOf(api, 'api'), where: [`${path}/.imgpkg/images.yml`], carried: true },
      { reference: refOf(worker, 'worker'), where: [`${path}/.imgpkg/images.yml`], carried: true },
    ])
    const lacking = [...images, { ImageIndex: { ...both, Images: [] } }]
    expect(await made.failures(tar(lacking, api, worker, bundle))).toEqual(['container.complete missing'])
  })

  it.each([
    [
      'a manifest that is not its digest',
      (one: Listed) => ({ ...one, Manifest: { ...one.Manifest, Raw: `${one.Manifest.Raw} ` } }),
      'container.sums sum-differs',
    ],
    [
      'a config that is not its digest',
      (one: Listed) => ({ ...one, Config: { ...one.Config, Raw: '{}' } }),
      'container.sums sum-differs',
    ],
    [
      'another config than its manifest names',
      (one: Listed) => ({ ...one, Config: { Digest: digestOf('{}'), Raw: '{}' } }),
      'container.agreement documents-disagree',
    ],
    [
      'a name with another digest',
      (one: Listed) => ({ ...one, Refs: [`r.example/api@${digestOf('other')}`] }),
      'container.agreement documents-disagree',
    ],
    [
      'fewer layers than its manifest',
      (one: Listed) => ({ ...one, Layers: one.Layers.slice(1) }),
      'container.agreement documents-disagree',
    ],
    [
      'a layer of another size',
      (one: Listed) => ({ ...one, Layers: one.Layers.map((layer) => ({ ...layer, Size: 1 })) }),
      'container.agreement documents-disagree',
    ],
    [
      'a digest that is none',
      (one: Listed) => ({ ...one, Manifest: { ...one.Manifest, Digest: 'sha256:../..' } }),
      'container.agreement form',
    ],
    ['a name twice, in another case', (one: Listed) => ({ ...one, tag: 'evil' }), 'container.agreement form'],
    ['no manifest', (one: Listed) => ({ ...one, Manifest: undefined }), 'container.agreement form'],
  ])('%s', async (_, change, expected) => {
    const list = [{ ImageIndex: null, Image: change(listed(api, 'api')) }]
    expect(await made.failures(tar(list, api))).toContain(expected)
  })

  it('an element that is both or neither, one name of two images, and an index with an image of another', async () => {
    const image = listed(api, 'api')
    expect(await made.failures(tar([{ Image: image, ImageIndex: image }], api))).toEqual([
      'container.agreement form',
    ])
    expect(await made.failures(tar([...elements(image), {}], api))).toEqual(['container.agreement form'])
    const one = elements(listed(api, 'app', '1'), listed(worker, 'app', '1'))
    expect(await made.failures(tar(one, api, worker))).toEqual(['container.agreement documents-disagree'])
    const index = indexManifest(api)
    const { Refs, Tag } = listed(index, 'api')
    const foreign = {
      Refs,
      Tag,
      Images: [image, listed(worker, 'worker')],
      MediaType: imageIndex,
      Digest: index.descriptor.digest,
      Raw: index.bytes.toString(),
    }
    expect(await made.failures(tar([{ ImageIndex: foreign }], api, worker))).toEqual([
      'container.agreement documents-disagree',
    ])
    let nested: object = foreign
    for (let level = 0; level < 10; level += 1) nested = { ...foreign, Images: [], Indexes: [nested] }
    expect(await made.failures(tar([{ ImageIndex: nested }], api, worker))).toEqual([
      'container.agreement form',
    ])
  })

  it('layers that are missing, changed or links', async () => {
    const whole = tar(elements(listed(api, 'api')), api)
    const [layer = ''] = whole[1] ?? []
    expect(await made.failures(replaced(whole, layer, null))).toEqual(['container.complete missing'])
    expect(await made.failures(replaced(whole, layer, 'other'))).toContain('container.sums sum-differs')
    expect(await made.failures(replaced(whole, layer, { symlink: whole[2]?.[0] ?? '' }))).toContain(
      'container.sums link',
    )
    expect(await made.failures(replaced(whole, layer, { hardlink: whole[2]?.[0] ?? '' }))).toContain(
      'container.sums link',
    )
  })

  it('bundles: an image that is not carried, no digest, no list, another form, no archive, two layers', async () => {
    const look = async (bundle: MadeManifest): Promise<string[]> =>
      made.failures(tar(elements(listed(bundle, 'bundle'), listed(api, 'api')), bundle, api))
    expect(await look(await bundleOf([refOf(api, 'api')]))).toEqual([])
    expect(await look(await bundleOf([refOf(worker, 'worker')]))).toEqual(['container.complete missing'])
    expect(await look(await bundleOf(['r.example/api:1']))).toEqual(['container.agreement form'])
    expect(await look(labelled(gzipSync(await tarOf([['notes.txt', '']]))))).toEqual([
      'container.complete missing',
    ])
    for (const lock of [
      'kind: Other\napiVersion: a\n',
      'a: *b\n',
      '- 1\n',
      'kind: ImagesLock\nkind: ImagesLock\n',
    ])
      expect([lock, await look(labelled(gzipSync(await tarOf([['.imgpkg/images.yml', lock]]))))]).toEqual([
        lock,
        ['container.agreement form'],
      ])
    expect(await look(labelled(gzipSync('no tar')))).toEqual(['container.agreement truncated'])
    expect(await look(labelled(Buffer.from('x'.repeat(2000))))).toEqual(['container.agreement damaged'])
    const outside = gzipSync(await tarOf([['../x', '']]))
    expect(await look(labelled(outside))).toEqual(['container.agreement path-outside'])
    const twice = await bundleOf([refOf(api, 'api')], [['.imgpkg/images.yml', '']])
    expect(await look(twice)).toEqual(['container.agreement entry-twice'])
    expect(await look(labelled(outside, outside))).toEqual(['container.agreement form'])
  })

  it('a signature goes to the image of its tag, and is none of the images', async () => {
    const sig = manifestOf(
      ['application/vnd.oci.image.config.v1+json', Buffer.from('{}')],
      [['application/vnd.dev.cosign.simplesigning.v1+json', Buffer.from('{"critical":{}}')]],
    )
    const tag = `${api.descriptor.digest.replace(':', '-')}.sig`
    const { items } = await made.look(tar(elements(listed(api, 'api'), listed(sig, 'api', tag)), api, sig))
    expect(items.map(({ digest, evidence }) => [digest, evidence.length])).toEqual([
      [api.descriptor.digest, 1],
    ])
  })
})

it('an image is an item, whatever its tag says that it speaks for', async () => {
  const tag = `${api.descriptor.digest.replace(':', '-')}.sig`
  const list: Entries = [
    ['manifest.json', { json: elements(listed(api, 'api'), listed(worker, 'api', tag)) }],
  ]
  const packed = await made.look([...list, ...layersOf(api, worker)])
  const mirrored = await made.look([
    ...repository('acme/api', '1', api),
    ...repository('acme/worker', tag, worker),
    ...stored(api, worker),
  ])
  for (const { items } of [packed, mirrored])
    expect(items.map(({ digest }) => digest)).toEqual([api.descriptor.digest, worker.descriptor.digest])
})

/* oc-mirror */

const top = 'docker/registry/v2'
const hexOf = ({ descriptor }: MadeManifest): string => descriptor.digest.slice('sha256:'.length)
const stored = (...manifests: readonly MadeManifest[]): Entries => {
  const all = new Map(manifests.flatMap(({ blobs }) => blobs.map((one) => [sha256Hex(one), one] as const)))
  return [...all].map(([hex, one]) => [`${top}/blobs/sha256/${hex.slice(0, 2)}/${hex}/data`, one] as const)
}
const link = (path: string, hex: string): readonly [string, Content] => [
  `${top}/repositories/${path}/link`,
  `sha256:${hex}`,
]

/** The links of a repository with one tag. */
function repository(
  name: string,
  tag: string,
  image: MadeManifest,
  below: readonly MadeManifest[] = [],
): Entries {
  const hex = hexOf(image)
  return [
    ...image.blobs.slice(1).map((one) => link(`${name}/_layers/sha256/${sha256Hex(one)}`, sha256Hex(one))),
    ...[image, ...below].map((one) => link(`${name}/_manifests/revisions/sha256/${hexOf(one)}`, hexOf(one))),
    link(`${name}/_manifests/tags/${tag}/current`, hex),
    link(`${name}/_manifests/tags/${tag}/index/sha256/${hex}`, hex),
  ]
}

describe('an archive of oc-mirror', () => {
  const archive = (): Entries => [
    ...repository('acme/api', '1', api),
    ...repository('acme/worker', '2', worker),
    ...stored(api, worker),
    ['working-dir/logs/x.log', 'log'],
    ['isc_2026-11-22T10:45:33Z', 'kind: ImageSetConfiguration\n'],
  ]
  const current = `${top}/repositories/acme/api/_manifests/tags/1/current/link`
  const dataOf = (bytes: Buffer | undefined): string => {
    const hex = sha256Hex(bytes ?? '')
    return `${top}/blobs/sha256/${hex.slice(0, 2)}/${hex}/data`
  }

  it('has images by repositories and tags, and the request that it was made by', async () => {
    const { outcome, format, items, files } = await made.look(archive(), gzipSync)
    expect([outcome, format]).toEqual(['passed', 'oc-mirror'])
    expect(items.map(({ name, version, digest }) => [name, version, digest])).toEqual([
      ['acme/api:1', '1', api.descriptor.digest],
      ['acme/worker:2', '2', worker.descriptor.digest],
    ])
    expect(files.map(({ path }) => path)).toEqual(['working-dir/logs/x.log', 'isc_2026-11-22T10:45:33Z'])
  })

  it('an image by its digest has that for a tag', async () => {
    const tag = api.descriptor.digest.replace(':', '-')
    const { items } = await made.look([...repository('acme/api', tag, api), ...stored(api)])
    expect(items.map(({ references }) => references)).toEqual([[`acme/api@${api.descriptor.digest}`]])
  })

  const wrongLinks: [string, () => Content][] = [
    ['to a manifest of another repository', () => `sha256:${hexOf(worker)}`],
    ['to nothing', () => `sha256:${'0'.repeat(64)}`],
    ['with more in it', () => `sha256:${hexOf(api)}\n`],
    ['to a path', () => '../../../../etc/passwd'],
    ['in capitals', () => `sha256:${hexOf(api).toUpperCase()}`],
    ['that is a link of the file system', () => ({ symlink: '../../x' })],
  ]
  it.each(wrongLinks)('a tag %s', async (_, content) =>
    expect(await made.failures(replaced(archive(), current, content()))).toEqual([
      'container.agreement link-wrong',
    ]),
  )

  it.each(['manifest.json', 'index.json'])('%s beside it is read by others', async (name) =>
    expect(await made.failures([...archive(), [name, { json: [] }]])).toEqual([
      'container.agreement two-formats',
    ]),
  )

  it('links that are not what their paths say, and a tag that never was what it is', async () => {
    const revision = `${top}/repositories/acme/api/_manifests/revisions/sha256/${hexOf(api)}/link`
    const layer = archive()[0]?.[0] ?? ''
    for (const path of [revision, layer])
      expect(await made.failures(replaced(archive(), path, `sha256:${'0'.repeat(64)}`))).toEqual([
        'container.agreement link-wrong',
      ])
    const other = [...archive(), link(`acme/api/_manifests/revisions/sha256/${hexOf(worker)}`, hexOf(worker))]
    expect(await made.failures(replaced(other, current, `sha256:${hexOf(worker)}`))).toEqual([
      'container.agreement link-wrong',
    ])
    expect(await made.failures(replaced(archive(), revision, null))).toEqual([
      'container.agreement link-wrong',
    ])
  })

  it('blobs that are missing may be in an archive before it; those that are here must be their digests', async () => {
    const [, config, layer] = api.blobs
    for (const bytes of [config, layer, api.bytes]) {
      const found = await made.look(replaced(archive(), dataOf(bytes), null))
      expect(failuresOf(found)).toEqual(['container.complete left-out'])
      expect(found.checks.find(({ reason }) => reason === 'left-out')?.means).toContain('leaves out')
    }
    expect(await made.failures(replaced(archive(), dataOf(layer), 'other'))).toEqual([
      'container.sums sum-differs',
      'container.complete missing',
    ])
    expect(await made.failures(replaced(archive(), dataOf(layer), { symlink: 'x' }))).toContain(
      'container.sums link',
    )
    const hex = sha256Hex('x')
    expect(await made.failures([...archive(), [`${top}/blobs/sha256/00/${hex}/data`, 'x']])).toEqual([
      'container.agreement form',
    ])
    expect(await made.failures(stored(api))).toEqual(['container.complete left-out'])
  })

  it('a manifest that is none, and an index with an image that its repository links to', async () => {
    const text = manifestOf(['application/json', Buffer.from('{}')], [])
    const none: MadeManifest = {
      ...text,
      blobs: [Buffer.from('{"schemaVersion":1}')],
      descriptor: described('', Buffer.from('{"schemaVersion":1}')),
    }
    expect(await made.failures([...repository('acme/none', '1', none), ...stored(none)])).toEqual([
      'container.agreement form',
    ])
    const index = indexManifest(api, worker)
    const half = { ...index, blobs: [index.bytes, ...api.blobs] }
    const linked = [...repository('acme/both', '1', half, [api, worker]), ...stored(half)]
    expect(await made.failures(linked)).toEqual(['container.complete left-out'])
    const sparse = [...repository('acme/both', '1', half, [api]), ...stored(half)]
    expect(await made.failures(sparse)).toEqual([])
  })
})
