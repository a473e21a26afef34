import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSession, type Session } from '../../../main/desk/session.ts'
import { Failure } from '../../../main/platform/failure.ts'
import { openGate } from '../../../main/platform/network.ts'
import { testClock } from '../../support/command-line.ts'
import { failureOf } from '../../support/failure-of.ts'
import { foundDrive } from '../../support/made-drives.ts'
import { TestDrives } from '../../support/test-drives.ts'

let drives: TestDrives
let session: Session
beforeEach(() => {
  drives = new TestDrives()
  session = openSession({ clock: testClock(), network: openGate, drives: async () => drives })
})
afterEach(() => session.close())

const codeOf = async (
  name: 'drive.mount' | 'drive.unmount' | 'drive.eject',
  device: string,
): Promise<string> => (await failureOf(session.call(name, { device }))).code
const acts = ['drive.mount', 'drive.unmount', 'drive.eject'] as const

describe('drives at the contract', () => {
  it.each(acts)('%s: what is not there now is not touched, whatever it is called', async (act) => {
    drives.drives = [foundDrive()]
    for (const device of ['/dev/sdz', '/dev/sdb1/../sda', '/dev/sdb', '--all', '/dev/sdb1 '])
      expect(await codeOf(act, device)).toBe('drive-unknown')
    expect((await session.answer(act, { device: '' })).ok).toBe(false)
    expect((await session.answer(act, { device: 'x'.repeat(201) })).ok).toBe(false)
    expect((await session.answer(act, { device: '/dev/sdb1', path: '/' })).ok).toBe(false)
    expect(drives.acts).toEqual([])
  })

  it.each(acts)('%s: what holds the system, or is more than a drive, is not touched', async (act) => {
    drives.drives = [
      foundDrive({ device: '/dev/sda1', disk: '/dev/sda', system: ['/'] }),
      foundDrive({ device: '/dev/sdc1', disk: '/dev/sdc', interfaces: ['03'] }),
    ]
    const [system, composite] = (await session.call('drive.list', {})).drives
    for (const device of [system?.device, composite?.device])
      expect(await codeOf(act, device ?? '')).toBe('drive-barred')
    // A partition of the system's drive is no entry of its own.
    expect(await codeOf(act, '/dev/sda2')).toBe('drive-unknown')
    expect(drives.acts).toEqual([])
  })

  it('what the system says is handed on: busy, by hand, failed, unreadable', async () => {
    drives.drives = [foundDrive()]
    for (const code of ['drive-busy', 'drive-by-hand', 'drive-failed', 'drives-unreadable'] as const) {
      drives.failure = new Failure(code, { subject: '/dev/sdb1', found: 'x', expected: 'y', what: 'eject' })
      expect(await codeOf('drive.eject', '/dev/sdb1')).toBe(code)
    }
    drives.failure = new Error('something else')
    expect((await session.answer('drive.list', {})).ok).toBe(false)
  })

  it('a host without drives says so', async () => {
    const bare = openSession({ clock: testClock(), network: openGate })
    expect((await failureOf(bare.call('drive.list', {}))).code).toBe('not-here')
    await bare.close()
  })

  it('lists without a desk, and beside whatever else is asked', async () => {
    drives.drives = [foundDrive()]
    const { drives: seen, unproven, handles } = await session.call('drive.list', {})
    expect([unproven, handles]).toEqual([false, true])
    expect(seen).toMatchObject([{ device: '/dev/sdb1', serial: '4C530001', barred: null }])
    // Nothing of the adapter's own reaches a page.
    expect(Object.keys(seen[0] ?? {})).not.toContain('number')
  })

  it('mounts only what is not mounted, and gives a place that serves for media alone', async () => {
    drives.drives = [foundDrive({ mounted: [] })]
    expect(await codeOf('drive.mount', '/dev/sdb1')).toBe('drive-failed')
    drives.point = '/media/stick'
    drives.acts.length = 0
    const { place, label } = await session.call('drive.mount', { device: '/dev/sdb1' })
    expect(label).toBe('TRANSFER')
    await session.call('drive.mount', { device: '/dev/sdb1' })
    expect(drives.acts).toEqual(['mount /dev/sdb1'])
    const { job } = await session.call('look.start', {
      what: { folder: place },
      keys: [],
      roots: [],
      plainHttp: false,
    })
    expect((await session.call('job.wait', { job })).failure?.code).toBe('place-unknown')
  })

  it('ejects all of a drive, each part of it unmounted first', async () => {
    drives.drives = [
      foundDrive(),
      foundDrive({ device: '/dev/sdb2', mounted: [] }),
      foundDrive({ device: '/dev/sdb3' }),
    ]
    await session.call('drive.eject', { device: '/dev/sdb2' })
    expect(drives.acts).toEqual(['unmount /dev/sdb1', 'unmount /dev/sdb3', 'release /dev/sdb'])
    expect(await codeOf('drive.eject', '/dev/sdb2')).toBe('drive-unknown')
  })

  it('unmounts one part of it', async () => {
    drives.drives = [foundDrive(), foundDrive({ device: '/dev/sdb2' })]
    await session.call('drive.unmount', { device: '/dev/sdb1' })
    await session.call('drive.unmount', { device: '/dev/sdb1' })
    expect(drives.acts).toEqual(['unmount /dev/sdb1'])
  })
})
