import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makeBundle } from '../support/authority/bundle.ts'
import { sharedKey } from '../support/authority/scheme.ts'
import { linesOf, printed, sallyport, testClock } from '../support/command-line.ts'
import { looked } from '../support/foreign.ts'
import { Content, sampleImage, type Named } from '../support/images.ts'
import { madeTar, sha256 } from '../support/made-tar.ts'
import { signedBy } from '../support/packed-layout.ts'
import { TestRegistry } from '../support/registry.ts'

/* What `look` says of layouts, tars and files that are made here: nothing beside the repository is needed. */

const pem = (key: ReturnType<typeof sharedKey>): string =>
  key.publicKey.export({ type: 'spki', format: 'pem' }).toString()

let folder: string
let mine: string
let other: string
beforeAll(() => {
  const keys = mkdtempSync(join(tmpdir(), 'sallyport-look-keys-'))
  mine = join(keys, 'mine.pub')
  other = join(keys, 'other.pub')
  writeFileSync(mine, pem(sharedKey('p256')))
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  writeFileSync(other, publicKey.export({ type: 'spki', format: 'pem' }))
})
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-look-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function layout(change: (content: Content, root: Named) => unknown = () => undefined): Promise<string> {
  const { content, root } = sampleImage()
  change(content, root)
  const path = join(folder, 'app')
  await content.writeLayout(path, [{ named: root, tag: 'registry.example/team/app:v1' }])
  return path
}

const checksOf = async (path: string, keys: string[] = []): Promise<string[][]> =>
  (await looked(path, keys)).checks
    .filter(({ result }) => result !== 'pass')
    .map(({ id, result, reason }) => [id, result, reason])

describe('a layout', () => {
  it('whole and unsigned: exit 0 without a key, and unchecked with one', async () => {
    const path = await layout()
    const found = await looked(path)
    expect(found).toMatchObject({ format: 'oci-layout', container: 'folder', outcome: 'passed' })
    expect(found.items).toMatchObject([
      { kind: 'image', name: 'registry.example/team/app:v1', version: 'v1', evidence: [] },
    ])
    expect(found.items[0]?.platforms).toContain('linux/amd64')
    expect(found.notAsked.map(({ id, reason }) => [id, reason])).toContainEqual([
      'item.signature',
      'nobody-named',
    ])
    expect(await checksOf(path, [mine])).toEqual([['item.signature', 'not-checked', 'unsigned']])
  })

  it('signed by the key that was named, by another, and without anybody to ask', async () => {
    const path = await layout(signedBy)
    expect(await checksOf(path, [mine])).toEqual([])
    expect(await checksOf(path, [other])).toEqual([['item.signature', 'fail', 'another-key']])
    expect(await checksOf(path)).toEqual([['item.signature', 'not-checked', 'nobody-known']])
    expect((await looked(path, [mine])).items[0]?.evidence).toMatchObject([
      { kind: 'signature', result: 'proven' },
    ])
  })

  it('says the worst first to people, with what to do', async () => {
    const path = await layout()
    const blob = join(path, 'blobs', 'sha256')
    const { content } = sampleImage()
    const [digest = ''] = [...content.blobs.keys()]
    writeFileSync(join(blob, digest.slice('sha256:'.length)), 'changed')
    const { stdout } = await sallyport(['look', path])
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, outcome: 'failed' })
    const lines = await linesOf(['help', 'look'], testClock())
    expect(lines.join('\n')).toContain('Keeps nothing')
  })

  it('a link in the place of content is not followed, and refused', async () => {
    const path = await layout()
    const [digest = ''] = [...sampleImage().content.blobs.keys()]
    const blob = join(path, 'blobs', 'sha256', digest.slice('sha256:'.length))
    renameSync(blob, join(folder, 'elsewhere'))
    symlinkSync(join(folder, 'elsewhere'), blob)
    expect(await checksOf(path)).toContainEqual(['container.sums', 'fail', 'link'])
  })

  it.each<[string, string, string, (path: string) => void]>([
    [
      'an index that is no JSON',
      'container.agreement',
      'form',
      (path) => writeFileSync(join(path, 'index.json'), '{'),
    ],
    [
      'another version',
      'container.agreement',
      'form',
      (path) => writeFileSync(join(path, 'oci-layout'), '{"imageLayoutVersion":"2.0.0"}'),
    ],
    [
      'an index without a list',
      'container.agreement',
      'form',
      (path) => writeFileSync(join(path, 'index.json'), '{"schemaVersion":2}'),
    ],
    [
      'an index that names nothing',
      'container.complete',
      'nothing-named',
      (path) => writeFileSync(join(path, 'index.json'), '{"schemaVersion":2,"manifests":null}'),
    ],
    [
      'a digest that leads elsewhere',
      'container.agreement',
      'form',
      (path) => {
        const index = readFileSync(join(path, 'index.json'), 'utf8')
        writeFileSync(
          join(path, 'index.json'),
          index.replace(/sha256:[0-9a-f]{64}/, 'sha256:../../../etc/passwd'),
        )
      },
    ],
    [
      'an index of what is not there',
      'container.complete',
      'missing',
      (path) => {
        const index = readFileSync(join(path, 'index.json'), 'utf8')
        writeFileSync(
          join(path, 'index.json'),
          index.replace(/sha256:[0-9a-f]{64}/, `sha256:${'0'.repeat(64)}`),
        )
      },
    ],
    [
      'a size that lies',
      'container.sums',
      'size-differs',
      (path) => {
        const index = readFileSync(join(path, 'index.json'), 'utf8')
        writeFileSync(join(path, 'index.json'), index.replace(/"size":\d+/, '"size":1'))
      },
    ],
  ])('%s: %s %s', async (_, id, reason, change) => {
    const path = await layout()
    change(path)
    expect(await checksOf(path)).toContainEqual([id, 'fail', reason])
  })

  it('of some platforms only: the missing one is said and nothing is refused', async () => {
    const { content, root, amd64 } = sampleImage()
    content.blobs.delete(amd64.digest)
    const path = join(folder, 'sparse')
    await content.writeLayout(path, [{ named: root, tag: 'v1' }])
    expect(await checksOf(path)).toEqual([['container.complete', 'warn', 'platform-missing']])
  })
})

