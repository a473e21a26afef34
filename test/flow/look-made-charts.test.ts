import { sign } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { limits } from '../../main/platform/limits.ts'
import { NamedImages } from '../../main/source/foreign/named-images.ts'
import { sallyport } from '../support/command-line.ts'
import { looked, reasonsOf } from '../support/foreign.ts'
import {
  detached,
  expiringPair,
  keyringFile,
  pgpPair,
  revokedPair,
  signedText,
  type Pair,
} from '../support/openpgp-keys.ts'
import {
  chartOf,
  digestOf,
  keyFile,
  newFolder,
  placed,
  tarOf,
  zarfFiles,
  filesOf,
} from '../support/foreign-packages.ts'

const look = async (files: Readonly<Record<string, string | Buffer>>) =>
  looked(placed('anything.bin', await chartOf(files)))
const named = async (files: Readonly<Record<string, string | Buffer>>): Promise<string[]> =>
  (await look(files)).named.map(({ reference }) => reference).sort()

describe('a chart that Helm packed', () => {
  it('is told by what it holds, with its name and version', async () => {
    const { format, items, files } = await look({ 'values.yaml': 'a: 1\n' })
    expect(format).toBe('helm-chart')
    expect(items.map(({ kind, name, version }) => [kind, name, version])).toEqual([
      ['chart', 'shop', '1.2.3'],
    ])
    expect(files.map(({ path }) => path)).toEqual(['shop/Chart.yaml', 'shop/values.yaml'])
  })

  it.each([
    ['no name', 'version: 1.0.0\n'],
    ['no version', 'name: shop\n'],
  ])('with %s is refused', async (_, text) =>
    expect(reasonsOf(await look({ 'Chart.yaml': text }))).toEqual([['container.agreement', 'form']]),
  )

  it('beside something else in one archive is none', async () => {
    const files = filesOf({ 'shop/Chart.yaml': 'name: shop\nversion: 1.0.0\n', other: 'x' })
    expect((await looked(placed('x.tgz', gzipSync(await tarOf(files))))).format).toBe('tar')
  })
})

const hex = 'ab'.repeat(32)

