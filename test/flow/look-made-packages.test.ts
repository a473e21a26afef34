import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { sign } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { limits } from '../../main/platform/limits.ts'
import { looked, reasonsOf } from '../support/foreign.ts'
import {
  bundleOver,
  changed,
  filesOf,
  hexOf,
  image,
  keyFile,
  newFolder,
  placed,
  refName,
  baseName,
  resealed,
  signedPackage,
  tarOf,
  zarfFiles,
  type Files,
  type Plan,
} from '../support/foreign-packages.ts'

const look = async (files: Files, keys: readonly string[] = []) =>
  looked(placed('package.tar', await tarOf(files)), keys)
const reasons = async (files: Files, keys: readonly string[] = []): Promise<string[][]> =>
  reasonsOf(await look(files, keys))

describe('a Zarf package that nobody spoilt', () => {
  it('is read as a tar, with gzip and unpacked, whatever it is called', async () => {
    const files = await zarfFiles()
    const folder = newFolder()
    for (const [path, bytes] of files) placed(path, bytes, folder)
    const tar = await tarOf(files)
    for (const path of [placed('a.bin', tar), placed('b.txt', gzipSync(tar)), folder]) {
      const { format, items, outcome, named, checks } = await looked(path)
      // In a folder the archives of components are not gone into, and that is said.
      const said = checks.filter(({ result }) => result === 'warn').map(({ reason }) => reason)
      expect(said).toEqual(path === folder ? ['not-read-in'] : [])
      expect([format, outcome, items.map(({ kind, name }) => [kind, name])]).toEqual([
        'zarf',
        'passed',
        [
          ['package', 'shop'],
          ['image', 'registry.example/app:1'],
        ],
      ])
      expect(named).toEqual([{ reference: 'registry.example/app:1', where: ['zarf.yaml'], carried: true }])
    }
  })

  it('container.signature: a bundle, or a bare signature of older versions, over its definition', async () => {
    const [mine, other] = [keyFile(), keyFile()]
    const files = await zarfFiles()
    const bare = sign('sha256', files.get('zarf.yaml') ?? Buffer.alloc(0), mine.key).toString('base64')
    const older: Files = new Map([...files, ['zarf.yaml.sig', Buffer.from(bare)]])
    for (const one of [signedPackage(files, mine.key), older]) {
      const signed = await look(one, [mine.path])
      expect(signed.outcome).toBe('passed')
      expect(signed.items[0]?.evidence.map(({ result }) => result)).toEqual(['proven'])
      expect(signed.notAsked).toContainEqual({ id: 'item.signature', reason: 'covered' })
      expect(await reasons(one, [other.path])).toContainEqual(['container.signature', 'another-key'])
    }
  })

  it('a definition from which one is still to be made is no package', async () => {
    const files = filesOf({ 'zarf.yaml': 'kind: ZarfPackageConfig\nmetadata:\n  name: later\n' })
    expect((await look(files)).format).toBe('tar')
  })

  it('one that says that it is a part of another one says so', async () => {
    const files = await zarfFiles()
    const part = changed(files, 'zarf.yaml', (text) =>
      text.replace('build:\n', 'build:\n  differential: true\n  differentialPackageVersion: 0.9.0\n'),
    )
    const { checks, outcome } = await look(part)
    expect(outcome).toBe('passed')
    expect(checks.filter(({ result }) => result === 'warn').map(({ reason }) => reason)).toEqual([
      'differential',
    ])
  })
})

