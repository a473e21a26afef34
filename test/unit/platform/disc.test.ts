import { execFileSync } from 'node:child_process'
import { chmod, chown, mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Failure } from '../../../main/platform/failure.ts'
import { fileSystemOf } from '../../../main/platform/file-system.ts'
import { digestOfFile, readCapped } from '../../../main/platform/files.ts'
import { askSocket, holdSocket } from '../../../main/platform/local-socket.ts'
import { makeNewFolder } from '../../../main/platform/made-folder.ts'
import { hasOwners, isShared, othersMayWrite, sharedWith } from '../../../main/platform/owners.ts'
import { sha256 } from '../../support/images.ts'

let folder: string
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'sallyport-disc-')))
})
afterEach(() => rm(folder, { recursive: true }))

const refusalOf = (act: Promise<unknown>): Promise<readonly unknown[]> =>
  act.then(
    () => ['done'],
    (error: unknown) => (error instanceof Failure ? [error.code, error.facts.found] : [String(error)]),
  )

describe('a file that is read', () => {
  it('is one, of at most so many bytes, and not while somebody has cancelled it', async () => {
    const path = join(folder, 'file')
    await writeFile(path, 'four')
    expect((await readCapped(path, 4)).toString()).toBe('four')
    expect((await refusalOf(readCapped(path, 3)))[0]).toBe('file-too-large')
    expect(await digestOfFile(path, new AbortController().signal)).toBe(sha256('four'))
    expect(await refusalOf(digestOfFile(path, AbortSignal.abort()))).toEqual(['cancelled', undefined])
    expect(await refusalOf(digestOfFile(folder))).toEqual(['file-unreadable', 'not a regular file'])
    await symlink(path, join(folder, 'link'))
    expect(await refusalOf(readCapped(join(folder, 'link'), 4))).toEqual(['file-unreadable', 'ELOOP'])
    execFileSync('mkfifo', [join(folder, 'pipe')])
    expect(await refusalOf(digestOfFile(join(folder, 'pipe')))).toEqual([
      'file-unreadable',
      'not a regular file',
    ])
  })
})

describe.skipIf(process.platform !== 'linux')('a file system (on Linux)', () => {
  it('has the name and the number that the kernel gives it', async () => {
    expect(await fileSystemOf('/proc')).toEqual({ name: 'proc', magic: 0x9fa0 })
    expect(await fileSystemOf('/sys')).toMatchObject({ name: 'sysfs' })
  })

  it('has owners and is no share, unless it says so; where nothing tells it has owners and may be a share', async () => {
    expect([await hasOwners(folder), await isShared('/proc')]).toEqual([true, false])
    const nowhere = join(folder, 'nowhere')
    expect([await hasOwners(nowhere), await isShared(nowhere)]).toEqual([true, true])
  })
})

describe('what others may reach', () => {
  const own = process.getuid?.() ?? 0

  it('is said by owner and mode', () => {
    const said = (mode: number, secret?: boolean, uid = own): string | null =>
      sharedWith({ uid, mode }, secret)
    expect(said(0o755)).toBeNull()
    expect(said(0o700, true)).toBeNull()
    for (const mode of [0o720, 0o702]) expect(said(mode)).toBe('open to be written by others')
    for (const mode of [0o740, 0o704, 0o710, 0o701])
      expect(said(mode, true)).toBe('open to be read by others')
    expect(said(0o700, false, own + 1)).toBe(`of the account ${own + 1}, not of ${own}`)
  })

  it('is a folder that they may write, unless it is sticky', async () => {
    for (const [mode, others] of [
      [0o755, false],
      [0o757, true],
      [0o1777, false],
    ] as const) {
      await chmod(folder, mode)
      expect({ mode, others: await othersMayWrite(folder) }).toEqual({ mode, others })
    }
  })

  it.skipIf(own !== 0)('is a folder of another account or group (as root alone)', async () => {
    await chown(folder, 12_345, 0)
    expect(await othersMayWrite(folder)).toBe(true)
    await chmod(folder, 0o1755)
    expect(await othersMayWrite(folder)).toBe(false)
    await chown(folder, 0, 12_345)
    await chmod(folder, 0o755)
    expect(await othersMayWrite(folder)).toBe(false)
    await chmod(folder, 0o775)
    expect(await othersMayWrite(folder)).toBe(true)
  })
})

describe('a folder that was made', () => {
  it('is known again, and what somebody put in its place is neither named nor removed', async () => {
    const path = join(folder, 'made')
    const made = await makeNewFolder(path, 0o755)
    await made.check()
    await rm(path, { recursive: true })
    expect(await refusalOf(made.check())).toEqual(['target-changed', 'nothing'])
    await writeFile(path, 'mine')
    expect(await refusalOf(made.name(join(folder, 'named')))).toEqual(['target-changed', 'something else'])
    await made.remove()
    expect(await readdir(folder)).toEqual(['made'])
    await rm(path)
    await mkdir(join(folder, 'other'))
    await symlink(join(folder, 'other'), path)
    expect(await refusalOf(made.check())).toEqual(['target-changed', 'something else'])
  })

  it('is new, has its last name and goes with all that is in it', async () => {
    const path = join(folder, 'made')
    const made = await makeNewFolder(path, 0o700)
    expect(await refusalOf(makeNewFolder(path, 0o700))).toEqual(['disk-failed', 'EEXIST'])
    await expect(makeNewFolder(join(folder, 'a', 'b'), 0o700)).rejects.toMatchObject({ code: 'ENOENT' })
    await made.name(join(folder, 'named'))
    expect([made.path, await readdir(folder)]).toEqual([join(folder, 'named'), ['named']])
    await writeFile(join(made.path, 'file'), '')
    await made.remove()
    expect(await readdir(folder)).toEqual([])
    await chmod(folder, 0o777)
    expect((await refusalOf(makeNewFolder(path, 0o700)))[0]).toBe('target-shared')
  })
})

describe('who holds a socket', () => {
  const name = 'lock'
  it('is nobody, whoever says so, or nobody any more', async () => {
    expect(await askSocket(folder, name)).toEqual({ kind: 'none' })
    const held = await holdSocket(folder, name, 'me')
    expect(await askSocket(folder, name)).toEqual({ kind: 'alive', says: 'me' })
    await expect(holdSocket(folder, name, 'another')).rejects.toMatchObject({ code: 'EADDRINUSE' })
    expect(await askSocket(folder, name)).toEqual({ kind: 'alive', says: 'me' })
    await held.close()
    expect(await askSocket(folder, name)).toEqual({ kind: 'none' })
    await writeFile(join(folder, name), '')
    expect(await askSocket(folder, name)).toEqual({ kind: 'gone' })
  })

  it('is somebody also where they say more than any holder, and in a folder with a long name', async () => {
    const deep = join(folder, 'x'.repeat(120))
    await mkdir(deep)
    const held = await holdSocket(deep, name, 'y'.repeat(4097))
    expect(await readdir(deep)).toEqual([name])
    expect(await askSocket(deep, name)).toEqual({ kind: 'alive', says: null })
    await held.close()
    const most = await holdSocket(deep, name, 'y'.repeat(4096))
    expect(await askSocket(deep, name)).toEqual({ kind: 'alive', says: 'y'.repeat(4096) })
    await most.close()
    expect(await readdir(deep)).toEqual([])
  })
})
