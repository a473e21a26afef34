import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decideBoth, makeBundle } from '../../support/desks.ts'
import { RegisterWorld } from '../../support/register-media.ts'
import { mayMount } from '../../support/volumes.ts'

describe.skipIf(!mayMount())('media that accepted content goes out on (needs root: mount)', () => {
  let world: RegisterWorld
  let id: string
  let stick: string
  beforeAll(async () => {
    world = await RegisterWorld.make()
    const { folder } = await makeBundle(world.crossing, 'in', { 'notes.txt': 'x'.repeat(500_000) })
    ;({ id } = await world.must(['verify', folder, '--desk', world.crossing.high]))
    await decideBoth(world.crossing, id, 'accept')
    stick = world.stick('OUT-1')
  })
  afterAll(() => world.end())
  const out = (to: string): string[] => ['export', id, '--to', `medium:${to}`, '--desk', world.crossing.high]
  const state = async (label: string): Promise<unknown> =>
    (await world.must(world.high('show', label)))['state']

  it('are asked about before a byte is written: refused, or warned of on the record', async () => {
    const policy = join(world.crossing.folder, 'refuse.yaml')
    await writeFile(
      policy,
      'sallyport: policy/v1\nversion: 2\nmedia:\n  unregistered: refuse\n  kinds: [usb-stick]\n',
    )
    await world.must(['policy', 'set', policy, '--desk', world.crossing.high])
    expect(await world.refused(out(stick))).toBe('media-unregistered')
    await world.must(world.high('register', '--label', 'D-1', '--at', stick, '--kind', 'disc'))
    expect(await world.refused(out(stick))).toBe('media-kind')
    const how = ['--method', 'm', '--tool', 't', '--verified', 'v', '--place', 'p']
    await world.must(world.high('state', 'D-1', 'destroyed', '--reason', 'Wrong kind', ...how))
    await world.must(world.high('register', '--label', 'O-1', '--at', stick))
  })

  it('are followed: written, read back, handed over with a seal', async () => {
    await world.must(out(stick))
    expect(await state('O-1')).toBe('written')
    await world.must(['readback', stick, '--desk', world.crossing.high])
    const handed = await world.must(world.high('handover', id, '--seal', '77', '--to', 'Edge 4'))
    expect(handed['media']).toMatchObject([{ label: 'O-1', serial: 'OUT-1', seal: '77' }])
    expect(await world.must(world.high('show', 'O-1'))).toMatchObject({ state: 'in-transit', seal: '77' })
    expect(await world.refused(out(stick))).toBe('media-state')
  })

  it('are as they were where the content does not fit', async () => {
    const small = world.stick('OUT-2', {}, 64 * 1024)
    await world.must(world.high('register', '--label', 'O-2', '--at', small))
    expect(await world.refused(out(small))).toBe('medium-full')
    expect(await state('O-2')).toBe('registered')
  })

  it('are spoiled by a writing that failed', async () => {
    const few = world.stick('OUT-3')
    // Room enough, but not for so many files.
    execFileSync('mount', ['-o', 'remount,nr_inodes=3', few])
    await world.must(world.high('register', '--label', 'O-3', '--at', few))
    expect(await world.refused(out(few))).toBe('disk-full')
    expect(await state('O-3')).toBe('spoiled')
    expect((await world.must(['ledger', 'verify', '--desk', world.crossing.high])).intact).toBe(true)
  })
})
