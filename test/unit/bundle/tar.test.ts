import { mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MemberCheck, MemberProblem } from '../../../main/bundle/check-task.ts'
import { headerOf, padded } from '../../../main/bundle/layout.ts'
import { partsOf, slicesOf, type Piece } from '../../../main/bundle/parts.ts'
import type { MemberSource } from '../../../main/bundle/write-task.ts'
import { openPool, type Pool } from '../../../main/platform/workers.ts'
import { pattern, sha256 } from '../../support/images.ts'

/* A bundle's tar as threads write it, part by part, and as threads read it. */

let folder: string
let pool: Pool
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-tar-'))
  pool = openPool(1)
  for (const [name, bytes] of Object.entries(blobs)) await writeFile(join(folder, name), bytes)
})
afterEach(async () => {
  await pool.close()
  await rm(folder, { recursive: true })
})

const known = Buffer.from('{"imageLayoutVersion":"1.0.0"}')
const blobs = { a: pattern('a', 700), b: pattern('b', 1_200_000), c: Buffer.alloc(0), d: pattern('d', 1024) }
const contents: readonly (readonly [string, Buffer])[] = [['oci-layout', known], ...Object.entries(blobs)]
const zeroes = (size: number): Buffer => Buffer.alloc(padded(size) - size)
const whole = Buffer.concat([
  ...contents.flatMap(([name, bytes]) => [headerOf(name, bytes.length), bytes, zeroes(bytes.length)]),
  Buffer.alloc(1024),
])

function members(): MemberSource[] {
  let at = 0
  return contents.map(([name, bytes]) => {
    const member = { name, size: bytes.length, at }
    at += 512 + padded(bytes.length)
    return bytes === known
      ? { ...member, bytes: known, file: null }
      : { ...member, bytes: null, file: join(folder, name) }
  })
}
const write = (to: string, from = 0, until = whole.length, of = members()) =>
  pool.run<{ size: number; sha256: string }>('write-part', {
    ...{ to: join(folder, to), from, until, members: of, size: whole.length },
  })
async function written(largest: number | null): Promise<Piece[]> {
  const pieces: Piece[] = []
  for (const { name, offset, size } of partsOf(whole.length, largest)) {
    const path = join(folder, `${String(largest)}-${name}`)
    const said = await write(`${String(largest)}-${name}`, offset, offset + size)
    const part = whole.subarray(offset, offset + size)
    expect(said).toEqual({ size, sha256: sha256(part).slice(7) })
    expect((await readFile(path)).equals(part)).toBe(true)
    pieces.push({ path, offset, size })
  }
  return pieces
}

describe('a part of a tar', () => {
  it('has the bytes of its range, wherever that begins and ends', async () => {
    for (const largest of [null, 333_333, 512 * 1024]) await written(largest)
    // Inside a header, inside content, on a border, inside padding, inside the end.
    for (const [from, until] of [
      [100, 400],
      [512, 530],
      [1024, 1536],
      [1030, 1036],
      [2236, 2300],
      [whole.length - 1500, whole.length - 100],
    ] as const) {
      await write(`${from}`, from, until)
      expect((await readFile(join(folder, `${from}`))).equals(whole.subarray(from, until))).toBe(true)
    }
  })

  it('is a new file, of blobs that are there in full', async () => {
    await writeFile(join(folder, 'taken'), 'mine')
    await expect(write('taken')).rejects.toMatchObject({ code: 'medium-failed', facts: { found: 'EEXIST' } })
    expect(await readFile(join(folder, 'taken'), 'utf8')).toBe('mine')
    await truncate(join(folder, 'd'), 1000)
    await expect(write('short')).rejects.toMatchObject({
      code: 'content-damaged',
      facts: { subject: 'd', expected: '1024 bytes', found: '1000 bytes' },
    })
    await rm(join(folder, 'a'))
    await expect(write('gone')).rejects.toMatchObject({ code: 'medium-failed', facts: { found: 'ENOENT' } })
  })
})

describe('a tar that is read', () => {
  const check = (pieces: readonly Piece[], keep = false, until = whole.length) =>
    pool.run<MemberProblem[]>('check-range', {
      slices: slicesOf(pieces, 0, until),
      members: contents.map(([name, bytes]): MemberCheck => ({
        name,
        size: bytes.length,
        sha256: sha256(bytes).slice(7),
        keep: keep ? join(folder, `${name}.kept`) : null,
      })),
      end: true,
    })
  const offset = (name: string): number => members().find((one) => one.name === name)?.at ?? -1
  const changed = async (path: string, ...places: readonly number[]): Promise<void> => {
    const bytes = await readFile(path)
    for (const at of places) bytes[at] = (bytes[at] ?? 0) ^ 1
    await writeFile(path, bytes)
  }

  it('is what was written, in any parts, and is kept where asked', async () => {
    for (const largest of [null, 333_333]) {
      const pieces = await written(largest)
      expect(await check(pieces)).toEqual([])
      expect((await readdir(folder)).filter((name) => name.endsWith('.kept'))).toEqual([])
      expect(await check(pieces, true)).toEqual([])
      for (const [name, bytes] of contents) {
        const path = join(folder, `${name}.kept`)
        expect((await readFile(path)).equals(bytes)).toBe(true)
        await rm(path)
      }
    }
  })

  it('is named for each wrong byte, which moves nothing behind it', async () => {
    const [piece] = await written(null)
    if (piece === undefined) throw new Error('A tar has a part.')
    const a = offset('a')
    await changed(piece.path, 3, a + 512 + 5, offset('b') + 512 + blobs.b.length, whole.length - 1)
    const other = Buffer.from(blobs.a)
    other[5] = (other[5] ?? 0) ^ 1
    expect(await check([piece])).toEqual([
      { name: 'oci-layout', problem: 'header', found: 'another header' },
      { name: 'a', problem: 'content', found: sha256(other) },
      { name: 'b', problem: 'padding', found: 'bytes that are not zero' },
      { name: 'end of the tar', problem: 'end', found: 'bytes that are not zero' },
    ])
  })

  it('ends where a part is gone, a link, or too short: what is behind counts as unread', async () => {
    const pieces = await written(333_333)
    const [first, second] = pieces
    if (first === undefined || second === undefined) throw new Error('There are several parts.')
    const unread = (found: string) => [{ name: 'b', problem: 'unreadable', found }]
    await truncate(second.path, 1000)
    expect(await check(pieces)).toEqual(unread('the file ends too early'))
    await rm(second.path)
    expect(await check(pieces)).toEqual(unread('ENOENT'))
    await symlink(first.path, second.path)
    expect(await check(pieces)).toEqual(unread('ELOOP'))
    const [piece] = await written(null)
    if (piece === undefined) throw new Error('A tar has a part.')
    expect(await check([piece], false, whole.length - 1)).toEqual([
      { name: 'end of the tar', problem: 'unreadable', found: 'the file ends too early' },
    ])
  })

  it('is not kept where nothing can be kept, and not through a link', async () => {
    const pieces = await written(null)
    await symlink(join(folder, 'elsewhere'), join(folder, 'a.kept'))
    await expect(check(pieces, true)).rejects.toMatchObject({ code: 'disk-failed' })
    expect(await readdir(folder)).not.toContain('elsewhere')
  })
})
