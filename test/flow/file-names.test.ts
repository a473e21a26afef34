import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { done, sallyport } from '../support/command-line.ts'
import { decideBoth, makeBundle, makeCrossing, type Crossing } from '../support/desks.ts'

/* Packages and documents cross under the names that their indexes and people know them by. */

let crossing: Crossing
beforeEach(async () => {
  crossing = await makeCrossing()
})
afterEach(() => crossing.dispose())

const names = [
  'libstdc++6_12.2.0-14_amd64.deb',
  'rke2-1.29.3~rke2r1-0.el8.x86_64.rpm',
  'Release notes 1.2.pdf',
  'Änderungen, 2. Fassung.pdf',
  'pkg@1.0=x.tgz',
]

describe('files', () => {
  it('cross and leave under the names that they have', async () => {
    const files = Object.fromEntries(names.map((name) => [name, `content of ${name}`]))
    const { folder } = await makeBundle(crossing, 'names', files)
    const verified = await sallyport(['verify', folder, '--desk', crossing.high], crossing.clock)
    expect(verified.json.checks.filter(({ result }) => result === 'fail')).toEqual([])
    expect(verified.code).toBe(0)
    const { id } = verified.json
    await decideBoth(crossing, id, 'accept')
    const out = join(crossing.folder, 'out')
    await done(['export', id, '--desk', crossing.high, '--to', `dir:${out}`], crossing.clock)
    expect((await readdir(join(out, 'files'))).sort()).toEqual([...names].sort())
    for (const name of names) expect(await readFile(join(out, 'files', name), 'utf8')).toBe(files[name])
  })

  it('that differ in capitals alone do not cross together', async () => {
    const failing = makeBundle(crossing, 'twins', { 'Änderung.pdf': 'a', 'änderung.pdf': 'b' })
    await expect(failing).rejects.toThrow('reference-twice')
  })
})