describe('what is said twice in a package is said once', () => {
  const newer = (text: string, change: (second: string) => string): string => {
    const [, sums = ''] = /aggregateChecksum: (\S+)/.exec(text) ?? []
    const second = `apiVersion: zarf.dev/v1beta1\n${text}`
      .replace(/ {2}aggregateChecksum: \S+\n/, '')
      .replace('build:\n', `build:\n  aggregateChecksum: ${sums}\n`)
      .replace(/ {2}required: true\n/, '')
      .replace(/ {2}- (registry\S+)/, '  - name: $1')
    return `apiVersion: zarf.dev/v1alpha1\n${text}---\n${change(second)}`
  }
  const twice = async (change: (second: string) => string): Promise<string[][]> =>
    reasons(changed(await zarfFiles({ signed: false }), 'zarf.yaml', (text) => newer(text, change)))

  it('two documents that agree are one definition', async () =>
    expect(await twice((same) => same)).toEqual([]))

  it.each([
    ['name', 'name: shop', 'name: shop2'],
    ['version', '1.0.0', '1.0.1'],
    ['sums', 'aggregateChecksum: ', 'aggregateChecksum: 0'],
    ['images', 'registry.example/app:1', 'registry.example/app:2'],
    ['components', '- name: app', '- name: other'],
    ['optional', '- name: app', '- name: app\n  optional: true'],
    ['signed', 'signed: false', 'signed: true'],
  ])('two that disagree about %s are refused', async (_, from, to) =>
    expect(await twice((second) => second.replace(from, to))).toContainEqual([
      ...['container.agreement', 'documents-disagree'],
    ]),
  )

  it.each([
    ['a name twice', (text: string) => text.replace('  version', '  name: other\n  version')],
    ['aliases', (text: string) => text.replace('name: shop', 'name: &a shop').replace('1.0.0', '*a')],
    ['a third document', (text: string) => `${text}---\n${text}---\n${text}`],
    ['another document', (text: string) => `${text}---\nkind: Other\n`],
    ['no sum of the sums', (text: string) => text.replace(/ {2}aggregateChecksum: \S+\n/, '')],
    ['what is no YAML', () => '{{{'],
    ['nothing', () => ''],
  ])('a definition with %s is refused', async (_, change) =>
    expect(await reasons(changed(await zarfFiles(), 'zarf.yaml', change))).toContainEqual([
      ...['container.agreement', 'form'],
    ]),
  )

  const entries = (first: object, second: object): Plan => ({
    entries: [
      { blobs: image('app'), annotations: { [refName]: 'registry.example/app:1', ...first } },
      { blobs: image('other'), annotations: { [refName]: 'registry.example/other:1', ...second } },
    ],
  })
  it.each([
    ['one name for two images', {}, { [refName]: 'registry.example/app:1' }],
    ['two names that tools choose from', { [baseName]: 'registry.example/app:9' }, {}],
  ])('an index with %s is refused', async (_, first, second) =>
    expect(await reasons(await zarfFiles(entries(first, second)))).toContainEqual([
      ...['container.agreement', 'documents-disagree'],
    ]),
  )

  it('packages of old versions name an image in one annotation only', async () => {
    const annotations = { [baseName]: 'registry.example/app:1' }
    expect(await reasons(await zarfFiles({ entries: [{ blobs: image('app'), annotations }] }))).toEqual([])
  })
})

