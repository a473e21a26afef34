import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openPool, type Pool } from '../../../main/platform/workers.ts'
import { openBlobs, type Blobs } from '../../../main/store/blobs.ts'
import type { Copied, CopyOrder } from '../../../main/store/copy-blobs.ts'
import { wholeFile } from '../../../main/store/file-range.ts'
import { spread } from '../../../main/store/spread.ts'
import type { Digest } from '../../../shared/digest.ts'
import { pattern, sha256 } from '../../support/images.ts'

let folder: string
let blobs: Blobs
let pool: Pool
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-store-'))
  blobs = await openBlobs(folder)
  pool = openPool(2)
})
afterEach(async () => {
  await pool.close()
  await rm(folder, { recursive: true, force: true })
})

describe('the store', () => {
  it('keeps bytes by their digest', async () => {
    const { digest, size } = await blobs.putBytes(Buffer.from('content'))
    expect([digest, size]).toEqual([sha256('content'), 7])
    await blobs.putBytes(Buffer.from('content'))
    await blobs.putBytes(Buffer.alloc(0))
    await blobs.flush()
    expect((await blobs.read(digest, 7)).toString()).toBe('content')
    expect(await blobs.size(digest)).toBe(7)
    expect(await blobs.size(sha256('other') as Digest)).toBe(null)
    expect(await blobs.list()).toEqual([sha256(''), digest].sort())
    await blobs.remove(digest)
    expect(await blobs.list()).toEqual([sha256('')])
    expect(await readdir(join(folder, 'blobs', 'sha256'))).toHaveLength(1)
  })

  it('never gives out what is damaged, too large, or a link', async () => {
    const { digest } = await blobs.putBytes(Buffer.from('content'))
    await expect(blobs.read(digest, 6)).rejects.toMatchObject({ code: 'file-too-large' })
    await writeFile(blobs.path(digest), 'contenT')
    await expect(blobs.read(digest, 7)).rejects.toMatchObject({ code: 'content-damaged' })
    const other = sha256('other') as Digest
    await symlink(blobs.path(digest), blobs.path(other))
    await expect(blobs.read(other, 7)).rejects.toMatchObject({ code: 'file-unreadable' })
  })

  it('makes no path of what is no digest', () => {
    for (const text of [
      'sha256:../../etc/passwd',
      `sha512:${'a'.repeat(128)}`,
      `sha256:${'A'.repeat(64)}`,
      '',
    ]) {
      expect(() => blobs.path(text as Digest)).toThrow(
        expect.objectContaining({ code: 'algorithm-refused' }) as Error,
      )
    }
  })

  it('tells when nothing can be kept, and when what was kept cannot be flushed', async () => {
    const { digest } = await blobs.putBytes(Buffer.from('content'))
    await rm(blobs.path(digest))
    await expect(blobs.flush()).rejects.toMatchObject({ code: 'disk-failed' })
    await rm(join(folder, 'blobs'), { recursive: true })
    await expect(blobs.putBytes(Buffer.from('other'))).rejects.toMatchObject({ code: 'disk-failed' })
  })

  it('does not take a part for content, and discards it', async () => {
    const digest = sha256('content') as Digest
    await writeFile(blobs.partPath(digest), 'content')
    expect([await blobs.list(), await blobs.size(digest)]).toEqual([[], null])
    await blobs.keepPart(digest)
    expect(await blobs.list()).toEqual([digest])
    await writeFile(blobs.partPath(sha256('x') as Digest), 'x')
    await blobs.discardParts()
    expect(await readdir(join(folder, 'blobs', 'sha256'))).toEqual([digest.slice(7)])
  })
})

describe('an eager store', () => {
  it('tells of a flush that failed before anybody waited for it, also where later ones hold', async () => {
    const eager = await openBlobs(folder, true)
    const digest = sha256('a folder') as Digest
    // A folder cannot be flushed as a file is.
    await mkdir(eager.partPath(digest))
    await eager.keepPart(digest)
    for (let i = 0; i < 20; i += 1) await eager.putBytes(Buffer.from(`content ${i}`))
    await expect(eager.flush()).rejects.toMatchObject({ code: 'disk-failed' })
    await rm(eager.path(digest), { recursive: true })
    // What was lost once is not on the disc, whatever can be flushed now.
    await expect(eager.flush()).rejects.toMatchObject({ code: 'disk-failed' })
  })

  it('keeps all that comes while it flushes', async () => {
    const eager = await openBlobs(folder, true)
    const put = await Promise.all(Array.from({ length: 50 }, (_, i) => eager.putBytes(Buffer.from(`${i}`))))
    await eager.flush()
    await eager.flush()
    expect(await eager.list()).toEqual(put.map(({ digest }) => digest).sort())
  })
})

