import { mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { exportFolder } from '../../../main/export/folder.ts'
import type { Exportable } from '../../../main/export/export.ts'
import { fileEvidenceManifest, fileSignature } from '../../../main/oci/file-evidence.ts'
import { exportRegistry } from '../../../main/export/registry.ts'
import { openGate } from '../../../main/platform/network.ts'
import { TestRegistry } from '../../support/registry.ts'
import { ociManifest } from '../../../main/oci/media-types.ts'
import { canonical } from '../../../main/platform/json.ts'
import { openPool, type Pool } from '../../../main/platform/workers.ts'
import { openWorkbench, type Workbench } from '../collect/workbench.ts'

/* Evidence of files lies beside them again where they are exported: under the names that it had, and under no other. */

let bench: Workbench
let pool: Pool
let folder: string
beforeEach(async () => {
  bench = await openWorkbench()
  pool = openPool(1)
  folder = await realpath(await mkdtemp(join(tmpdir(), 'sallyport-beside-')))
})
afterEach(async () => {
  await pool.close()
  await bench.close()
  await rm(folder, { recursive: true, force: true })
})

async function collected(files: Readonly<Record<string, string>>, request: string): Promise<Exportable> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(bench.folder, name), text)
  const { items, blobs } = await bench.collect(request)
  return {
    items,
    blobs: blobs.filter((blob) => blob.state === 'carried'),
    path: (digest) => bench.blobs.path(digest),
  }
}

let exports = 0
async function exported(content: Exportable) {
  exports += 1
  const target = join(folder, String(exports))
  const quiet = { step: () => undefined, advance: () => undefined }
  const tools = { pool, signal: new AbortController().signal, ...quiet }
  const done = await exportFolder(content, target, () => Buffer.from('{}'), tools)
  const place = join(target, 'files')
  const names = (await readdir(place)).sort()
  const texts = await Promise.all(names.map((name) => readFile(join(place, name), 'utf8')))
  return { ...done, files: Object.fromEntries(names.map((name, i) => [name, texts[i]])) }
}

/** The same with evidence that its sender made, of the first item. */
async function added(
  content: Exportable,
  title: string,
  text: string,
  change: (manifest: object) => object = (same) => same,
): Promise<Exportable> {
  const [item] = content.items
  if (item === undefined) throw new Error('no item')
  const layer = await bench.blobs.putBytes(Buffer.from(text))
  const bytes = fileEvidenceManifest(item.root, { ...layer, title, type: fileSignature })
  const changed = canonical(change(JSON.parse(bytes.toString('utf8')) as object))
  const manifest = await bench.blobs.putBytes(changed)
  const evidence = {
    ...manifest,
    mediaType: ociManifest,
    artifactType: fileSignature,
    subject: item.root.digest,
  }
  const blob = { state: 'carried', early: true } as const
  return {
    ...content,
    items: [{ ...item, evidence: [...item.evidence, evidence] }, ...content.items.slice(1)],
    blobs: [...content.blobs, { ...layer, ...blob }, { ...manifest, ...blob }],
  }
}

