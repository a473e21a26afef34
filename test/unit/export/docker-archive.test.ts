import { execFileSync } from 'node:child_process'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { exportDockerArchive } from '../../../main/export/docker-archive.ts'
import type { Exportable } from '../../../main/export/export.ts'
import { hasSkopeo } from '../../support/docker-registry.ts'
import { failureOf } from '../../support/failure-of.ts'
import { Content, pattern, sampleImage, sha256, types } from '../../support/images.ts'
import { gzipped, hasZstd, packedImage, plainLayer, zstdPacked } from '../../support/packed-image.ts'
import { filesIn, listedIn } from '../../support/saved-archive.ts'
import { manifestOf, openArchiving, type Archiving, type Layered } from './archiving.ts'
import { exportable, exportTools } from './pushing.ts'

let at: Archiving
beforeEach(async () => {
  at = await openArchiving()
})
afterEach(() => at.close())

const largestOf = ({ blobs }: Exportable) => [...blobs].sort((a, b) => b.size - a.size)[0]!

describe('a docker archive', () => {
  const refusal = async (
    content: Exportable,
    platform: string | null = null,
  ): Promise<Record<string, unknown>> => {
    const { code, facts } = await failureOf(at.docker(content, platform))
    expect(await readdir(at.folder)).toEqual([])
    return { code, ...facts }
  }

  it('holds one platform: several are named, one that is not there too', async () => {
    const content = await at.sampled()
    const found = 'linux/amd64, linux/arm64/v8'
    const subject = 'oci:./app:1.2.3'
    const code = 'archive-platform'
    expect(await refusal(content)).toEqual({ code, subject, found, expected: 'one platform' })
    const expected = 'one image for linux/s390x'
    expect(await refusal(content, 'linux/s390x')).toEqual({ code, subject, found, expected })
  })

  it('holds images: without one there is none', async () => {
    await writeFile(join(at.bench.folder, 'notes.pdf'), 'notes')
    const content = new Content()
    const chart = content.artifact('application/vnd.cncf.helm.config.v1+json', 'text/plain', 'chart')
    await content.writeLayout(join(at.bench.folder, 'chart'), [{ named: chart, tag: '1' }])
    const both = exportable(
      at.bench,
      await at.bench.collect('  - artifact: oci:./chart:1\n  - file: ./notes.pdf'),
    )
    expect(await refusal(both)).toEqual({ code: 'archive-no-image', found: 'chart, file' })
  })

  it.each([
    ['of another digest', sha256('another'), 'gzip'],
    ['of another digest, not packed', sha256('another'), 'none'],
  ])('refuses a layer that its image says is %s', async (_, diffId, packing) => {
    const content = new Content()
    const plain = plainLayer('lies')
    const packed = gzipped(plain)
    const stored = packing === 'gzip' ? packed.stored : plain
    const image = packedImage(content, [gzipped(plainLayer('fine')), { ...packed, stored, diffId }])
    expect(await refusal(await at.collected(content, { '1': image }))).toEqual({
      code: 'archive-layer',
      subject: sha256(stored),
      expected: diffId,
      found: sha256(plain),
    })
  })

  it('refuses a layer that ends in the middle, which is no rot of the store', async () => {
    const content = new Content()
    const packed = gzipped(plainLayer('cut'))
    const stored = packed.stored.subarray(0, -100)
    const image = packedImage(content, [{ ...packed, stored }])
    expect(await refusal(await at.collected(content, { '1': image }))).toMatchObject({
      code: 'archive-layer',
      subject: sha256(stored),
      expected: 'a whole gzip stream',
    })
  })

  it('tells rot of a packed layer from a layer that lies', async () => {
    const content = new Content()
    const packed = gzipped(plainLayer('rots'))
    const all = await at.collected(content, { '1': packedImage(content, [packed]) })
    const rotten = Buffer.from(packed.stored)
    rotten.fill(0, 2000, 2100)
    await writeFile(at.bench.blobs.path(largestOf(all).digest), rotten)
    expect(await refusal(all)).toMatchObject({ code: 'content-damaged', found: sha256(rotten) })
  })

  it.each([
    ['no list', {}],
    ['no digests', { rootfs: { type: 'layers', diff_ids: ['md5:1'] } }],
    ['fewer than its manifest', { rootfs: { type: 'layers', diff_ids: [] } }],
  ])('refuses an image whose config has of layers %s', async (_, more) => {
    const content = new Content()
    const config = content.blob(JSON.stringify({ os: 'linux', architecture: 'amd64', ...more }), types.config)
    const { stored, mediaType } = gzipped(plainLayer('a'))
    const image = content.manifest({ config, layers: [content.blob(stored, mediaType)] })
    const found = await refusal(await at.collected(content, { '1': image }))
    expect([found['code'], found['subject']]).toEqual(['archive-layer', `list of ${config.digest}`])
  })

  it('takes a layer packed in two pieces, one after the other', async () => {
    const content = new Content()
    const [one, two] = [plainLayer('one'), plainLayer('two')]
    const plain = Buffer.concat([one, two])
    const packed = { ...gzipped(plain), stored: Buffer.concat([gzipSync(one), gzipSync(two)]) }
    await at.docker(await at.collected(content, { '1': packedImage(content, [packed]) }))
    expect((await filesIn(at.out)).get(`${sha256(plain).slice(7)}.tar`)?.bytes.equals(plain)).toBe(true)
  })

  it.each([1, 1000, 3_000_000])('refuses a layer with %d bytes behind its end', async (size) => {
    const content = new Content()
    const packed = gzipped(plainLayer('a'))
    const stored = Buffer.concat([packed.stored, pattern('x', size)])
    const image = packedImage(content, [{ ...packed, stored }])
    expect(await refusal(await at.collected(content, { '1': image }))).toMatchObject({
      code: 'archive-layer',
      subject: sha256(stored),
    })
  })

  it.skipIf(!hasSkopeo)('opens with skopeo, by name and without one (skipped without skopeo)', async () => {
    const content = new Content()
    const plain = ['base', 'own', 'base'].map((seed) => plainLayer(seed))
    const image = packedImage(content, plain.map(gzipped))
    const other = packedImage(content, [gzipped(plainLayer('base'))], 'arm64')
    await content.writeLayout(join(at.bench.folder, 'app'), [{ named: image, tag: '1' }, { named: other }])
    const items = `  - image: oci:./app:1\n  - image: oci:./app@${other.digest}`
    const { written } = await at.docker(exportable(at.bench, await at.bench.collect(items)))
    for (const [i, name] of ['localhost/app:1', '@1'].entries()) {
      const from = `docker-archive:${at.out}:${name}`
      const config = execFileSync('skopeo', ['inspect', '--config', '--raw', from])
      expect(sha256(config)).toBe(written[i]?.digest)
      const to = join(at.folder, `copied-${i}`)
      execFileSync('skopeo', ['--insecure-policy', 'copy', '-q', from, `dir:${to}`])
      const { layers } = JSON.parse(await readFile(join(to, 'manifest.json'), 'utf8')) as Layered
      const { rootfs } = JSON.parse(config.toString('utf8')) as { rootfs: { diff_ids: string[] } }
      expect(layers.map(({ digest }) => digest)).toEqual(rootfs.diff_ids)
    }
  })

  it('refuses a layer that nothing here unpacks', async () => {
    const content = new Content()
    const stored = Buffer.concat([Buffer.from('fd377a585a00', 'hex'), Buffer.alloc(100)])
    const image = packedImage(content, [{ stored, diffId: sha256('x'), mediaType: `${types.layer}+xz` }])
    const all = await at.collected(content, { '1': image })
    const act = exportDockerArchive(all, at.out, null, exportTools(at.pool))
    const { code, facts } = await failureOf(act)
    expect({ code, facts }).toEqual({
      code: 'archive-packing',
      facts: { subject: sha256(stored), found: 'xz' },
    })
    expect(await readdir(at.folder)).toEqual([])
  })

  it.skipIf(!hasZstd)('unpacks zstd where the runtime does (skipped where it does not)', async () => {
    const content = new Content()
    const plain = plainLayer('z')
    await at.docker(await at.collected(content, { '1': packedImage(content, [zstdPacked(plain)]) }))
    const files = await filesIn(at.out)
    expect(files.get(`${sha256(plain).slice(7)}.tar`)?.bytes.equals(plain)).toBe(true)
  })

  it.each([
    ['a+b', 'a tag of letters'],
    ['a'.repeat(129), 'a tag of letters'],
  ])('refuses a tag that engines would not take: %s', async (version, expected) => {
    const content = new Content()
    const { items, ...rest } = await at.collected(content, {
      '1': packedImage(content, [gzipped(plainLayer('a'))]),
    })
    const named = { ...rest, items: items.map((item) => ({ ...item, version })) }
    const found = await refusal(named)
    expect(found['code']).toBe('export-names')
    expect(found['expected']).toContain(expected)
  })

  it('refuses two contents for one name', async () => {
    const content = new Content()
    const all = await at.collected(content, {
      '1': packedImage(content, [gzipped(plainLayer('one'))]),
      '2': packedImage(content, [gzipped(plainLayer('two'))]),
    })
    const items = all.items.map((item) => ({ ...item, version: '1' }))
    expect(await refusal({ ...all, items })).toEqual({
      code: 'export-names',
      found: 'localhost/app:1',
      expected: 'one content for each name',
    })
  })

  it('has each layer once and unpacked, each image once with all its names', async () => {
    const content = new Content()
    const [base, one, two] = ['base', 'one', 'two'].map((seed) => plainLayer(seed))
    const first = packedImage(content, [gzipped(base!), gzipped(one!), gzipped(base!)])
    const second = packedImage(content, [
      { stored: base!, diffId: sha256(base!), mediaType: types.layer },
      gzipped(two!),
    ])
    await writeFile(join(at.bench.folder, 'notes.pdf'), 'notes')
    await content.writeLayout(join(at.bench.folder, 'app'), [
      { named: first, tag: '1' },
      { named: first, tag: '1.0' },
      { named: second, tag: 'registry.test:5000/team/other:2' },
    ])
    const untagged = `oci:./app@${second.digest}`
    const items = ['oci:./app:1', 'oci:./app:1.0', 'oci:./app:registry.test:5000/team/other:2', untagged]
    const lines = [...items.map((item) => `  - image: "${item}"`), '  - file: ./notes.pdf']
    const exported = await at.docker(exportable(at.bench, await at.bench.collect(lines.join('\n'))))

    const files = await filesIn(at.out)
    const name = (plain: Buffer): string => `${sha256(plain).slice(7)}.tar`
    const configs = exported.written.map(({ digest }) => digest)
    expect(listedIn(files)).toEqual([
      {
        Config: `${configs[0]!.slice(7)}.json`,
        RepoTags: ['localhost/app:1', 'localhost/app:1.0'],
        Layers: [base!, one!, base!].map(name),
      },
      {
        Config: `${configs[2]!.slice(7)}.json`,
        RepoTags: ['registry.test:5000/team/other:2'],
        Layers: [base!, two!].map(name),
      },
    ])
    expect([...files.keys()]).toHaveLength(1 + 2 + 3)
    for (const plain of [base!, one!, two!]) expect(files.get(name(plain))?.bytes.equals(plain)).toBe(true)
    for (const id of configs) expect(sha256(files.get(`${id.slice(7)}.json`)!.bytes)).toBe(id)
    expect(exported.written.map(({ from, reference }) => [from, reference])).toEqual([
      [items[0], 'localhost/app:1'],
      [items[1], 'localhost/app:1.0'],
      [items[2], 'registry.test:5000/team/other:2'],
      [untagged, configs[3]],
    ])
    expect(exported.left).toEqual([
      expect.stringMatching(/^Signatures and other evidence are not in it/),
      'Not in it: ./notes.pdf, which is no image (file).',
    ])
    await at.docker(
      exportable(at.bench, await at.bench.collect(lines.join('\n'))),
      null,
      join(at.folder, 'again.tar'),
    )
    expect((await readFile(join(at.folder, 'again.tar'))).equals(await readFile(at.out))).toBe(true)
  })

  it('needs no name of a platform where the others stayed behind', async () => {
    await at.sampled()
    const sparse = await at.bench.collect('  - image: oci:./app:1.2.3\n    platforms: [linux/arm64]')
    const { written } = await at.docker(exportable(at.bench, sparse))
    const { content, arm64 } = sampleImage()
    expect(written.map(({ digest }) => digest)).toEqual([manifestOf(content, arm64).config.digest])
  })

  it('holds the platform that is named, however it is called', async () => {
    const content = await at.sampled()
    const sample = sampleImage()
    const exported = await at.docker(content, 'linux/aarch64')
    const manifest = manifestOf(sample.content, sample.arm64)
    expect(exported.written).toEqual([
      { from: 'oci:./app:1.2.3', reference: 'localhost/app:1.2.3', digest: manifest.config.digest },
    ])
    expect(listedIn(await filesIn(at.out))[0]?.Layers).toEqual(
      manifest.layers.map(({ digest }) => `${digest.slice(7)}.tar`),
    )
  })
})
