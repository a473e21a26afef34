import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { done, printed, sallyport } from '../support/command-line.ts'
import { decideBoth, makeCrossing, release, writeRequest, writeTo, type Crossing } from '../support/desks.ts'
import { foreign, hasForeign } from '../support/foreign.ts'
import { Content } from '../support/images.ts'
import { madeTar, sha256 } from '../support/made-tar.ts'
import { packedLayout } from '../support/packed-layout.ts'
import { TestRegistry } from '../support/registry.ts'

/* Archives of others in a request: carried as they are, or each thing in them under its own digest. */

let crossing: Crossing
beforeAll(async () => {
  crossing = await makeCrossing()
  await mkdir(join(crossing.folder, 'request'), { recursive: true })
})
afterAll(() => crossing.dispose())

const inRequest = (name: string): string => join(crossing.folder, 'request', name)
const onLow = (...words: string[]): string[] => [...words, '--desk', crossing.low]

describe('archive: as it is', () => {
  it('travels bit for bit; what is in it is told to the signers and on the far side', async () => {
    const { tar } = await packedLayout()
    await writeFile(inRequest('app.tar.gz'), gzipSync(tar))
    const request = await writeRequest(crossing, ['archive: ./app.tar.gz'])
    const id = await release(crossing, request)
    const shown = await done(onLow('consignment', 'show', id), crossing.clock)
    expect(shown['archives']).toMatchObject([
      {
        reference: './app.tar.gz',
        format: 'oci-layout',
        holds: [{ kind: 'image', count: 1 }],
        outcome: 'passed',
      },
    ])
    expect(await printed(onLow('consignment', 'show', id), crossing.clock)).toContain(
      'An OCI layout with 1 image.',
    )
    const verified = await done(
      ['verify', await writeTo(crossing, id, 'whole'), '--desk', crossing.high],
      crossing.clock,
    )
    const high = await done(['consignment', 'show', verified.id, '--desk', crossing.high], crossing.clock)
    expect(high['archives']).toEqual(shown['archives'])
    const words = ['look', verified.id, '--desk', crossing.high, '--item', 'app.tar.gz']
    const early = await sallyport(words, crossing.clock)
    expect([early.code, early.json.failure.code]).toEqual([1, 'look-not-yet'])
    await decideBoth(crossing, verified.id, 'accept')
    expect(await done(words, crossing.clock)).toMatchObject({
      name: 'app.tar.gz',
      format: 'oci-layout',
      outcome: 'passed',
    })
    const blob = join(
      crossing.high,
      'store',
      'blobs',
      'sha256',
      sha256(gzipSync(tar)).slice('sha256:'.length),
    )
    for (const changed of [
      gzipSync(await madeTar([{ name: 'a.txt', content: 'a' }])),
      Buffer.from('1f8b00', 'hex'),
    ]) {
      await writeFile(blob, changed)
      const looked = await sallyport(words, crossing.clock)
      expect([looked.code, looked.json.failure.code]).toEqual([1, 'content-damaged'])
    }
    await writeFile(blob, gzipSync(tar))
    const other = await sallyport([...words.slice(0, -1), 'other.tar'], crossing.clock)
    expect(other.json.failure).toMatchObject({ code: 'look-no-file', facts: { expected: 'app.tar.gz' } })
    const report = await printed(
      [
        'report',
        verified.id,
        '--desk',
        crossing.high,
        '--format',
        'html',
        '--out',
        join(crossing.folder, 'r.html'),
      ],
      crossing.clock,
    )
    expect(report).toContain('r.html')
    expect(await readFile(join(crossing.folder, 'r.html'), 'utf8')).toContain('An OCI layout with 1 image.')
    const out = join(crossing.folder, 'out-whole')
    await done(['export', verified.id, '--desk', crossing.high, '--to', `dir:${out}`], crossing.clock)
    expect((await readFile(join(out, 'files', 'app.tar.gz'))).equals(gzipSync(tar))).toBe(true)
  })

  it('archive-refused: what is damaged is not carried, and says what is wrong where', async () => {
    const { tar } = await packedLayout(({ blobs }) => {
      const [digest = ''] = [...blobs.keys()]
      blobs.set(digest, Buffer.from('changed'))
    })
    await writeFile(inRequest('damaged.tar'), tar)
    const words = onLow('collect', await writeRequest(crossing, ['archive: ./damaged.tar']))
    const { code, json } = await sallyport(words, crossing.clock)
    expect([code, json.failure]).toMatchObject([
      1,
      { code: 'archive-refused', facts: { path: './damaged.tar', reason: 'sum-differs' } },
    ])
    await writeFile(inRequest('cut.tar'), tar.subarray(0, 2000))
    const cut = await sallyport(
      onLow('collect', await writeRequest(crossing, ['archive: ./cut.tar'])),
      crossing.clock,
    )
    expect(cut.json.failure).toMatchObject({ code: 'archive-refused', facts: { reason: 'truncated' } })
  })
})

