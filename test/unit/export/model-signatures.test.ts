import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Exportable } from '../../../main/export/export.ts'
import { exportFolder } from '../../../main/export/folder.ts'
import { fileEvidenceManifest, fileSignature, modelSignature } from '../../../main/oci/file-evidence.ts'
import { ociManifest } from '../../../main/oci/media-types.ts'
import { openPool, type Pool } from '../../../main/platform/workers.ts'
import { openWorkbench, type Workbench } from '../collect/workbench.ts'

/* Signatures of models that did not lie in them: beside their folders again, and under no name that is another's. */

let bench: Workbench
let pool: Pool
let folder: string
beforeEach(async () => {
  bench = await openWorkbench()
  pool = openPool(1)
  folder = await realpath(await mkdtemp(join(tmpdir(), 'sallyport-models-')))
})
afterEach(async () => {
  await pool.close()
  await bench.close()
  await rm(folder, { recursive: true, force: true })
})

async function collected(files: Readonly<Record<string, string>>, request: string): Promise<Exportable> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(bench.folder, name)), { recursive: true })
    await writeFile(join(bench.folder, name), text)
  }
  const { items, blobs } = await bench.collect(request)
  return {
    items,
    blobs: blobs.filter((blob) => blob.state === 'carried'),
    path: (digest) => bench.blobs.path(digest),
  }
}

async function exported(content: Exportable) {
  const target = join(folder, 'out')
  const quiet = { step: () => undefined, advance: () => undefined }
  const tools = { pool, signal: new AbortController().signal, ...quiet }
  const done = await exportFolder(content, target, () => Buffer.from('{}'), tools)
  return { ...done, names: (await readdir(join(target, 'models'))).sort(), place: join(target, 'models') }
}

/** The same with a signature of the first item that its sender made, under any name. */
async function added(content: Exportable, title: string, text: string, type = modelSignature) {
  const [item, ...rest] = content.items
  if (item === undefined) throw new Error('no item')
  const layer = { ...(await bench.blobs.putBytes(Buffer.from(text))), title, type }
  const manifest = await bench.blobs.putBytes(fileEvidenceManifest(item.root, layer))
  const evidence = { ...manifest, mediaType: ociManifest, artifactType: type, subject: item.root.digest }
  const blob = (one: { digest: typeof layer.digest; size: number }) => ({
    ...{ digest: one.digest, size: one.size, state: 'carried' as const, early: true },
  })
  return {
    ...content,
    items: [{ ...item, evidence: [...item.evidence, evidence] }, ...rest],
    blobs: [...content.blobs, blob(manifest), blob(layer)],
  }
}

describe('a signature beside a model', () => {
  it.each([
    ['the name of a model', 'assistant'],
    ['the name of another model, in other case', 'Other'],
    ['the name of another signature', 'M.sig'],
    ['a path that climbs', '../m.sig'],
    ['a path into the model', 'assistant/evil.py'],
    ['a hidden name', '.bashrc'],
    ['no name', ''],
  ])('is not written under %s', async (_, title) => {
    const files = { 'assistant/w': 'w', 'other/w': 'w', 'm.sig': '{"a": 1}' }
    const honest = await collected(files, '  - {model: assistant, signature: m.sig}\n  - model: other')
    const out = await exported(await added(honest, title, '{"b": 2}'))
    expect(out.names).toEqual(['assistant', 'm.sig', 'other'])
    expect(await readFile(join(out.place, 'm.sig'), 'utf8')).toBe('{"a": 1}')
    expect(out.left).toHaveLength(1)
    expect(out.left[0]).toContain('Not beside assistant')
    expect(out.left[0]).toContain('no name of its own')
  })

  it('in another form is not written, which is said', async () => {
    const honest = await collected({ 'assistant/w': 'w' }, '  - model: assistant')
    const out = await exported(await added(honest, 'x.sig', 'x', fileSignature))
    expect([out.names, out.left]).toEqual([
      ['assistant'],
      [expect.stringContaining('no signature of a model') as string],
    ])
  })
})