describe('the sums of a package', () => {
  const sums = 'checksums.txt'
  it.each([
    ['a file twice', (text: string) => text + text.slice(0, text.indexOf('\n') + 1), 'documents-disagree'],
    ['a path that climbs out', (text: string) => `${text}${'0'.repeat(64)} ../../etc/passwd\n`, 'form'],
    ['an absolute path', (text: string) => `${text}${'0'.repeat(64)} /etc/passwd\n`, 'form'],
    ['another sum', (text: string) => `${text}${'0'.repeat(40)} x\n`, 'form'],
    ['no end', (text: string) => text.slice(0, -1), 'form'],
  ])('that list %s are refused', async (_, change, reason) => {
    const files = await zarfFiles()
    const before = hexOf(files.get(sums) ?? Buffer.alloc(0))
    changed(files, sums, change)
    const after = hexOf(files.get(sums) ?? Buffer.alloc(0))
    changed(files, 'zarf.yaml', (text) => text.replace(before, after))
    expect(await reasons(files)).toContainEqual(['container.agreement', reason])
  })

  it.each([
    ['a file', 'echo hello', 'extra.sh'],
    ['a file among the images', 'x', 'images/other'],
    ['a link', '-> /etc/passwd', 'extra'],
  ])('%s that they do not list is refused', async (_, content, path) => {
    const files: Files = new Map([...(await zarfFiles()), [path, Buffer.from(content)]])
    expect(await reasons(files)).toContainEqual(['container.sums', 'not-listed'])
  })

  it('a link where a listed file must be is refused', async () => {
    const files = await zarfFiles()
    files.set('components/app.tar', Buffer.from('-> other.tar'))
    expect(await reasons(files)).toContainEqual(['container.sums', 'link'])
  })

  it('a link where its definition must be is refused, and so is one that is too large', async () => {
    const files = await zarfFiles()
    files.set('zarf.yaml', Buffer.from('-> other.yaml'))
    expect(await reasons(files)).toContainEqual(['container.sums', 'link'])
    files.set('zarf.yaml', Buffer.alloc(limits.foreignDocumentBytes + 1, '#'))
    expect(await reasons(files)).toContainEqual(['container.agreement', 'too-large'])
  })

  it('a package without sums is refused', async () => {
    const files = await zarfFiles()
    files.delete(sums)
    expect(await reasons(files)).toContainEqual(['container.complete', 'missing'])
  })

  it('a list of excused files counts only where somebody known signed it', async () => {
    const [mine, other] = [keyFile(), keyFile()]
    const made = await zarfFiles({ signed: true, provenanceFiles: ['checksums.txt', 'extra.sh'] })
    const files = signedPackage(new Map([...made, ['extra.sh', Buffer.from('echo')]]), mine.key)
    expect(await reasons(files, [mine.path])).toEqual([])
    expect(await reasons(files)).toEqual([['container.sums', 'not-listed']])
    expect(await reasons(files, [other.path])).toContainEqual(['container.sums', 'not-listed'])
  })
})

describe('the images and archives in a package', () => {
  it('an image that a component names and that is not there is refused', async () => {
    const files = await zarfFiles({ entries: [] })
    expect(await reasons(files)).toEqual([['container.complete', 'missing']])
  })

  it('an image that is named by a digest and has another is refused', async () => {
    const name = `registry.example/app@sha256:${'0'.repeat(64)}`
    const plan = { components: [{ name: 'app', required: true, images: { [name]: 'app' } }] }
    expect(await reasons(await zarfFiles(plan))).toEqual([['container.sums', 'sum-differs']])
  })

  it('a blob that was changed and summed anew is refused by its own name', async () => {
    const files = await zarfFiles()
    const [, config = Buffer.alloc(0), layer = Buffer.alloc(0)] = image('app')
    for (const blob of [config, layer]) {
      const path = `images/blobs/sha256/${hexOf(blob)}`
      const spoilt = resealed(new Map([...files, [path, Buffer.from('other')]]))
      expect(await reasons(spoilt)).toContainEqual(['container.sums', 'sum-differs'])
    }
  })

  it.each([
    ['climbs out', { '../x': 'x' }, 'path-outside'],
    ['names a file twice', { a: '1', 'b/../a': '2' }, 'path-outside'],
  ])('an archive of a component that %s refuses the whole', async (_, inner, reason) => {
    const tar = await tarOf(filesOf(inner))
    const files = await zarfFiles({ more: { 'components/x.tar': tar } })
    expect(await reasons(files)).toContainEqual(['container.form', reason])
  })

  it('what is called an archive of a component and is none refuses the whole', async () => {
    const files = await zarfFiles({ more: { 'components/x.tar': 'no tar at all' } })
    expect((await reasons(files))[0]?.[0]).toBe('container.form')
  })
})

