import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { ArchiveProblem } from '../../../main/archive/problem.ts'
import { openTarTree } from '../../../main/archive/tar-tree.ts'
import type { Tree } from '../../../main/archive/tree.ts'
import { limits } from '../../../main/platform/limits.ts'
import { madeHead, madeTar, padded, sha256, tarEnd } from '../../support/made-tar.ts'

const folder = mkdtempSync(join(tmpdir(), 'sallyport-tar-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const reading = { signal: new AbortController().signal, advance: () => undefined }
let count = 0

function open(bytes: Buffer, nested: RegExp = /^nested[.a-z]*$/): Promise<Tree> {
  const path = join(folder, `${(count += 1)}`)
  writeFileSync(path, bytes)
  return openTarTree('made', { paths: [path] }, (inner) => nested.test(inner), reading)
}

/** Why it is refused. */
async function reasonOf(bytes: Buffer): Promise<string> {
  try {
    await open(bytes)
  } catch (error) {
    if (error instanceof ArchiveProblem) return error.reason
    throw error
  }
  return 'read'
}

const one = (name: string, content = 'x'): Buffer =>
  Buffer.concat([madeHead({ name, size: content.length }), padded(content)])

describe('a tar', () => {
  it('gives every file with its hash, and reads it again from where it lies', async () => {
    const large = Buffer.alloc(5 * 1024 * 1024, 7)
    const bytes = await madeTar([
      { name: 'a/', type: 'directory' },
      { name: './a/b.json', content: '{"x":1}' },
      { name: 'large', content: large },
      { name: `${'long/'.repeat(60)}name`, content: 'deep' },
      { name: 'link', type: 'symlink', linkname: 'large' },
    ])
    const packed = [bytes, gzipSync(bytes)]
    for (const one of packed) {
      const tree = await open(one)
      expect([...tree.files.values()].map(({ path, size, digest }) => [path, size, digest])).toEqual([
        ['a/b.json', 7, sha256('{"x":1}')],
        ['large', large.length, sha256(large)],
        [`${'long/'.repeat(60)}name`, 4, sha256('deep')],
      ])
      expect([tree.folders.has('a'), tree.links.get('link')?.target]).toEqual([true, 'large'])
      expect((await tree.read('large', large.length)).equals(large)).toBe(true)
      expect(await tree.read('a/b.json', 100)).toEqual(Buffer.from('{"x":1}'))
      expect(tree.digest).toBe(sha256(one))
    }
  })

  it('goes through archives in it where they are wanted, and through no others', async () => {
    const inner = await madeTar([{ name: 'x.txt', content: 'x' }])
    const tree = await open(
      await madeTar([
        { name: 'nested.tar.gz', content: gzipSync(inner) },
        { name: 'other.tar', content: inner },
      ]),
    )
    expect([...tree.files.keys()]).toEqual(['nested.tar.gz/x.txt', 'nested.tar.gz', 'other.tar'])
    expect(await tree.read('nested.tar.gz/x.txt', 10)).toEqual(Buffer.from('x'))
  })

  it('a file of more than 8 GiB by pax is believed in its size', async () => {
    const bytes = await madeTar([{ name: 'a', content: 'abc', pax: { size: '3' } }])
    expect((await open(bytes)).files.get('a')?.size).toBe(3)
  })
})

const sparse = Buffer.from('22 GNU.sparse.major=1\n')
const pax = (records: string, type = 'x'): Buffer =>
  Buffer.concat([madeHead({ name: 'pax', size: records.length, type }), padded(records)])
const base256 = (first: number, rest: number): Buffer => {
  const field = Buffer.alloc(12)
  field[0] = first
  field.writeUInt32BE(rest, 8)
  return field
}

describe('a tar that programs read in different ways, or not to its end', () => {
  it.each<[name: string, reason: string, bytes: Buffer]>([
    ['nothing', 'truncated', Buffer.alloc(0)],
    ['no end', 'truncated', one('a')],
    ['an entry that is cut', 'truncated', one('a', 'x'.repeat(600)).subarray(0, 900)],
    [
      'a head that is cut',
      'truncated',
      Buffer.concat([one('a'), madeHead({ name: 'b', size: 1 }).subarray(0, 300)]),
    ],
    ['an entry behind the end', 'behind-the-end', Buffer.concat([one('a'), tarEnd, one('b'), tarEnd])],
    [
      'anything behind one block of zeros',
      'behind-the-end',
      Buffer.concat([one('a'), Buffer.alloc(512), one('b'), tarEnd]),
    ],
    ['a head with a wrong sum', 'damaged', Buffer.concat([one('a').fill(1, 300, 301), tarEnd])],
    [
      'a size that is no number',
      'damaged',
      Buffer.concat([madeHead({ name: 'a', size: Buffer.from('zzzzzzzzzzz\0') }), tarEnd]),
    ],
    [
      'a size below nothing',
      'damaged',
      Buffer.concat([madeHead({ name: 'a', size: base256(0xff, 1) }), tarEnd]),
    ],
    ['two entries of one path', 'entry-twice', Buffer.concat([one('a', 'x'), one('./a', 'y'), tarEnd])],
    [
      'a file where a folder is',
      'entry-twice',
      Buffer.concat([madeHead({ name: 'a/', size: 0, type: '5' }), one('a'), tarEnd]),
    ],
    ['a path upwards', 'path-outside', Buffer.concat([one('a/../../b'), tarEnd])],
    ['a path from the root', 'path-outside', Buffer.concat([one('/etc/passwd'), tarEnd])],
    ['a path of Windows', 'path-outside', Buffer.concat([one('a\\..\\b'), tarEnd])],
    ['a drive', 'path-outside', Buffer.concat([one('C:/b'), tarEnd])],
    ['a name with a line feed', 'name', Buffer.concat([one('a\nb'), tarEnd])],
    ['a device', 'device', Buffer.concat([madeHead({ name: 'a', size: 0, type: '3' }), tarEnd])],
    ['a pipe', 'device', Buffer.concat([madeHead({ name: 'a', size: 0, type: '6' }), tarEnd])],
    [
      'a link with content',
      'damaged',
      Buffer.concat([madeHead({ name: 'a', size: 1, type: '2', link: 'b' }), padded('x'), tarEnd]),
    ],
    [
      'a type that nobody knows',
      'not-read',
      Buffer.concat([madeHead({ name: 'a', size: 0, type: 'Z' }), tarEnd]),
    ],
    ['a sparse file', 'not-read', Buffer.concat([pax(sparse.toString()), one('a'), tarEnd])],
    [
      'records larger than is held',
      'too-large',
      Buffer.concat([madeHead({ name: 'x', size: limits.tarNoteBytes + 1, type: 'x' }), tarEnd]),
    ],
    [
      'a long name larger than is held',
      'too-large',
      Buffer.concat([madeHead({ name: 'x', size: limits.tarNoteBytes + 1, type: 'L' }), tarEnd]),
    ],
    ['records that are none', 'damaged', Buffer.concat([pax('nonsense'), one('a'), tarEnd])],
    ['a record twice', 'damaged', Buffer.concat([pax('10 path=b\n10 path=c\n'), one('a'), tarEnd])],
    [
      'a name by two ways',
      'damaged',
      Buffer.concat([
        pax('10 path=b\n'),
        madeHead({ name: 'L', size: 2, type: 'L' }),
        padded('c\0'),
        one('a'),
        tarEnd,
      ]),
    ],
    ['a name for all', 'not-read', Buffer.concat([pax('10 path=b\n', 'g'), one('a'), tarEnd])],
    ['a size for all', 'not-read', Buffer.concat([pax('10 size=0\n', 'g'), one('a'), tarEnd])],
  ])('%s: %s', async (_, reason, bytes) => expect(await reasonOf(bytes)).toBe(reason))

  it('a comment for all, as git writes it, is read', async () =>
    expect(await reasonOf(Buffer.concat([pax('15 comment=abc\n', 'g'), one('a'), tarEnd]))).toBe('read'))

  it('more steps than are followed', async () =>
    expect(await reasonOf(await madeTar([{ name: 'a/'.repeat(limits.archiveSteps) + 'b' }]))).toBe(
      'too-deep',
    ))

  it('more entries than are gone through', async () => {
    const many = Buffer.concat(
      Array.from({ length: limits.archiveEntries + 1 }, (_, i) => madeHead({ name: `${i}`, size: 0 })),
    )
    expect(await reasonOf(gzipSync(Buffer.concat([many, tarEnd]), { level: 1 }))).toBe('too-many')
  })

  it('archives in archives deeper than is followed', async () => {
    let inner = await madeTar([{ name: 'nested', content: 'x' }])
    for (let i = 0; i < limits.archiveDepth; i += 1)
      inner = await madeTar([{ name: 'nested', content: inner }])
    const path = join(folder, 'deep')
    writeFileSync(path, inner)
    const opened = openTarTree('deep', { paths: [path] }, () => true, reading)
    await expect(opened).rejects.toMatchObject({ reason: 'too-deep' })
  })

  it('documents that are not kept are not gone through again for ever', async () => {
    const size = limits.archiveDocumentBytes
    const kept = Math.floor(limits.archiveKeptBytes / size)
    const path = join(folder, 'many')
    const content = Buffer.alloc(size, '{')
    const names = Array.from({ length: kept + 1 }, (_, i) => `${i}.json`)
    writeFileSync(path, gzipSync(await madeTar(names.map((name) => ({ name, content }))), { level: 1 }))
    const tree = await openTarTree('many', { paths: [path] }, () => false, reading)
    expect((await tree.read('0.json', size)).length).toBe(size)
    const last = names.at(-1) ?? ''
    const again = async (): Promise<void> => {
      for (let i = 0; i <= limits.archiveAgain; i += 1) await tree.read(last, size)
    }
    await expect(again()).rejects.toMatchObject({ reason: 'too-many' })
  }, 60_000)

  it('a file that changes between two readings', async () => {
    const content = Buffer.alloc(5 * 1024 * 1024, 1)
    const path = join(folder, 'changes')
    writeFileSync(path, await madeTar([{ name: 'a', content }]))
    const tree = await openTarTree('changes', { paths: [path] }, () => false, reading)
    writeFileSync(path, await madeTar([{ name: 'a', content: content.fill(2) }]))
    await expect(tree.read('a', content.length)).rejects.toMatchObject({ reason: 'changing' })
  })
})
