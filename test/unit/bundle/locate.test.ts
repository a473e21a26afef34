import { writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { indexBytes } from '../../../main/bundle/index-json.ts'
import { locate } from '../../../main/bundle/locate.ts'
import { limits } from '../../../main/platform/limits.ts'
import type { Item } from '../../../shared/waybill.ts'

let folder: string
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'sallyport-locate-')))
})
afterEach(() => rm(folder, { recursive: true }))

const name = (digit: string): string => `sallyport-${digit.repeat(16)}`
const codeOf = (path: string): Promise<unknown> =>
  locate(path).then(
    () => 'found',
    (error: unknown) => (error as { code: string }).code,
  )

describe('what lies at a path', () => {
  it('is a bundle by its name or by what is in it, or the one bundle below', async () => {
    const medium = { scope: 'medium', beside: [] }
    await mkdir(join(folder, 'stick', name('a')), { recursive: true })
    await writeFile(join(folder, 'stick', 'other.txt'), 'x')
    const bundle = join(folder, 'stick', name('a'))
    for (const path of [bundle, join(folder, 'stick')])
      expect(await locate(path)).toEqual({ ...medium, folder: bundle })
    for (const own of ['waybill.json', 'waybill.sigstore.jsonl', 'medium.json']) {
      const renamed = join(folder, `renamed-${own}`)
      await mkdir(renamed)
      await writeFile(join(renamed, own), '')
      expect(await locate(renamed)).toEqual({ ...medium, folder: renamed })
    }
    await symlink(join(folder, 'stick'), join(folder, 'link'))
    expect(await locate(join(folder, 'link'))).toEqual({ ...medium, folder: bundle })
  })

  it('is a tar in as many parts as there may be, and no more of them', async () => {
    const part = (n: number): string => join(folder, `bundle.tar.${String(n).padStart(3, '0')}`)
    for (let n = 1; n <= limits.parts + 1; n += 1) writeFileSync(part(n), 'x')
    const found = await locate(part(1))
    if (found.scope !== 'tar') throw new Error('no tar')
    expect(found.pieces).toHaveLength(limits.parts)
    expect(found.pieces.at(-1)).toEqual({ path: part(limits.parts), offset: limits.parts - 1, size: 1 })
  })

  it('is nothing, or more than one, in words', async () => {
    expect(await codeOf(folder)).toBe('medium-nothing')
    await mkdir(join(folder, `${name('a')}0`))
    await mkdir(join(folder, `x${name('a')}`))
    expect(await codeOf(folder)).toBe('medium-nothing')
    await writeFile(join(folder, name('a')), 'a file')
    expect(await codeOf(folder)).toBe('medium-nothing')
    await mkdir(join(folder, name('b')))
    await expect(locate(folder)).rejects.toMatchObject({
      code: 'medium-ambiguous',
      facts: { found: 2, names: `${name('a')}, ${name('b')}` },
    })
    await expect(locate(join(folder, 'gone'))).rejects.toMatchObject({
      code: 'file-unreadable',
      facts: { found: 'ENOENT' },
    })
    await symlink('/dev/null', join(folder, 'device'))
    expect(await codeOf(join(folder, 'device'))).toBe('medium-nothing')
  })

  it('is refused where a folder has more names than any medium', async () => {
    const many = join(folder, 'many')
    await mkdir(many)
    const names = Array.from({ length: limits.folderEntries }, (_, i) => join(many, String(i)))
    for (const one of names) writeFileSync(one, '')
    expect(await codeOf(many)).toBe('medium-nothing')
    await writeFile(join(many, 'one-more'), '')
    expect(await codeOf(many)).toBe('file-too-large')
  })

  it('is a tar alone, or all its parts up to the first that is none', async () => {
    const path = (part: string): string => join(folder, `bundle.tar${part}`)
    await writeFile(path(''), 'whole')
    await writeFile(path('.001'), 'one')
    await writeFile(path('.002'), 'second')
    await mkdir(path('.003'))
    await writeFile(path('.004'), 'four')
    const piece = (part: string, offset: number, size: number) => ({ path: path(part), offset, size })
    expect(await locate(path(''))).toEqual({ scope: 'tar', pieces: [piece('', 0, 5)] })
    const pieces = [piece('.001', 0, 3), piece('.002', 3, 6)]
    expect(await locate(path('.001'))).toEqual({ scope: 'tar', pieces })
    await rm(path('.003'), { recursive: true })
    expect(await locate(path('.001'))).toEqual({ scope: 'tar', pieces })
    // Only the first stands for all.
    expect(await locate(path('.002'))).toEqual({ scope: 'tar', pieces: [piece('.002', 0, 6)] })
  })
})

describe('index.json', () => {
  const digest = (digit: string): `sha256:${string}` => `sha256:${digit.repeat(64)}`
  const piece = (digit: string, artifactType: string | null) => ({
    ...{ mediaType: 'm', digest: digest(digit), size: 2, artifactType },
  })

  it('has each root under its reference, then its evidence that is not listed yet, and only what is said', () => {
    const items = [
      { root: piece('a', null), reference: 'oci:./app:1', evidence: [piece('c', 'x'), piece('d', null)] },
      { root: piece('b', 'y'), reference: 'registry.test/b', evidence: [piece('c', 'x'), piece('a', null)] },
    ] as unknown as Item[]
    const entry = (digit: string, more: object = {}) => ({
      ...{ mediaType: 'm', digest: digest(digit), size: 2 },
      ...more,
    })
    const named = (reference: string) => ({
      annotations: { 'org.opencontainers.image.ref.name': reference },
    })
    expect(JSON.parse(indexBytes(items).toString())).toEqual({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.index.v1+json',
      manifests: [
        entry('a', named('app:1')),
        entry('c', { artifactType: 'x' }),
        entry('d'),
        entry('b', { artifactType: 'y', ...named('registry.test/b') }),
      ],
    })
  })
})