describe('a layout as cosign saves it', () => {
  it('has its signatures also once somebody named its image', async () => {
    const { content, root } = sampleImage()
    const kind = (of: string): { kind: string } => ({ kind: `dev.cosignproject.cosign/${of}` })
    const signature = { ...content.cosignSignature(root), annotations: kind('sigs') }
    const named = { ...root, annotations: kind('imageIndex') }
    for (const tag of [undefined, 'v1']) {
      const path = join(folder, `saved-${tag ?? 'bare'}`)
      await content.writeLayout(path, [tag === undefined ? { named } : { named, tag }, { named: signature }])
      const found = await looked(path)
      expect(found.format).toBe('cosign-save')
      expect(found.items.map(({ digest, evidence }) => [digest, evidence.length])).toEqual([[root.digest, 1]])
    }
  })
})

describe('what is no image', () => {
  it.each([
    ['application/vnd.cncf.helm.config.v1+json', 'chart'],
    ['application/vnd.zarf.config.v1+json', 'package'],
    ['application/vnd.example.config.v1+json', 'artifact'],
    ['constructor', 'artifact'],
  ])('is told by its config: %s is of a %s', async (config, kind) => {
    const content = new Content()
    const named = content.artifact(config, 'application/x', 'text')
    const path = join(folder, 'artifact')
    await content.writeLayout(path, [{ named, tag: '1' }])
    expect((await looked(path)).items).toMatchObject([{ kind, version: '1' }])
  })
})

