import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { placeOfDropped } from '../../../main/desk/work/dropped.ts'
import { Places } from '../../../main/desk/work/places.ts'

const folder = mkdtempSync(join(tmpdir(), 'sallyport-dropped-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const file = join(folder, 'a.tar')
writeFileSync(file, 'a')

describe('what a person dropped', () => {
  it('a file, or a folder: a place that serves for looking and for nothing else', async () => {
    const places = new Places()
    const one = await placeOfDropped(places, [file])
    expect(one).toMatchObject({ label: 'a.tar', folder: false, count: 1 })
    expect(places.path(one.place ?? '', 'look')).toBe(file)
    for (const purpose of ['look-folder', 'content', 'key', 'desk'] as const)
      expect(() => places.path(one.place ?? '', purpose)).toThrow('place-unknown')
    const other = await placeOfDropped(places, [folder])
    expect(other).toMatchObject({ folder: true })
    expect(places.path(other.place ?? '', 'look-folder')).toBe(folder)
  })

  it('by a link it is what the link leads to, as by a dialog', async () => {
    symlinkSync(file, join(folder, 'link'))
    expect(await placeOfDropped(new Places(), [join(folder, 'link')])).toMatchObject({ label: 'link' })
  })

  it.each([
    ['nothing', [], 0],
    ['several', [file, folder], 2],
    ['what is gone', [join(folder, 'gone')], 1],
    ['no path', [''], 1],
    ['a path that depends on where one is', ['a.tar'], 1],
    ['what is neither', ['/dev/null'], 1],
    ['a path with a zero', [`${file}\0`], 1],
    ['no text', [7], 1],
    ['no list', 'a.tar', 0],
    ['nothing at all', undefined, 0],
  ])('%s: no place', async (_, paths, count) => {
    const found = await placeOfDropped(new Places(), paths)
    expect(found).toEqual({ place: null, label: '', folder: false, count })
  })
})
