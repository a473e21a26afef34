import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { openThing } from '../../main/look/open.ts'
import { readUdsBundle } from '../../main/source/foreign/uds-bundle.ts'
import { looked, reasonsOf } from '../support/foreign.ts'
import {
  bundleOver,
  changed,
  hexOf,
  image,
  keyFile,
  layout,
  placed,
  refName,
  resealed,
  signedPackage,
  tarOf,
  udsFiles,
  zarfFiles,
  type Bundled,
  type Files,
} from '../support/foreign-packages.ts'

const look = async (files: Files, keys: readonly string[] = []) =>
  looked(placed('bundle.tar', await tarOf(files)), keys)
const reasons = async (files: Files, keys: readonly string[] = []): Promise<string[][]> =>
  reasonsOf(await look(files, keys))
const shop = async (more: Partial<Bundled> = {}): Promise<Bundled> => ({
  ...{ name: 'shop', files: await zarfFiles(), ...more },
})

describe('a bundle of packages that nobody spoilt', () => {
  it('is read with its packages, their images and what lies in their archives', async () => {
    const other = await zarfFiles({ name: 'second' })
    const found = await look(udsFiles([await shop(), { name: 'second', files: other }]))
    expect([found.format, found.outcome]).toEqual(['uds-bundle', 'passed'])
    expect(found.items.map(({ kind, name }) => [kind, name])).toEqual([
      ['bundle', 'kit'],
      ['package', 'shop'],
      ['package', 'second'],
      ['image', 'registry.example/app:1'],
    ])
    expect(found.named).toEqual([
      {
        reference: 'registry.example/app:1',
        where: ['shop/zarf.yaml', 'second/zarf.yaml'],
        carried: true,
      },
    ])
    expect(found.files.map(({ path }) => path)).toContain('shop/components/app.tar/app/manifests/a-0.yaml')
  })

  it('is gone through twice where it is compressed, however many packages it has and however large their documents', async () => {
    const more = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`more/${at}`, String(at)]))
    const names = ['one', 'two', 'three', 'four']
    const files = await Promise.all(names.map((name) => zarfFiles({ name, more: { ...more, name } })))
    const bundle = udsFiles(names.map((name, at) => ({ name, files: files[at] ?? new Map() })))
    const path = placed('bundle.bin', gzipSync(await tarOf(bundle)))
    let read = 0
    const reading = { signal: new AbortController().signal, advance: (bytes: number) => (read += bytes) }
    const tree = await openThing(path, reading)
    expect((await readUdsBundle(tree))?.problems).toEqual([])
    expect(read).toBe(2 * tree.size)
    expect((await looked(path)).outcome).toBe('passed')
  })

  it('manifests of packages by the type that older versions gave them are read as well', async () => {
    const mediaType = 'application/vnd.zarf.layer.v1.blob'
    expect((await look(udsFiles([await shop({ mediaType })]))).outcome).toBe('passed')
  })

  it('item.signature: a package is signed by a file of its own, and its images with it', async () => {
    const [mine, other] = [keyFile(), keyFile()]
    const files = signedPackage(await zarfFiles({ signed: true }), mine.key)
    const bundle = udsFiles([await shop({ files })])
    const { checks } = await look(bundle, [mine.path])
    const asked = checks.filter(({ id }) => id === 'item.signature' || id === 'container.signature')
    expect(asked.map(({ subject, result }) => [subject, result])).toEqual([
      ['bundle.tar', 'not-checked'],
      ['shop', 'pass'],
    ])
    expect(await reasons(bundle, [other.path])).toEqual([['item.signature', 'another-key']])
  })

  it('container.signature: what signs the definition signs everything below it', async () => {
    const [mine, other] = [keyFile(), keyFile()]
    const bundle = udsFiles([await shop()], (definition) => bundleOver(definition, mine.key))
    expect((await look(bundle, [mine.path])).outcome).toBe('passed')
    expect(await reasons(bundle, [other.path])).toContainEqual(['container.signature', 'another-key'])
    const forged = udsFiles([await shop()], () => bundleOver(Buffer.from('other'), mine.key))
    expect(await reasons(forged)).toEqual([['container.agreement', 'signed-other']])
  })
})

describe('optional components of which a bundle took nothing', () => {
  const components = [
    { name: 'app', required: true, images: { 'registry.example/app:1': 'app' }, files: { 'files/0/a': 'a' } },
    { name: 'more', images: { 'registry.example/more:1': 'more' }, files: { 'files/0/b': 'b' } },
  ]
  const [, , layer = Buffer.alloc(0)] = image('more')
  const needed = hexOf(image('app')[2] ?? Buffer.alloc(0))
  const leftOut = (path: string): boolean => path === 'components/more.tar' || path.endsWith(hexOf(layer))

  it('need not be there, and that is said', async () => {
    const found = await look(udsFiles([await shop({ files: await zarfFiles({ components }), leftOut })]))
    expect(found.outcome).toBe('passed')
    expect(found.checks.filter(({ result }) => result === 'warn').map(({ reason }) => reason)).toEqual([
      ...['left-out', 'left-out', 'left-out'],
    ])
    expect(found.items.map(({ name }) => name)).not.toContain('registry.example/more:1')
  })

  it('must be there where the bundle says that it took them', async () => {
    const files = await zarfFiles({ components })
    const bundle = udsFiles([await shop({ files, leftOut, optional: ['more'] })])
    expect(await reasons(bundle)).toContainEqual(['container.complete', 'missing'])
  })

  it.each([
    ['archive', 'components/app.tar'],
    ['layer', `images/blobs/sha256/${needed}`],
  ])('excuse no missing %s of a required one', async (_, path) => {
    const files = await zarfFiles({ components })
    const bundle = udsFiles([await shop({ files, leftOut: (one) => one === path })])
    expect(await reasons(bundle)).toContainEqual(['container.complete', 'missing'])
  })
})

