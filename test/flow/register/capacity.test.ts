import { execFileSync } from 'node:child_process'
import {
  closeSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { mkdir, rm, symlink, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Capacity, MediumView } from '../../../shared/media.ts'
import { openSession } from '../../../main/desk/session.ts'
import { deviceNumber } from '../../../main/platform/mounts.ts'
import { openGate } from '../../../main/platform/network.ts'
import { foundDrive } from '../../support/made-drives.ts'
import { RegisterWorld } from '../../support/register-media.ts'
import { mayLoop, mayMount } from '../../support/volumes.ts'

const mega = 1024 * 1024

describe.skipIf(!mayMount())('the capacity test (needs root: mount)', () => {
  let world: RegisterWorld
  let stick: string
  beforeAll(async () => {
    world = await RegisterWorld.make()
    stick = world.stick('S-1', {}, 24 * mega)
    await world.must(world.low('register', '--label', 'M-1', '--at', stick))
  })
  afterAll(() => world.end())
  const test = (path: string, ...more: string[]): string[] => world.low('test', 'M-1', '--at', path, ...more)
  const show = async (): Promise<MediumView> =>
    (await world.must(world.low('show', 'M-1'))) as unknown as MediumView

  it('is not made of what is not that medium, not empty, not the root of its drive, or not to be written', async () => {
    writeFileSync(join(stick, 'notes.txt'), 'somebody’s')
    expect(await world.refused(test(stick))).toBe('media-not-empty')
    expect(readdirSync(stick)).toEqual(['notes.txt'])
    await rm(join(stick, 'notes.txt'))
    await symlink('/etc', join(stick, `sallyport-test-${'a'.repeat(16)}`))
    expect(await world.refused(test(stick))).toBe('media-not-empty')
    expect(readdirSync('/etc').length).toBeGreaterThan(0)
    await rm(join(stick, `sallyport-test-${'a'.repeat(16)}`))
    await mkdir(join(stick, 'below'))
    expect(await world.refused(test(join(stick, 'below')))).toBe('media-no-drive')
    await rm(join(stick, 'below'), { recursive: true })
    const other = world.stick('S-2')
    expect(await world.refused(test(other))).toBe('media-other')
    expect(await world.refused(world.low('test', 'M-2', '--at', stick))).toBe('media-unknown')
    await world.must(world.low('state', 'M-1', 'spoiled', '--reason', 'Fell'))
    expect(await world.refused(test(stick))).toBe('media-state')
    const how = ['--method', 'format', '--tool', 'mkfs', '--verified', 'listed', '--place', 'here']
    await world.must(world.low('state', 'M-1', 'sanitised', '--reason', 'Clean', ...how))
  })

  it('at once: writes all that is free, reads it back, leaves nothing, and says that memory may have answered', async () => {
    await mkdir(join(stick, `sallyport-test-${'b'.repeat(16)}`))
    writeFileSync(join(stick, `sallyport-test-${'b'.repeat(16)}`, '0000'), 'left over')
    const done = await world.must(test(stick))
    const { capacity } = done as unknown as { capacity: Capacity }
    expect(capacity).toMatchObject({ passed: true, wrongAt: null, error: null, out: null })
    expect(capacity.right).toBe(capacity.written)
    expect(capacity.written).toBeGreaterThan(22 * mega)
    expect(readdirSync(stick)).toEqual([])
    expect(await show()).toMatchObject({ state: 'blank', tested: true })
  })

  it('in two acts: what was filled is read by the next test', async () => {
    const filled = await world.must(test(stick, '--fill'))
    expect(filled['capacity']).toBe(null)
    expect(readdirSync(stick)).toHaveLength(1)
    expect((await show()).filled).toMatchObject({ written: filled['filled'] })
    const read = (await world.must(test(stick))) as unknown as { capacity: Capacity }
    expect(read.capacity).toMatchObject({ passed: true, out: 'not-shown' })
    expect(readdirSync(stick)).toEqual([])
  })

  it('cancelled, it leaves no file and no record', async () => {
    const session = openSession({
      clock: world.crossing.clock,
      network: openGate,
      drives: async () => world.drives,
    })
    await session.call('desk.open', { place: session.place('desk', world.crossing.low), mode: 'write' })
    const before = (await session.call('media.show', { label: 'M-1' })).history.length
    const at = session.place('medium', stick)
    const { job } = await session.call('capacity.start', { label: 'M-1', at, fill: false })
    await session.call('job.cancel', { job })
    expect((await session.call('job.wait', { job })).state).toBe('cancelled')
    expect(readdirSync(stick)).toEqual([])
    expect((await session.call('media.show', { label: 'M-1' })).history.length).toBe(before)
    await session.close()
  })

  it.each([
    ['a byte changed', (file: string) => flip(file, 5 * mega + 17), 5 * mega + 17, null],
    ['the end is gone', (file: string) => truncate(file, 9 * mega + 3), 9 * mega + 3, null],
    ['the file is gone', (file: string) => rm(file), 0, 'ENOENT'],
  ] as const)(
    'does not pass where %s, says where, and the medium is spoiled',
    async (_, damage, wrongAt, error) => {
      await world.must(test(stick, '--fill'))
      const [folder = ''] = readdirSync(stick)
      await damage(join(stick, folder, '0000'))
      const ended = await world.run(test(stick))
      expect([ended.code, (ended.json['capacity'] as Capacity).passed]).toEqual([3, false])
      expect(ended.json['capacity']).toMatchObject({ wrongAt, error })
      expect(await show()).toMatchObject({ state: 'spoiled', tested: false })
      await rm(join(stick, folder), { recursive: true, force: true })
      const how = ['--method', 'format', '--tool', 'mkfs', '--verified', 'listed', '--place', 'here']
      await world.must(world.low('state', 'M-1', 'sanitised', '--reason', 'Again', ...how))
    },
  )

  it('seen out in one session, that is recorded', async () => {
    const { drives } = world
    const all = drives.drives
    const session = openSession({
      clock: world.crossing.clock,
      network: openGate,
      drives: async () => drives,
    })
    await session.call('desk.open', { place: session.place('desk', world.crossing.low), mode: 'write' })
    const at = session.place('medium', stick)
    const run = async (fill: boolean): Promise<unknown> => {
      const { job } = await session.call('capacity.start', { label: 'M-1', at, fill })
      return (await session.call('job.wait', { job })).result
    }
    await run(true)
    drives.drives = []
    await new Promise((resolve) => setTimeout(resolve, 1300))
    drives.drives = all
    expect(await run(false)).toMatchObject({ capacity: { out: 'seen-to-leave', passed: true } })
    await session.close()
  })
})

function flip(file: string, at: number): void {
  const handle = openSync(file, 'r+')
  const byte = Buffer.alloc(1)
  readSync(handle, byte, 0, 1, at)
  writeSync(handle, Buffer.from([(byte[0] ?? 0) ^ 1]), 0, 1, at)
  closeSync(handle)
}

/** A block device of `size` bytes of a file, which a test may change while it is out. */
class Loop {
  readonly image: string
  readonly at: string
  private device = ''

  constructor(folder: string, size: number) {
    this.at = folder
    this.image = `${folder}.img`
    writeFileSync(this.image, '')
    truncateSync(this.image, size)
    execFileSync('mkfs.ext4', ['-q', '-F', '-m', '0', '-O', '^has_journal', this.image])
  }

  in(): void {
    this.device = execFileSync('losetup', ['--find', '--show', this.image], { encoding: 'utf8' }).trim()
    execFileSync('mount', [this.device, this.at])
  }

  out(): void {
    execFileSync('umount', [this.at])
    execFileSync('losetup', ['--detach', this.device])
  }

  /** As a controller does that has less than it says: its end holds what was written at its start. */
  wrap(real: number): void {
    const bytes = Buffer.alloc(mega)
    const handle = openSync(this.image, 'r+')
    for (let at = real; at < statSync(this.image).size; at += mega) {
      readSync(handle, bytes, 0, mega, at % real)
      writeSync(handle, bytes, 0, mega, at)
    }
    closeSync(handle)
  }

  drop(real: number): void {
    const handle = openSync(this.image, 'r+')
    for (let at = real; at < statSync(this.image).size; at += mega)
      writeSync(handle, Buffer.alloc(mega), 0, mega, at)
    closeSync(handle)
  }
}

describe.skipIf(!mayLoop())('block devices that are honest, and ones that lie (needs root, losetup)', () => {
  let world: RegisterWorld
  beforeAll(async () => {
    world = await RegisterWorld.make()
  })
  afterAll(() => world.end())

  it.each([
    ['honest', null],
    ['wraps round after half', (loop: Loop) => loop.wrap(32 * mega)],
    ['forgets what is beyond half', (loop: Loop) => loop.drop(32 * mega)],
  ] as const)('%s', async (name, lie) => {
    const label = name.replaceAll(' ', '-')
    const at = join(world.crossing.folder, label)
    await mkdir(at)
    const loop = new Loop(at, 64 * mega)
    const put = (): void => {
      loop.in()
      const number = deviceNumber(statSync(at).dev)
      world.drives.drives = [foundDrive({ serial: label, number, mounted: [at] })]
    }
    put()
    try {
      await world.must(world.low('register', '--label', label, '--at', at))
      await world.must(world.low('test', label, '--at', at, '--fill'))
      loop.out()
      lie?.(loop)
      put()
      const ended = await world.run(world.low('test', label, '--at', at))
      const capacity = ended.json['capacity'] as Capacity
      expect([ended.code, capacity.passed]).toEqual(lie === null ? [0, true] : [3, false])
      if (lie === null) expect(capacity.written).toBeGreaterThan(50 * mega)
      else expect(capacity.right).toBeLessThan(capacity.written)
    } finally {
      loop.out()
    }
  })
})