describe('archive: as items', () => {
  it.each(['app.tar', 'app.tgz'])('%s: each image travels under its own digest', async (name) => {
    const { tar, root } = await packedLayout()
    await writeFile(inRequest(name), name.endsWith('tgz') ? gzipSync(tar) : tar)
    const request = await writeRequest(crossing, [`{ archive: ./${name}, as: items }`])
    const id = await release(crossing, request)
    const shown = await done(onLow('consignment', 'show', id), crossing.clock)
    expect(shown['content']).toMatchObject([
      {
        kind: 'image',
        name: 'registry.example/team/app',
        version: 'v1',
        root: { digest: root.digest },
        findings: [],
      },
    ])
    const verified = await sallyport(
      ['verify', await writeTo(crossing, id, `items-${name}`), '--desk', crossing.high],
      crossing.clock,
    )
    expect(verified.json.checks.filter(({ result }) => result === 'fail')).toEqual([])
    await decideBoth(crossing, verified.json.id, 'accept')
  })

  it('one image of an archive can be asked for by itself', async () => {
    const { tar, root } = await packedLayout()
    await writeFile(inRequest('one.tgz'), gzipSync(tar))
    const request = await writeRequest(crossing, ['image: "oci:./one.tgz:registry.example/team/app:v1"'])
    const made = await done(onLow('collect', request), crossing.clock)
    const shown = await done(onLow('consignment', 'show', made.id), crossing.clock)
    expect(shown['content']).toMatchObject([{ kind: 'image', root: { digest: root.digest } }])
    const none = await writeRequest(crossing, ['image: "oci:./one.tgz:registry.example/team/app:v2"'])
    expect((await sallyport(onLow('collect', none), crossing.clock)).json.failure.code).toBe('not-found')
  })

  it('archive-items: what has no digest of its own would stay behind', async () => {
    await writeFile(inRequest('plain.tar'), await madeTar([{ name: 'a.txt', content: 'a' }]))
    const request = await writeRequest(crossing, ['{ archive: ./plain.tar, as: items }'])
    expect((await sallyport(onLow('collect', request), crossing.clock)).json.failure).toMatchObject({
      code: 'archive-items',
      facts: { found: 'tar' },
    })
  })
})

describe('archive: of several files', () => {
  it('archive-parts: one part alone does not cross', async () => {
    const { tar } = await packedLayout()
    const packed = gzipSync(tar)
    const half = Math.floor(packed.length / 2)
    await writeFile(inRequest('cut_0.tar.gz'), packed.subarray(0, half))
    await writeFile(inRequest('cut_1.tar.gz'), packed.subarray(half))
    const request = await writeRequest(crossing, ['archive: ./cut_0.tar.gz'])
    expect((await sallyport(onLow('collect', request), crossing.clock)).json.failure).toMatchObject({
      code: 'archive-parts',
      facts: { found: 'cut_0.tar.gz, cut_1.tar.gz' },
    })
  })
})