describe('the images that a chart names', () => {
  it.each<[string, string, readonly string[]]>([
    ['a text', 'image: registry.example/a:1\n', ['registry.example/a:1']],
    ['a map', 'image:\n  repository: a/b\n  tag: "1"\n', ['a/b:1']],
    ['a map with a registry', 'image: {registry: r.example, repository: a, tag: x}\n', ['r.example/a:x']],
    ['a digest, which decides', `x: {repository: a, tag: x, digest: "sha256:${hex}"}\n`, [`a@sha256:${hex}`]],
    ['no tag: the version of what it installs', 'image: {repository: a/b}\n', ['a/b:4.5']],
    ['an empty tag', 'image: {repository: a/b, tag: "", digest: ""}\n', ['a/b:4.5']],
    ['a tag that looks like a number', 'image: {repository: a/b, tag: 1.10}\n', ['a/b:1.10']],
    ['a text with its tag beside it', 'image: nginx\ntag: "1"\n', ['nginx:1']],
    ['a list', 'all:\n- image: a/b:1\n- image: a/c:2\n', ['a/b:1', 'a/c:2']],
    ['an alias', 'x: &x {repository: a/b, tag: "1"}\nimage: *x\n', ['a/b:1']],
    ['an address, which is none', 'chart: {repository: "https://charts.example", tag: x}\n', []],
    ['nothing', 'image: ""\nother: {repository: ""}\n', []],
  ])('in values: %s', async (_, values, found) =>
    expect(await named({ 'values.yaml': values })).toEqual(found),
  )

  it.each<[string, string, readonly string[]]>([
    ['a line', 'image: a/b:1\n', ['a/b:1']],
    ['a line in quotes, with a comment', '  - image: "a/b:1" # yes\n', ['a/b:1']],
    ['a map on one line', "- {name: s, image: 'a/b:1'}\n", ['a/b:1']],
    ['a comment, which is none', '# image: a/b:1\n', []],
    ['a description of a field, which is none', 'image: {type: string}\n', []],
  ])('in a template: %s', async (_, text, found) => {
    expect(await named({ 'templates/a.yaml': text })).toEqual(found)
    expect(await named({ 'crds/a.yaml': text })).toEqual(found)
  })

  it('in what its maker wrote down for others', async () => {
    const chart =
      'name: shop\nversion: 1.2.3\nannotations:\n  artifacthub.io/images: |\n    - name: a\n      image: a/b:1\n'
    expect(await named({ 'Chart.yaml': chart })).toEqual(['a/b:1'])
  })

  it('in charts below it, as folders and packed, with versions of their own', async () => {
    const below = 'name: low\nversion: 1.0.0\nappVersion: "9"\n'
    const packed = await chartOf({ 'values.yaml': 'image: {repository: p/q}\n' }, 'packed')
    const files = {
      'values.yaml': 'low: {image: {repository: own/low}}\n',
      'charts/low/Chart.yaml': below,
      'charts/low/values.yaml': 'image: {repository: low/image}\n',
      'charts/packed-1.2.3.tgz': packed,
    }
    expect(await named(files)).toEqual(['low/image:9', 'own/low:9', 'p/q:4.5'])
    const { files: listed } = await look(files)
    const paths = listed.map(({ path }) => path)
    expect(paths).toContain('shop/charts/packed-1.2.3.tgz')
    expect(paths).toContain('shop/charts/packed-1.2.3.tgz/packed/values.yaml')
  })

  it('of a packed chart that stands before the chart itself are not there, and that is said', async () => {
    const packed = await chartOf({ 'values.yaml': 'image: a/b:1\n' }, 'packed')
    const files = filesOf({
      'shop/charts/packed.tgz': packed,
      'shop/Chart.yaml': 'name: shop\nversion: 1.0.0\n',
    })
    const found = await looked(placed('x.tgz', gzipSync(await tarOf(files))))
    expect(found.named).toEqual([])
    expect(found.checks.filter(({ result }) => result === 'warn').map(({ reason }) => reason)).toEqual([
      'not-read-in',
    ])
  })

  it('are not asked of other archives that have a folder of charts: those are files like any other', async () => {
    const files = filesOf({ 'mirror/charts/a.tgz': 'no chart at all', 'mirror/readme': 'x' })
    const found = await looked(placed('x.tar', await tarOf(files)))
    expect([found.format, found.outcome]).toEqual(['tar', 'not-checked'])
  })

  it('are not looked for in what a template puts together, and that is said', async () => {
    const values = 'image: {repository: a/b, tag: "1"}\nname: x\n'
    const reasonsIn = async (line: string): Promise<string[]> => {
      const { checks, outcome } = await look({ 'values.yaml': values, 'templates/a.yaml': line })
      expect(outcome).toBe('not-checked')
      return checks.filter(({ result }) => result === 'warn').map(({ reason }) => reason)
    }
    expect(await reasonsIn('image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"\n')).toEqual([])
    expect(await reasonsIn('image: {{ include "x.image" .Values.image }}\n')).toEqual([])
    expect(await reasonsIn('image: {{ .Values.name }}:1\n')).toEqual(['not-rendered'])
    expect(await reasonsIn('image: {{ include "x.image" . }}\n')).toEqual(['not-rendered'])
  })

  it('in values that cannot be read are not there, and that is said', async () => {
    for (const values of ['a: 1\na: 2\n', '{{ no yaml', `x: &x 1\ny: [${'*x,'.repeat(200)}]\n`]) {
      const { checks } = await look({ 'values.yaml': values })
      expect(checks.filter(({ result }) => result === 'warn').map(({ reason }) => reason)).toEqual([
        'not-read-in',
      ])
    }
  })

  it('are listed up to a number', () => {
    const many = new NamedImages()
    for (let at = 0; at <= limits.namedImages; at += 1) many.add(`a/b:${at}`, 'values.yaml')
    expect(many.among([])).toHaveLength(limits.namedImages)
  })

  it('of a chart in a component are held against what the package carries', async () => {
    const chart = await chartOf({ 'values.yaml': 'image: registry.example/app:1\nx: {image: a/b:1}\n' })
    const images = { 'registry.example/app:1': 'app' }
    // Values have no ending, and are read where they are large as well.
    const values = `${'# a comment\n'.repeat(1000)}image: c/d:1\n`
    const files = { 'charts/shop-1.2.3.tgz': chart, 'values/shop-1.2.3-0': values }
    const components = [{ name: 'app', required: true, images, files }]
    const found = await looked(placed('x', gzipSync(await tarOf(await zarfFiles({ components })))))
    expect(found.outcome).toBe('passed')
    expect(found.named.map(({ reference, carried }) => [reference, carried])).toEqual([
      ['registry.example/app:1', true],
      ['a/b:1', false],
      ['c/d:1', false],
    ])
  })
})

