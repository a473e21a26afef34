import { chmod, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { indexBytes } from '../../../main/bundle/index-json.ts'
import type { Exportable } from '../../../main/export/export.ts'
import { exportLayout } from '../../../main/export/layout.ts'
import { failureOf } from '../../support/failure-of.ts'
import { sampleImage } from '../../support/images.ts'
import { filesIn } from '../../support/saved-archive.ts'
import { baseOf, openArchiving, type Archiving } from './archiving.ts'
import { exportTools } from './pushing.ts'

let at: Archiving
beforeEach(async () => {
  at = await openArchiving()
})
afterEach(() => at.close())

describe.each([
  ['an OCI archive', (content: Exportable, target: string) => at.oci(content, target)],
  ['a docker archive', (content: Exportable, target: string) => at.docker(content, 'linux/amd64', target)],
])('%s leaves nothing that looks whole', (_, write) => {
  it('where something is already, a link to nowhere too', async () => {
    const content = await at.sampled()
    await writeFile(at.out, 'mine')
    await symlink('/nowhere/at/all', join(at.folder, 'link'))
    await mkdir(join(at.folder, 'folder'))
    for (const name of ['out.tar', 'link', 'folder']) {
      const failure = await failureOf(write(content, join(at.folder, name)))
      expect([failure.code, failure.facts.path]).toEqual(['file-exists', join(at.folder, name)])
    }
    expect(await readFile(at.out, 'utf8')).toBe('mine')
    expect((await readdir(at.folder)).sort()).toEqual(['folder', 'link', 'out.tar'])
  })

  it.skipIf(process.platform === 'win32')('where other accounts may write', async () => {
    const shared = join(at.folder, 'shared')
    await mkdir(shared)
    await chmod(shared, 0o777)
    const failure = await failureOf(write(await at.sampled(), join(shared, 'out.tar')))
    expect(failure.code).toBe('target-shared')
    expect(await readdir(shared)).toEqual([])
  })

  it('where there is no folder', async () => {
    const failure = await failureOf(write(await at.sampled(), join(at.folder, 'a', 'out.tar')))
    expect([failure.code, failure.facts.expected]).toEqual(['export-target', 'a new file'])
  })

  it('when content rotted, got shorter or longer in the store', async () => {
    const content = await at.sampled()
    // The layer that both platforms have.
    const { digest, size } = content.blobs.find((blob) => blob.digest === baseOf(sampleImage()))!
    for (const bytes of [Buffer.alloc(size), Buffer.alloc(size - 1), Buffer.alloc(size + 1)]) {
      await writeFile(at.bench.blobs.path(digest), bytes)
      expect((await failureOf(write(content, at.out))).code).toBe('content-damaged')
      expect(await readdir(at.folder)).toEqual([])
    }
    await rm(at.bench.blobs.path(digest))
    expect((await failureOf(write(content, at.out))).code).toBe('file-unreadable')
    expect(await readdir(at.folder)).toEqual([])
  })
})

describe('an OCI archive', () => {
  it('when it is cancelled leaves nothing', async () => {
    const stop = new AbortController()
    stop.abort()
    expect((await failureOf(at.oci(await at.sampled(), at.out, stop.signal))).code).toBe('cancelled')
    expect(await readdir(at.folder)).toEqual([])
  })

  it('has the very files of a layout, and the same bytes each time', async () => {
    const content = await at.sampled()
    const exported = await at.oci(content)
    const layout = join(at.folder, 'layout')
    const asLayout = await exportLayout(content, layout, indexBytes(content.items), exportTools(at.pool))
    expect({ ...exported, target: layout }).toEqual(asLayout)
    const files = await filesIn(at.out)
    const names = [
      'oci-layout',
      'index.json',
      ...content.blobs.map(({ digest }) => `blobs/sha256/${digest.slice(7)}`),
    ]
    expect([...files.keys()]).toEqual(names)
    const found = await readdir(layout, { recursive: true, withFileTypes: true })
    expect(found.filter((one) => one.isFile())).toHaveLength(names.length)
    for (const name of names) {
      const { header, bytes } = files.get(name)!
      expect(bytes.equals(await readFile(join(layout, name)))).toBe(true)
      expect(header).toMatchObject({
        type: 'file',
        mode: 0o644,
        uid: 0,
        gid: 0,
        mtime: new Date(0),
        pax: null,
      })
    }
    const tar = await readFile(at.out)
    expect([tar.subarray(257, 265).toString('latin1'), tar.length % 512]).toEqual(['ustar\0' + '00', 0])
    expect(tar.subarray(-1024).equals(Buffer.alloc(1024))).toBe(true)
    await at.oci(content, join(at.folder, 'again.tar'))
    expect((await readFile(join(at.folder, 'again.tar'))).equals(tar)).toBe(true)
    expect((await readdir(at.folder)).sort()).toEqual(['again.tar', 'layout', 'out.tar'])
  })
})