describe('a bundle that somebody spoilt', () => {
  const climbing = (title: string): string => (title === 'images/oci-layout' ? '../../x' : title)
  const doubled = (title: string): string => (title === 'images/oci-layout' ? 'zarf.yaml' : title)
  it.each<[string, Partial<Bundled>, string, string]>([
    ['a title that climbs out', { titles: climbing }, 'container.agreement', 'path-outside'],
    ['a title twice', { titles: doubled }, 'container.agreement', 'entry-twice'],
    ['a package that it does not name', { unnamed: true }, 'container.agreement', 'not-listed'],
    ['a package of another type', { mediaType: 'text/plain' }, 'container.agreement', 'form'],
    ['a missing file', { leftOut: (path) => path === 'images/index.json' }, 'container.complete', 'missing'],
    ['a missing definition', { leftOut: (path) => path === 'zarf.yaml' }, 'container.complete', 'missing'],
  ])('with %s is refused', async (_, more, id, reason) =>
    expect(await reasons(udsFiles([await shop(more)]))).toContainEqual([id, reason]),
  )

  it('with a package whose own sums are wrong is refused', async () => {
    const files = changed(await zarfFiles(), 'checksums.txt', (text) => text.replace(/^./, 'x'))
    expect(await reasons(udsFiles([await shop({ files })]))).toContainEqual(['container.sums', 'sum-differs'])
  })

  it('with a layer of an image that was changed below right sums is refused', async () => {
    const path = `images/blobs/sha256/${hexOf(image('app')[2] ?? Buffer.alloc(0))}`
    const files = resealed(new Map([...(await zarfFiles()), [path, Buffer.from('other')]]))
    expect(await reasons(udsFiles([await shop({ files })]))).toContainEqual(['container.sums', 'sum-differs'])
  })

  it('with a package that it names and that is not there is refused', async () => {
    const found = await zarfFiles({ name: 'second' })
    const bundle = udsFiles([await shop(), { name: 'second', files: found }])
    const alone = udsFiles([await shop()])
    const definition = (files: Files): [string, Buffer] => {
      const entry = [...files].find(([, bytes]) => bytes.toString('latin1').startsWith('kind: UDSBundle'))
      if (entry === undefined) throw new Error('no definition')
      return entry
    }
    // The definition of two around the packages of one: its digest stands in the manifest, so it is put in by that.
    const [, both] = definition(bundle)
    const [path] = definition(alone)
    alone.set(path, both)
    expect(await reasons(alone)).toContainEqual(['container.sums', 'sum-differs'])
    expect(
      await reasons(udsFiles([await shop(), { name: 'second', files: found, unnamed: true }])),
    ).toContainEqual(['container.agreement', 'not-listed'])
  })

  it('without its definition is refused, and no layout like any other', async () => {
    const bundle = [...udsFiles([await shop()])]
    const [root = '', bytes = Buffer.alloc(0)] = bundle.find(([path]) => path.startsWith('blobs/')) ?? []
    const manifest = JSON.parse(bytes.toString()) as { layers: { annotations?: object }[] }
    const layers = manifest.layers.filter(({ annotations }) => annotations === undefined)
    const blobs = bundle
      .filter(([path]) => path.startsWith('blobs/') && path !== root)
      .map(([, blob]) => blob)
    const stripped = Buffer.from(JSON.stringify({ ...manifest, layers }))
    const found = await look(layout([{ blobs: [stripped, ...blobs], annotations: {} }]))
    expect(found.format).toBe('uds-bundle')
    expect(reasonsOf(found)).toContainEqual(['container.complete', 'missing'])
  })

  it('beside something else in one layout is refused: tools choose which of the two they take', async () => {
    const bundle = udsFiles([await shop()])
    const index = JSON.parse(bundle.get('index.json')?.toString() ?? '') as { manifests: object[] }
    const second = layout([{ blobs: image('other'), annotations: { [refName]: 'other' } }])
    const { manifests } = JSON.parse(second.get('index.json')?.toString() ?? '') as { manifests: object[] }
    const both = JSON.stringify({ ...index, manifests: [...manifests, ...index.manifests] })
    const files = new Map([...second, ...bundle, ['index.json', Buffer.from(both)] as const])
    expect(await reasons(files)).toEqual([['container.agreement', 'documents-disagree']])
  })
})