const signedAt = new Date('2026-11-20T00:00:00Z')

const provenance = (pair: Pair, sums: string): Promise<string> =>
  signedText(pair, `name: shop\nversion: 1.2.3\n\n...\nfiles:\n${sums}`, signedAt)

/** A chart with its provenance beside it. */
async function withProvenance(
  pair: Pair,
  sums?: (digest: string) => string,
  name = 'shop-1.2.3.tgz',
): Promise<string> {
  const chart = await chartOf({})
  const folder = newFolder()
  const text = await provenance(
    pair,
    (sums ?? ((digest) => `  shop-1.2.3.tgz: ${digest}\n`))(digestOf(chart)),
  )
  placed(`${name}.prov`, text, folder)
  return placed(name, chart, folder)
}

describe('a chart with its provenance beside it', () => {
  it('container.sums, container.signature: its sum is signed by whom somebody named', async () => {
    const [pair, other] = [await pgpPair(), await pgpPair()]
    const path = await withProvenance(pair)
    for (const armored of [false, true]) {
      const found = await looked(path, [keyringFile(pair, armored)])
      expect(found.outcome).toBe('passed')
      expect(found.items[0]?.evidence[0]?.signer).toContain(pair.publicKey.getFingerprint().toUpperCase())
      expect(found.items[0]?.evidence[0]?.notChecked.join()).toContain('signer’s own word')
    }
    expect(reasonsOf(await looked(path, [keyringFile(other)]))).toEqual([
      ['container.signature', 'another-key'],
    ])
    expect(reasonsOf(await looked(path, [keyFile().path]))).toEqual([['container.signature', 'another-key']])
    expect((await looked(path)).outcome).toBe('not-checked')
  })

  it('may have been renamed', async () => {
    const pair = await pgpPair()
    expect(
      (await looked(await withProvenance(pair, undefined, 'other.tgz'), [keyringFile(pair)])).outcome,
    ).toBe('passed')
  })

  it('is refused where the signed sum is that of something else', async () => {
    const pair = await pgpPair()
    const path = await withProvenance(pair, () => `  shop-1.2.3.tgz: sha256:${'0'.repeat(64)}\n`)
    expect(reasonsOf(await looked(path))).toEqual([['container.sums', 'sum-differs']])
    expect(reasonsOf(await looked(path, [keyringFile(pair)]))).toEqual([
      ['container.sums', 'sum-differs'],
      ['container.signature', 'bad'],
    ])
  })

  it('a sum that stands outside of what is signed does not count', async () => {
    const pair = await pgpPair()
    const chart = await chartOf({})
    const folder = newFolder()
    const text = await provenance(pair, `  shop-1.2.3.tgz: sha256:${'0'.repeat(64)}\n`)
    const before = `name: shop\n...\nfiles:\n  shop-1.2.3.tgz: ${digestOf(chart)}\n`
    placed('shop-1.2.3.tgz.prov', before + text, folder)
    const found = reasonsOf(await looked(placed('shop-1.2.3.tgz', chart, folder), [keyringFile(pair)]))
    expect(found).toContainEqual(['container.sums', 'sum-differs'])
  })

  it.each([
    ['no text that is signed', 'files: {}'],
    ['nothing', ''],
  ])('that is %s is refused', async (_, text) => {
    const folder = newFolder()
    placed('x.tgz.prov', text, folder)
    const found = reasonsOf(await looked(placed('x.tgz', await chartOf({}), folder)))
    expect(found).toContainEqual(['container.agreement', 'form'])
  })
})

