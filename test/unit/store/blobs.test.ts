import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openPool, type Pool } from '../../../main/platform/workers.ts'
import { openBlobs, type Blobs } from '../../../main/store/blobs.ts'
import type { Copied } from '../../../main/store/copy-blobs.ts'
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

describe('copying on threads', () => {
  const order = async (name: string, bytes: Buffer, more: object = {}) => {
    await writeFile(join(folder, name), bytes)
    return {
      from: join(folder, name),
      to: join(folder, `${name}.out`),
      digest: sha256(bytes),
      size: bytes.length,
      ...more,
    }
  }
  const copy = (orders: object[]) =>
    spread<Copied[]>(pool, 'copy-blobs', { orders, flush: true, mode: 0o600 }, orders.length, {})

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

  it('refuses another digest, more or fewer bytes, and what is no file', async () => {
    const bytes = pattern('a', 100)
    for (const more of [{ digest: sha256('b') }, { size: 99 }, { size: 101 }]) {
      await expect(copy([await order('a', bytes, more)])).rejects.toMatchObject({ code: 'content-damaged' })
    }
    const from = { from: folder }
    await expect(copy([await order('a', bytes, from)])).rejects.toMatchObject({ code: 'file-unreadable' })
    await expect(copy([await order('a', bytes, { from: join(folder, 'gone') })])).rejects.toMatchObject({
      code: 'not-found',
    })
  })
})
