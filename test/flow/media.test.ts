import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, stat, symlink, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inspectTarget } from '../../main/media/target.ts'
import { fatFileBytes } from '../../main/platform/limits.ts'
import { done, sallyport } from '../support/command-line.ts'
import {
  decideBoth,
  makeBundle,
  makeCrossing,
  writeFiles,
  writeRequest,
  writeTo,
  type Crossing,
} from '../support/desks.ts'
import { fatVolume, has, mayMount, memoryVolume } from '../support/volumes.ts'

const mounts = mayMount()
const mega = 1024 * 1024

describe('targets and discs', () => {
  let crossing: Crossing
  let id: string
  let folder: string
  const undo: (() => void)[] = []
  beforeAll(async () => {
    crossing = await makeCrossing()
    const made = await makeBundle(crossing, 'medium', {
      'large.bin': randomBytes(12 * mega),
      'small.txt': 'small\n',
    })
    id = made.id
    folder = made.folder
  })
  afterAll(async () => {
    for (const step of undo) step()
    await crossing.dispose()
  })

  const write = (to: string, extra: string[] = []): ReturnType<typeof sallyport> =>
    sallyport(['write', id, '--desk', crossing.low, '--to', to, ...extra], crossing.clock)
  async function refused(to: string, code: string, extra: string[] = []): Promise<void> {
    const before = await readdir(to).catch(() => [])
    const ended = await write(to, extra)
    expect({ code: ended.code, failure: ended.json.failure.code }).toEqual({ code: 1, failure: code })
    expect(await readdir(to).catch(() => [])).toEqual(before)
  }

  it('refuses a target that is not there, is a file, lies inside the desk, or has that folder', async () => {
    await refused(join(crossing.folder, 'not-there'), 'medium-missing')
    await refused(crossing.passphrase, 'medium-missing')
    const link = join(crossing.folder, 'link')
    await symlink(join(crossing.low, 'store'), link)
    for (const inside of [crossing.low, join(crossing.low, 'reports'), link]) {
      const before = await readdir(crossing.low)
      const ended = await write(inside)
      expect(ended.code).toBe(1)
      expect(await readdir(crossing.low)).toEqual(before)
    }
    await refused(join(folder, '..'), 'medium-exists')
    const unfinished = join(crossing.folder, 'unfinished')
    await mkdir(join(unfinished, `${basename(folder)}.part`), { recursive: true })
    await refused(unfinished, 'medium-exists')
  })

  it('refuses part sizes that are too small or too many', async () => {
    const to = join(crossing.folder, 'parts')
    await mkdir(to)
    await refused(to, 'part-size', ['--part-size', '511'])
    await refused(to, 'part-size', ['--part-size', '1024'])
    for (const size of ['0', '-1', '1.5', 'x', '1e9']) {
      expect((await write(to, ['--part-size', size])).code).toBe(2)
    }
  })

  it('cancelled in mid-write: exit 130, nothing left, and the writing can be done again', async () => {
    const to = join(crossing.folder, 'cancelled')
    await mkdir(to)
    const abort = new AbortController()
    const words = ['write', id, '--desk', crossing.low, '--to', to, '--part-size', '100000']
    const running = sallyport(words, crossing.clock, abort.signal)
    while ((await readdir(to)).length === 0) await pause(1)
    abort.abort()
    const ended = await running
    expect({ code: ended.code, failure: ended.json.failure.code }).toEqual({
      code: 130,
      failure: 'cancelled',
    })
    expect(await readdir(to)).toEqual([])
    const before = new AbortController()
    before.abort()
    const verify = await sallyport(['verify', folder, '--desk', crossing.high], crossing.clock, before.signal)
    expect({ code: verify.code, failure: verify.json.failure.code }).toEqual({
      code: 130,
      failure: 'cancelled',
    })
    const quarantine = await readdir(join(crossing.high, 'store', 'quarantine'), { recursive: true })
    expect(quarantine.filter((name) => name.endsWith('.part'))).toEqual([])
    await writeTo(crossing, id, 'cancelled')
    expect((await done(['ledger', 'verify', '--desk', crossing.low])).intact).toBe(true)
  })

  it.skipIf(!mounts)(
    'a target without room is refused before the first byte (needs root: mount)',
    async () => {
      const to = join(crossing.folder, 'full')
      undo.push(memoryVolume(to, 14 * mega))
      await refused(to, 'medium-full')
    },
  )

  it.skipIf(!mounts)(
    'the root of a file system: what systems leave behind warns, anything else fails (needs root: mount)',
    async () => {
      const root = join(crossing.folder, 'stick')
      undo.push(memoryVolume(root, 40 * mega))
      const { folder: written } = await done(
        ['write', id, '--desk', crossing.low, '--to', root],
        crossing.clock,
      )
      expect(basename(written)).toBe(basename(folder))
      const beside = async (): Promise<{
        code: number
        result: string | undefined
        found: string | undefined
      }> => {
        const { code, json } = await sallyport(['verify', root, '--desk', crossing.high], crossing.clock)
        const check = json.checks.find((one) => one.id === 'medium.beside')
        return { code, result: check?.result, found: check?.found }
      }
      expect(await beside()).toMatchObject({ code: 0, result: 'pass' })
      for (const name of ['lost+found', 'System Volume Information', '$RECYCLE.BIN', '.Trash-1000'])
        await mkdir(join(root, name))
      for (const name of ['.DS_Store', '._x']) await writeFile(join(root, name), 'x')
      expect(await beside()).toMatchObject({ code: 0, result: 'warn' })
      await writeFile(join(root, 'autorun.inf'), 'x')
      const strange = await beside()
      expect(strange).toMatchObject({ code: 3, result: 'fail' })
      expect(strange.found).toContain('autorun.inf')
      // Given the bundle's own folder, the root around it is judged all the same.
      const direct = await sallyport(['verify', written, '--desk', crossing.high], crossing.clock)
      expect(direct.code).toBe(3)
    },
  )

  it.skipIf(!mounts)(
    'a desk whose disc is full: verify and collect stop, and the desk stays whole (needs root: mount)',
    async () => {
      for (const [side, desk] of [
        ['high', crossing.high],
        ['low', crossing.low],
      ] as const) {
        const small = join(crossing.folder, `small-${side}`)
        const { size } = await stat(join(folder, 'bundle.tar'))
        undo.push(memoryVolume(small, (side === 'low' ? size : 0) + 6 * mega))
        const copy = join(small, 'desk')
        await cp(desk, copy, { recursive: true, filter: (path) => !path.includes('quarantine/') })
        const request = await writeRequest(
          crossing,
          await writeFiles(crossing, { 'more.bin': randomBytes(12 * mega) }),
        )
        const words =
          side === 'high' ? ['verify', folder, '--desk', copy] : ['collect', request, '--desk', copy]
        const ended = await sallyport(words, crossing.clock)
        expect({ side, code: ended.code, failure: ended.json.failure.code }).toEqual({
          side,
          code: 1,
          failure: 'disk-full',
        })
        const left = await readdir(join(copy, 'store'), { recursive: true })
        expect(left.filter((name) => name.endsWith('.part'))).toEqual([])
        expect((await done(['ledger', 'verify', '--desk', copy])).intact).toBe(true)
        expect((await done(['consignment', 'list', '--desk', copy])).ok).toBe(true)
      }
    },
  )

  it.skipIf(!mounts || !has('mkfs.vfat') || !has('fusefat') || !existsSync('/dev/fuse'))(
    'a FAT32 target takes no file above 4 GiB − 1; where it loses files, that is said (needs root, mkfs.vfat, fusefat)',
    async () => {
      const root = join(crossing.folder, 'fat')
      undo.push(fatVolume(root, 64 * mega))
      expect((await inspectTarget(root)).largest).toBe(fatFileBytes)
      const ended = await write(root)
      if (ended.code === 0) {
        const back = await done(['readback', ended.json.folder, '--desk', crossing.low], crossing.clock)
        expect(back.outcome).toBe('passed')
      } else {
        // fusefat empties a folder that it renames: the writing must not look whole.
        expect(ended.json.failure.code).toBe('medium-failed')
        expect(await readdir(root)).toEqual([])
      }
    },
  )

  it('is read back by the record of its own waybill, whatever became of the others', async () => {
    const { low, clock } = crossing
    const other = await makeBundle(crossing, 'other')
    const own = join(low, 'consignments', other.id)
    const [name = ''] = (await readdir(own)).filter((one) => /^waybill-.*\.json$/.test(one))
    await writeFile(join(own, name), '{}')
    expect((await done(['readback', folder, '--desk', low], clock)).outcome).toBe('passed')
    const ended = await sallyport(['readback', other.folder, '--desk', low], clock)
    expect([ended.code, ended.json.failure.code]).toEqual([1, 'desk-damaged'])
  })

  it('refuses to export over something, into the desk, and leaves nothing behind when refused', async () => {
    const { high, clock } = crossing
    const verified = await done(['verify', folder, '--desk', high], clock)
    const out = join(crossing.folder, 'out')
    const exported = (to: string): ReturnType<typeof sallyport> =>
      sallyport(['export', verified.id, '--desk', high, '--to', to], clock)
    expect((await exported(`dir:${out}`)).json.failure.code).toBe('consignment-state')
    await decideBoth(crossing, verified.id, 'accept')
    await mkdir(join(out, 'something'), { recursive: true })
    expect((await exported(`dir:${out}`)).code).toBe(1)
    expect(await readdir(out)).toEqual(['something'])
    expect((await exported(`dir:${join(high, 'out')}`)).code).toBe(1)
    expect(await readdir(high)).not.toContain('out')
    expect((await exported('registry:registry.example')).json.failure.code).toBe('network-refused')
  })
})