describe('a signature of OpenPGP beside a file', () => {
  const content = Buffer.from('what somebody made\n'.repeat(100_000))
  const beside = async (pair: Pair, date = signedAt, armored = true): Promise<string> => {
    const folder = newFolder()
    placed(armored ? 'thing.iso.asc' : 'thing.iso.sig', await detached(pair, content, date, armored), folder)
    return placed('thing.iso', content, folder)
  }

  it('container.signature: counts by a key in a keyring, as text and as bytes', async () => {
    const [pair, other] = [await pgpPair(), await pgpPair()]
    for (const armored of [true, false]) {
      const path = await beside(pair, signedAt, armored)
      expect((await looked(path, [keyringFile(pair)])).outcome).toBe('passed')
      expect(reasonsOf(await looked(path, [keyringFile(other)]))).toEqual([
        ['container.signature', 'another-key'],
      ])
      expect((await looked(path)).outcome).toBe('not-checked')
      placed('thing.iso', Buffer.concat([content, Buffer.from('x')]), path.replace('/thing.iso', ''))
      expect(reasonsOf(await looked(path, [keyringFile(pair)]))).toEqual([['container.signature', 'bad']])
    }
  })

  it('counts where the key expired after it, with a word about that, and not where it expired before', async () => {
    const pair = await pgpPair(25)
    const found = await looked(await beside(pair), [keyringFile(pair)])
    expect(found.outcome).toBe('passed')
    const chart = await looked(await withProvenance(pair), [keyringFile(pair)])
    expect(chart.items[0]?.evidence[0]?.notChecked.join()).toContain('expired at 2026-11-26')
    const made = new Date('2026-11-18T00:00:00Z')
    const short = await pgpPair(5, made)
    const path = await beside(short)
    expect((await looked(path, [keyringFile(short)])).outcome).toBe('passed')
    const later = await expiringPair(short, 1, made)
    expect(reasonsOf(await looked(path, [keyringFile(later)]))).toEqual([
      ['container.signature', 'another-key'],
    ])
  })

  it('by a key that was revoked does not count', async () => {
    const pair = await pgpPair()
    const path = await beside(pair)
    const revoked = await revokedPair(pair, new Date('2026-11-10T00:00:00Z'))
    expect(reasonsOf(await looked(path, [keyringFile(revoked)]))).toEqual([
      ['container.signature', 'another-key'],
    ])
  })

  it('a keyring is read up to a size', async () => {
    const large = placed('ring.gpg', Buffer.alloc(limits.keyringBytes + 1, 0x99))
    const ended = await sallyport(['look', await beside(await pgpPair()), '--key', large])
    expect(ended.json.failure.code).toBe('file-too-large')
  })

  it('a private key is not taken for a keyring', async () => {
    const pair = await pgpPair()
    const secret = placed('secret.asc', pair.privateKey.armor())
    const ended = await sallyport(['look', await beside(pair), '--key', secret])
    expect(ended.json.failure.code).toBe('key-unreadable')
    expect(ended.stdout).not.toContain('BEGIN PGP PRIVATE')
  })
})

describe('a bare signature beside a file, by the three ways to call it', () => {
  it.each([
    ['bundle.tar.zst', 'bundle.tar.sig.bin'],
    ['appliance.iso', 'appliance.iso.sig.bin'],
    ['pack.zst', 'pack.sig.bin'],
  ])('%s: %s', async (name, beside) => {
    const [mine, other] = [keyFile(), keyFile()]
    const content = Buffer.from('content of no known form')
    const folder = newFolder()
    placed(beside, sign('sha256', content, mine.key), folder)
    const path = placed(name, content, folder)
    expect((await looked(path, [mine.path])).outcome).toBe('passed')
    expect((await looked(path)).outcome).toBe('not-checked')
    expect(reasonsOf(await looked(path, [other.path]))).toEqual([['container.signature', 'another-key']])
    placed(name, 'changed', folder)
    expect(reasonsOf(await looked(path, [mine.path]))).toEqual([['container.signature', 'another-key']])
  })
})