describe('evidence beside exported files', () => {
  it('is what it was, to the byte', async () => {
    const files = {
      'rel.bin': 'a release',
      'rel.bin.sig': 'a signature',
      'rel.bin.intoto.jsonl': '{"payload":1}\r\n\n{"b":2}',
      'rel.bin.asc': '-----BEGIN PGP SIGNATURE-----\n',
      'other.txt': 'nothing speaks for it',
    }
    const done = await exported(await collected(files, '  - file: ./rel.bin\n  - file: ./other.txt'))
    expect(done.files).toEqual(files)
    expect([done.left, done.blobs]).toEqual([[], 5])
    expect(done.bytes).toBe(Object.values(files).reduce((sum, text) => sum + text.length, 0))
  })

  it('never takes the name of an item, also not in other letters', async () => {
    const files = { 'rel.bin': 'a release', 'rel.bin.sig': 'a signature', 'REL.BIN.SIG': 'an item' }
    const done = await exported(await collected(files, '  - file: ./rel.bin\n  - file: ./REL.BIN.SIG'))
    expect(done.files).toEqual({ 'rel.bin': 'a release', 'REL.BIN.SIG': 'an item' })
    expect(done.left).toEqual([
      expect.stringMatching(
        /^Not beside rel\.bin: evidence sha256:[0-9a-f]{64}, whose name another file has: “rel\.bin\.sig”\.$/,
      ),
    ])
    const same = { 'rel.bin': 'a release', 'rel.bin.sig': 'a signature' }
    expect(
      await exported(await collected(same, '  - file: ./rel.bin\n  - file: ./rel.bin.sig')),
    ).toMatchObject({ files: same, left: [] })
  })

  it.each([
    ['install.sh'],
    ['../rel.bin.sig'],
    ['/etc/rel.bin.sig'],
    ['.bashrc'],
    ['rel.bin'],
    [''],
    ['other.bin.sig'],
    ['rel.bin.sig\u202e'],
    ['rel.bin.sig '],
    ['CON'],
  ])('that calls itself %j stays behind', async (title) => {
    const content = await collected({ 'rel.bin': 'a release' }, '  - file: ./rel.bin')
    const done = await exported(await added(content, title, 'x'))
    expect(done.files).toEqual({ 'rel.bin': 'a release' })
    expect(done.left).toEqual([expect.stringMatching(/whose name is no usual one/)])
    expect(done.left.join('')).not.toMatch(/\u202e/)
  })

  it('that is no single document, or speaks for something else, stays behind', async () => {
    const content = await collected({ 'rel.bin': 'a release' }, '  - file: ./rel.bin')
    const layers = (manifest: object): object[] => (manifest as { layers: object[] }).layers
    const twice = await added(content, 'rel.bin.sig', 'x', (manifest) => ({
      ...manifest,
      layers: [...layers(manifest), ...layers(manifest)],
    }))
    const none = await added(content, 'rel.bin.sig', 'x', (manifest) => ({ ...manifest, layers: [] }))
    for (const [one, words] of [
      [twice, /which is 2 documents/],
      [none, /which is 0 documents/],
    ] as const) {
      const done = await exported(one)
      expect([Object.keys(done.files), done.left]).toEqual([['rel.bin'], [expect.stringMatching(words)]])
    }
    const first = await added(content, 'rel.bin.sig', 'x')
    const subject = first.items[0]?.evidence[0] ?? { digest: 'sha256:' as const, size: 0 }
    const about = { mediaType: ociManifest, digest: subject.digest, size: subject.size }
    const second = await added(first, 'rel.bin.sig', 'y', (manifest) => ({ ...manifest, subject: about }))
    const items = second.items.map((item) => ({
      ...item,
      evidence: item.evidence.map((one, i) => (i === 0 ? one : { ...one, subject: subject.digest })),
    }))
    const done = await exported({ ...second, items })
    expect(done.files).toEqual({ 'rel.bin': 'a release', 'rel.bin.sig': 'x' })
    expect(done.left).toEqual([expect.stringMatching(/which speaks for other evidence/)])
  })

  it('by the digest of the file lies there as its tool writes it for every system', async () => {
    const content = await collected({ 'rel.bin': 'a release' }, '  - file: ./rel.bin')
    const hex = content.blobs.map(({ digest }) => digest.slice(7))
    for (const one of hex) await writeFile(join(bench.folder, `sha256:${one}.jsonl`), '{"mediaType":1}')
    const done = await exported(await collected({ 'rel.bin': 'a release' }, '  - file: ./rel.bin'))
    expect(done.left).toEqual([])
    const [name = ''] = Object.keys(done.files).filter((file) => file.endsWith('.jsonl'))
    expect(name).toMatch(/^sha256-[0-9a-f]{64}\.jsonl$/)
    expect(Object.keys(done.files)).toHaveLength(2)
  })

  it('goes to a registry as what refers to the file', async () => {
    const content = await collected({ 'rel.bin': 'a release', 'rel.bin.sig': 'x' }, '  - file: ./rel.bin')
    const registry = await new TestRegistry().open()
    try {
      const { host } = registry
      const rules = { hosts: [{ host, plainHttp: true }], plainHttp: [], ca: {} }
      const quiet = { step: () => undefined, advance: () => undefined }
      const tools = { pool, signal: new AbortController().signal, ...quiet }
      await exportRegistry(
        content,
        { host, prefix: '' },
        { ...tools, gate: openGate(rules), rules, credentials: {} },
      )
      const [evidence] = content.items[0]?.evidence ?? []
      const puts = registry.heard.filter(({ method }) => method === 'PUT').map(({ path }) => path)
      expect(puts).toContain(`/v2/rel.bin/manifests/${evidence?.digest ?? ''}`)
    } finally {
      await registry.close()
    }
  })
})