describe('package:', () => {
  it('package-expected: what is no Zarf package is not carried as one', async () => {
    await writeFile(inRequest('no-package.tar'), await madeTar([{ name: 'a.txt', content: 'a' }]))
    const request = await writeRequest(crossing, ['package: ./no-package.tar'])
    expect((await sallyport(onLow('collect', request), crossing.clock)).json.failure).toMatchObject({
      code: 'package-expected',
      facts: { found: 'tar' },
    })
  })

  it('in a registry: what has the config of one is carried, and nothing else', async () => {
    const registry = await new TestRegistry().open()
    try {
      const content = new Content()
      const zarf = content.artifact(
        'application/vnd.zarf.config.v1+json',
        'application/vnd.zarf.layer.v1.blob',
        'layer',
      )
      const chart = content.artifact('application/vnd.cncf.helm.config.v1+json', 'application/x', 'chart')
      registry.add('packages/shop', content, { '1.0.0': zarf, chart })
      const asked = (tag: string): string =>
        `{ package: "oci://${registry.host}/packages/shop:${tag}", allow: [plain-http] }`
      const made = await done(
        onLow('collect', await writeRequest(crossing, [asked('1.0.0')])),
        crossing.clock,
      )
      const shown = await done(onLow('consignment', 'show', made.id), crossing.clock)
      expect(shown['content']).toMatchObject([{ kind: 'artifact', root: { digest: zarf.digest } }])
      const other = await sallyport(
        onLow('collect', await writeRequest(crossing, [asked('chart')])),
        crossing.clock,
      )
      expect(other.json.failure).toMatchObject({ code: 'package-expected' })
    } finally {
      await registry.close()
    }
  })

  it.each([
    ['{ archive: ./a.tar, platforms: [linux/amd64] }', 'platforms'],
    ['{ package: ./a.tar, allow: [plain-http] }', 'allow'],
    ['{ file: ./a.tar, as: items }', 'as'],
    ['{ archive: ./a.tar, as: other }', 'as'],
    ['{ archive: ./a.tar, file: ./b }', 'exactly one'],
    ['archive: ../a.tar', 'path'],
  ])('request-form: %s', async (item, word) => {
    const { json } = await sallyport(onLow('collect', await writeRequest(crossing, [item])), crossing.clock)
    expect(JSON.stringify(json.failure)).toContain(word)
    expect(['request-form', 'path-outside']).toContain(json.failure.code)
  })
})

describe.skipIf(!hasForeign)(
  'packages and hauls of other tools in a request (needs ../shared/fixtures)',
  () => {
    it('a Zarf package travels whole, and what is in it is told', async () => {
      await copyFile(foreign('zarf-package-shop-signed-amd64-1.0.0.tar.zst'), inRequest('shop.tar.zst'))
      const made = await done(
        onLow('collect', await writeRequest(crossing, ['package: ./shop.tar.zst'])),
        crossing.clock,
      )
      const shown = await done(onLow('consignment', 'show', made.id), crossing.clock)
      expect(shown['archives']).toMatchObject([
        {
          format: 'zarf',
          outcome: 'not-checked',
          holds: [
            { kind: 'package', count: 1 },
            { kind: 'image', count: 3 },
          ],
          missingCount: 1,
        },
      ])
      expect(shown['content']).toMatchObject([{ kind: 'file', name: 'shop.tar.zst' }])
    })

    it.each(['haul-given.tar.zst', 'imgpkg-bundle-sigs.tar', 'mirror_000001.tar', 'ctr-export.tar'])(
      '%s: what is in it becomes items, or is refused where something would stay behind',
      async (file) => {
        await copyFile(foreign(file), inRequest(file))
        const words = onLow('collect', await writeRequest(crossing, [`{ archive: ./${file}, as: items }`]))
        const { code, json } = await sallyport(words, crossing.clock)
        if (code !== 0) expect([file, json.failure.code]).toEqual([file, 'archive-items'])
        else {
          const shown = await done(onLow('consignment', 'show', json.id), crossing.clock)
          expect((shown['content'] as unknown[]).length).toBeGreaterThan(1)
        }
      },
    )
  },
)

describe.skipIf(!hasForeign)('layouts of other tools in a request (needs ../shared/fixtures)', () => {
  it.each(['oci-oras-web.tar.gz', 'oci-oras-web.tar.zst', 'oras-backup.tar', 'oci-podman-api.tar'])(
    '%s: what is in it crosses with its evidence',
    async (file) => {
      await copyFile(foreign(file), inRequest(file))
      const made = await done(
        onLow('collect', await writeRequest(crossing, [`{ archive: ./${file}, as: items }`])),
        crossing.clock,
      )
      const shown = await done(onLow('consignment', 'show', made.id), crossing.clock)
      const items = shown['content'] as { evidence: unknown[]; findings: unknown[] }[]
      const looked = await done(['look', foreign(file)], crossing.clock).catch(() => null)
      expect(items.length).toBeGreaterThan(0)
      expect(items.flatMap(({ findings }) => findings)).toEqual([])
      if (/oras/.test(file)) expect(items[0]?.evidence.length).toBeGreaterThan(0)
      if (looked !== null) expect((looked['items'] as unknown[]).length).toBe(items.length)
    },
  )
})