describe('copying on threads', () => {
  const order = async (
    name: string,
    bytes: Buffer,
    more: Partial<Record<keyof CopyOrder, unknown>> = {},
  ): Promise<CopyOrder> => {
    await writeFile(join(folder, name), bytes)
    const whole = { from: wholeFile(join(folder, name)), digest: sha256(bytes), size: bytes.length }
    return { ...whole, to: join(folder, `${name}.out`), ...more } as CopyOrder
  }
  const copy = (orders: readonly CopyOrder[]) =>
    spread<Copied[]>(
      pool,
      'copy-blobs',
      { orders, flush: true, mode: 0o600, inside: true },
      orders.length,
      {},
    )

  it('does each file once, hashed as it is written', async () => {
    const orders = await Promise.all(
      Array.from({ length: 9 }, (_, i) => order(`f${i}`, pattern(`f${i}`, i * 300_000))),
    )
    const copied = (
      await copy([...orders, { ...(await order('new', pattern('n', 5))), digest: null }])
    ).flat()
    expect(copied).toHaveLength(10)
    expect(copied.find((one) => one.to.endsWith('new.out'))?.digest).toBe(sha256(pattern('n', 5)))
  })

  it('takes by its digest what lies behind a link above it, and learns no digest there', async () => {
    const bytes = pattern('linked', 100)
    const one = await order('linked', bytes)
    await symlink(folder, join(folder, 'link'))
    const from = wholeFile(join(folder, 'link', 'linked'))
    expect((await copy([{ ...one, from }])).flat()).toEqual([
      { to: one.to, digest: one.digest, size: bytes.length },
    ])
    await expect(copy([{ ...one, from, digest: null }])).rejects.toMatchObject({
      code: 'file-unreadable',
      facts: { found: 'another file took its place' },
    })
    expect(await copy([])).toEqual([])
  })

  it('refuses another digest, more or fewer bytes, and what is no file', async () => {
    const bytes = pattern('a', 100)
    for (const more of [{ digest: sha256('b') }, { size: 99 }, { size: 101 }]) {
      await expect(copy([await order('a', bytes, more)])).rejects.toMatchObject({ code: 'content-damaged' })
    }
    const from = { from: wholeFile(folder) }
    await expect(copy([await order('a', bytes, from)])).rejects.toMatchObject({ code: 'file-unreadable' })
    await expect(
      copy([await order('a', bytes, { from: wholeFile(join(folder, 'gone')) })]),
    ).rejects.toMatchObject({
      code: 'not-found',
    })
  })

  /** An order for a range of a file of `bytes`, with what lies there as its digest. */
  const within = async (bytes: Buffer, position: number, size: number, more: object = {}) => {
    const from = { path: join(folder, 'archive'), position, size }
    const digest = sha256(bytes.subarray(position, position + size))
    return order('archive', bytes, { from, digest, size, ...more })
  }

  it('takes a range from the middle of a file, of several blocks or of none', async () => {
    const bytes = pattern('archive', 5_000_000)
    for (const [position, size] of [
      [512, 3_000_000],
      [0, 512],
      [4_999_999, 1],
      [1024, 0],
    ] as const) {
      const one = await within(bytes, position, size)
      expect((await copy([one])).flat()).toEqual([{ to: one.to, digest: one.digest, size }])
      expect(bytes.subarray(position, position + size).equals(await readFile(one.to))).toBe(true)
    }
    const learnt = await copy([await within(bytes, 512, 512, { digest: null })])
    expect(learnt.flat()[0]?.digest).toBe(sha256(bytes.subarray(512, 1024)))
  })

  it('refuses a range that the file ends in, of another digest, or of another size than stated', async () => {
    const bytes = pattern('archive', 5000)
    const digest = sha256(bytes.subarray(512, 612))
    for (const [one, expected, found] of [
      [await within(bytes, 4900, 101), '101 bytes', '100 bytes'],
      [await within(bytes, 6000, 7), '7 bytes', '0 bytes'],
      [await within(bytes, 512, 100, { digest: sha256('b') }), sha256('b'), digest],
      [await within(bytes, 513, 100, { digest }), digest, sha256(bytes.subarray(513, 613))],
      [await within(bytes, 512, 100, { size: 99 }), '99 bytes', '100 bytes'],
      [await within(bytes, 512, 100, { size: 101 }), '101 bytes', '100 bytes'],
    ] as const) {
      const facts = { subject: one.digest, expected, found }
      await expect(copy([one])).rejects.toMatchObject({ code: 'content-damaged', facts })
    }
  })

  it('says of a whole file that it is longer or shorter than stated', async () => {
    const bytes = pattern('a', 3_000_000)
    for (const [size, found] of [
      [2_999_999, 'more'],
      [3_000_001, '3000000 bytes'],
    ] as const) {
      const facts = { expected: `${size} bytes`, found }
      await expect(copy([await order('a', bytes, { size })])).rejects.toMatchObject({ facts })
    }
  })
})