describe('a file', () => {
  it('that is no archive proves nothing, and what lies beside it does', async () => {
    const path = join(folder, 'tool.bin')
    writeFileSync(path, 'tool')
    expect(await checksOf(path)).toEqual([['container.sums', 'not-checked', 'no-sums']])
    const { json } = makeBundle({ signer: 'key', artifact: Buffer.from('tool') })
    writeFileSync(`${path}.sigstore.json`, JSON.stringify(json))
    expect(await checksOf(path, [mine])).toEqual([])
    expect(await checksOf(path, [other])).toContainEqual(['container.signature', 'fail', 'another-key'])
    writeFileSync(path, 'fool')
    expect(await checksOf(path, [mine])).toContainEqual(['container.signature', 'fail', 'bad'])
  })

  it('packed in a way that is not read is a file like any other', async () => {
    const path = join(folder, 'tool.tar.xz')
    writeFileSync(path, Buffer.from('fd377a585a000000', 'hex'))
    expect(await looked(path)).toMatchObject({ format: 'file', container: 'file', outcome: 'not-checked' })
  })

  it('that cannot be read whole is refused, and nothing else is said of it', async () => {
    const path = join(folder, 'cut.tgz')
    const tar = await madeTar([{ name: 'a.txt', content: 'x'.repeat(5000) }])
    writeFileSync(path, gzipSync(tar).subarray(0, -5))
    const found = await looked(path)
    expect(found).toMatchObject({ format: null, outcome: 'failed', items: [], files: [] })
    expect(found.checks.map(({ id, result, reason }) => [id, result, reason])).toEqual([
      ['container.form', 'fail', 'truncated'],
      ['container.sums', 'not-checked', 'stopped-before'],
      ['container.complete', 'not-checked', 'stopped-before'],
      ['container.agreement', 'not-checked', 'stopped-before'],
      ['container.signature', 'not-checked', 'stopped-before'],
    ])
  })

  it('a tar like any other lists its files with their sums', async () => {
    const path = join(folder, 'some.tar')
    writeFileSync(path, await madeTar([{ name: 'a/b.txt', content: 'b' }]))
    expect((await looked(path)).files).toEqual([{ path: 'a/b.txt', size: 1, sha256: sha256('b') }])
  })

  it('a folder of no format that is read is called one', async () => {
    const path = join(folder, 'plain')
    mkdirSync(path)
    writeFileSync(join(path, 'a.txt'), 'a')
    expect(await looked(path)).toMatchObject({
      format: 'folder',
      container: 'folder',
      outcome: 'not-checked',
    })
  })

  it('that is not there is a failure, not a verdict', async () => {
    const { code, json } = await sallyport(['look', join(folder, 'none')])
    expect([code, json['failure']]).toMatchObject([1, { code: 'file-unreadable' }])
  })

  it('a folder of devices and pipes is refused', async () => {
    const path = join(folder, 'folder')
    mkdirSync(path)
    const { execFileSync } = await import('node:child_process')
    execFileSync('mkfifo', [join(path, 'pipe')])
    expect(await checksOf(path)).toContainEqual(['container.form', 'fail', 'device'])
  })
})

describe('an image in a registry', () => {
  let registry: TestRegistry
  beforeAll(async () => {
    registry = await new TestRegistry().open()
  })
  afterAll(() => registry.close())

  it('is looked at without its layers, and judged by the key that was named', async () => {
    const { content, root } = sampleImage()
    signedBy(content, root)
    registry.add('team/app', content, { '1': root })
    const words = ['look', `${registry.host}/team/app:1`, '--plain-http']
    const asked = registry.heard.length
    const signed = await sallyport([...words, '--key', mine])
    expect([signed.code, signed.json]).toMatchObject([
      0,
      {
        format: 'registry',
        outcome: 'passed',
        items: [{ kind: 'image', digest: root.digest, version: '1' }],
      },
    ])
    expect((await sallyport([...words, '--key', other])).code).toBe(3)
    expect((await sallyport(words)).code).toBe(5)
    const layers = [...content.blobs.entries()]
      .filter(([, bytes]) => bytes.length > 4096)
      .map(([digest]) => digest)
    const paths = registry.heard.slice(asked).map(({ path }) => path)
    expect(layers.filter((digest) => paths.some((path) => path.includes(digest)))).toEqual([])
  })
})

describe('what a person reads', () => {
  it('has the answer before the lists: outcome, who signed, what is wrong and what to do', async () => {
    const path = await layout(signedBy)
    const text = await printed(['look', path, '--key', mine], testClock())
    expect(text.indexOf('Outcome: passed.')).toBeLessThan(text.indexOf('image  registry.example/team/app:v1'))
    expect(text).toMatch(/✓ signed {2}registry\.example\/team\/app:v1 {2}by key [0-9a-f]{64}/)
  })
})
