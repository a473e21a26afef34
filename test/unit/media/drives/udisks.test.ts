import { describe, expect, it } from 'vitest'
import { udisks } from '../../../../main/media/drives/udisks.ts'
import { failureOf } from '../../../support/failure-of.ts'
import { fakePrograms, foundDrive } from '../../../support/made-drives.ts'

const drive = foundDrive()

describe('mounting and letting go by udisks', () => {
  it('where it is not there, says so, and that nothing was changed', async () => {
    const none = udisks(fakePrograms(() => null))
    expect(await none.handles()).toBe(false)
    for (const act of [none.mount(drive, true), none.unmount(drive), none.release(drive)])
      expect((await failureOf(act)).code).toBe('drive-by-hand')
  })

  it.each([
    [
      'Error unmounting /dev/sdb1: GDBus.Error:org.freedesktop.UDisks2.Error.DeviceBusy: Error unmounting: target is busy\n',
      'drive-busy',
    ],
    ['Error powering off drive: The drive in use: Device /dev/sdb is busy', 'drive-busy'],
    ['Object /org/freedesktop/UDisks2/block_devices/sdb1 is not a mountable filesystem.', 'drive-failed'],
    [
      'Error: GDBus.Error:org.freedesktop.UDisks2.Error.NotAuthorizedCanObtain: Not authorized',
      'drive-failed',
    ],
    ['', 'drive-failed'],
  ])('what it complains of is told: %j', async (complaint, code) => {
    const acts = udisks(fakePrograms(() => ({ ended: 'code 1', complaint })))
    expect((await failureOf(acts.unmount(drive))).code).toBe(code)
    expect((await failureOf(acts.release(drive))).code).toBe(code)
  })

  it('what it complains of is cleaned, and the last line of it', async () => {
    const complaint = 'first\nthe \u001b[31mlast\u202e one\n'
    const failed = await failureOf(
      udisks(fakePrograms(() => ({ ended: 'code 1', complaint }))).mount(drive, false),
    )
    expect(failed.facts).toMatchObject({ found: 'the [31mlast one', what: 'mount', subject: '/dev/sdb1' })
  })

  it('is asked by an absolute path, without anybody being asked for a password, and never to run what is on a drive', async () => {
    const programs = fakePrograms(() => ({}))
    const acts = udisks(programs)
    expect(await acts.handles()).toBe(true)
    await acts.mount(drive, true)
    await acts.unmount(drive)
    await acts.release(drive)
    const [path, quiet] = ['/usr/bin/udisksctl', '--no-user-interaction']
    expect(programs.asked).toEqual([
      [path, 'mount', '--block-device', '/dev/sdb1', '--options', 'ro,noexec,nosuid,nodev', quiet],
      [path, 'unmount', '--block-device', '/dev/sdb1', quiet],
      [path, 'power-off', '--block-device', '/dev/sdb', quiet],
    ])
  })
})