describe('how a package says that it is signed', () => {
  it.each([
    ['signed, and nothing signs it', true, false, 'signed-not'],
    ['unsigned, and something signs it', false, true, 'signed-off'],
  ])('that it is %s is refused, with and without a key', async (_, signed, has, reason) => {
    const { key, path } = keyFile()
    const made = await zarfFiles({ signed })
    const files = has ? signedPackage(made, key) : made
    for (const keys of [[], [path]]) {
      expect(await reasons(files, keys)).toEqual([['container.signature', reason]])
    }
  })

  it('a bundle that was made over something else says so without a key', async () => {
    const { key } = keyFile()
    const files = await zarfFiles({ signed: true })
    files.set('zarf.bundle.sig', bundleOver(Buffer.from('other'), key))
    expect(await reasons(files)).toEqual([['container.agreement', 'signed-other']])
  })
})

describe('a package that was cut', () => {
  const cut = async (): Promise<{ whole: Buffer; parts: Buffer[]; folder: string; write: () => string }> => {
    const whole = gzipSync(await tarOf(await zarfFiles()))
    const size = Math.ceil(whole.length / 3)
    const parts = [0, 1, 2].map((at) => whole.subarray(at * size, (at + 1) * size))
    const folder = newFolder()
    const write = (): string => {
      for (const [at, part] of parts.entries()) placed(`kit.part00${at + 1}`, part, folder)
      return head(folder, whole, 3)
    }
    return { whole, parts, folder, write }
  }
  const head = (
    folder: string,
    whole: Buffer,
    count: number,
    bytes = whole.length,
    sum = hexOf(whole),
  ): string => placed('kit.part000', JSON.stringify({ Sha256Sum: sum, Bytes: bytes, Count: count }), folder)

  it('is read from any of its files, and what signs the whole is found beside it', async () => {
    const { whole, folder, write } = await cut()
    const { key, path } = keyFile()
    write()
    for (const one of ['part000', 'part001', 'part003']) {
      const { name, outcome, digest } = await looked(join(folder, `kit.${one}`))
      expect([name, outcome, digest]).toEqual(['kit', 'passed', `sha256:${hexOf(whole)}`])
    }
    writeFileSync(join(folder, 'kit.sig'), sign('sha256', whole, key))
    expect((await looked(join(folder, 'kit.part002'), [path])).outcome).toBe('passed')
  })

  interface Head {
    readonly count?: number
    readonly bytes?: number
    readonly sum?: string
  }
  it.each<[string, Head, string]>([
    ['a count of none', { count: 0 }, 'part-missing'],
    ['too large a count', { count: 1000 }, 'part-missing'],
    ['one part more than is there', { count: 4 }, 'part-missing'],
    ['one part less', { count: 2 }, 'part-extra'],
    ['another size', { bytes: 1 }, 'part-size'],
    ['another sum', { sum: '0'.repeat(64) }, 'part-sum'],
  ])('with %s in its head is refused', async (_, { count = 3, bytes, sum }, reason) => {
    const { whole, folder, write } = await cut()
    write()
    const path = head(folder, whole, count, bytes, sum)
    expect(reasonsOf(await looked(path))).toEqual([['container.form', reason]])
  })

  it('with a bit changed or parts exchanged is refused for its sum', async () => {
    const spoilt = await cut()
    spoilt.parts.reverse()
    expect(reasonsOf(await looked(spoilt.write()))).toEqual([['container.form', 'part-sum']])
    const bent = await cut()
    bent.parts[1] = Buffer.from(bent.parts[1]?.map((byte, at) => (at === 9 ? byte ^ 1 : byte)) ?? [])
    expect(reasonsOf(await looked(bent.write()))).toEqual([['container.form', 'part-sum']])
  })

  it('what is only called like a part is a file of its own', async () => {
    const folder = newFolder()
    placed('kit.part000', 'no head', folder)
    const path = placed('kit.part001', 'some text', folder)
    expect((await looked(path)).format).toBe('file')
    expect((await looked(join(dirname(path), 'kit.part000'))).format).toBe('file')
  })
})
