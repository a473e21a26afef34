import { describe, expect, it } from 'vitest'
import { parseWindowsDisks, windowsQuestion } from '../../../../main/media/drives/windows-json.ts'
import { windowsDrives } from '../../../../main/media/drives/windows.ts'
import { limits } from '../../../../main/platform/limits.ts'
import { failureOf } from '../../../support/failure-of.ts'
import { fakePrograms, foundDrive } from '../../../support/made-drives.ts'

/* Forms as Microsoft documents them for Get-Disk, Get-Partition, Get-Volume and ConvertTo-Json; not taken from a Windows. */

const volume = '\\\\?\\Volume{6a7c2b1e-0000-0000-0000-100000000000}\\'
const disk = {
  Number: 2,
  Manufacturer: 'SanDisk ',
  Model: 'Ultra           ',
  FriendlyName: 'SanDisk Ultra',
  SerialNumber: '4C530001\u0000',
  BusType: 'USB',
  Size: 8_000_000_000,
  IsReadOnly: false,
  IsBoot: false,
  IsSystem: false,
}
const partition = { DiskNumber: 2, PartitionNumber: 1, Size: 7_999_000_000, AccessPaths: ['E:\\', volume] }
const files = { UniqueId: volume, FileSystem: 'FAT32', FileSystemLabel: 'TRANSFER' }
const first = { ...disk, Number: 0, BusType: 17, IsBoot: true, IsSystem: true }
const hidden = { DiskNumber: 0, PartitionNumber: 1, Size: 16_777_216, AccessPaths: null }
const system = { DiskNumber: 0, PartitionNumber: 3, Size: 5e11, AccessPaths: ['C:\\', '\\\\?\\Volume{1}\\'] }

const json = (about: object): Buffer =>
  Buffer.from(JSON.stringify({ disks: [disk], partitions: [partition], volumes: [files], ...about }))
const list = (answer: Buffer | string): ReturnType<ReturnType<typeof windowsDrives>['list']> =>
  windowsDrives(fakePrograms(() => ({ output: answer }))).list()

describe('the drives of a Windows, by what is documented', () => {
  it.each([
    ['a field more', json({ disks: [{ ...disk, Color: 'red' }] })],
    ['a field less', json({ volumes: [{ UniqueId: volume }] })],
    ['a number of a disk that is a text', json({ disks: [{ ...disk, Number: '../2' }] })],
    ['one object where a list belongs', json({ disks: disk })],
    ['a list for a serial', json({ disks: [{ ...disk, SerialNumber: ['x'] }] })],
    ['too many disks', json({ disks: Array.from({ length: limits.driveNodes + 1 }, () => disk) })],
    ['something before it', Buffer.concat([Buffer.from('WARNING: '), json({})])],
    ['too many bytes', Buffer.alloc(limits.driveListBytes + 1, 0x20)],
  ])('are not read with %s', async (_, bytes) => {
    expect(() => parseWindowsDisks(bytes)).toThrow()
    expect((await failureOf(list(bytes))).code).toBe('drives-unreadable')
  })

  it('a stick, and the system’s own disk by number of its bus', async () => {
    const both = json({ disks: [first, disk], partitions: [hidden, system, partition] })
    const [own, stick, ...rest] = await list(both)
    expect(rest).toEqual([])
    expect(own).toMatchObject({
      device: 'disk 0 partition 3',
      bus: 'nvme',
      mounted: ['C:\\'],
      system: ['Windows'],
    })
    expect(stick).toMatchObject({
      maker: 'SanDisk',
      model: 'Ultra',
      serial: '4C530001',
      volume,
      device: 'disk 2 partition 1',
      disk: 'disk 2',
      bus: 'usb',
      fileSystem: 'FAT32',
      label: 'TRANSFER',
      mounted: ['E:\\'],
      removable: true,
      system: [],
    })
    // What else the device is was not looked at: that is said, and not taken for nothing.
    expect(stick?.interfaces).toBeNull()
  })

  it('a drive without a file system is one entry', async () => {
    expect(await list(json({ partitions: [], volumes: [] }))).toMatchObject([
      { device: 'disk 2', mounted: [] },
    ])
  })

  it('asks one constant question by an absolute path, says that it was never tried, and leaves the rest to people', async () => {
    const programs = fakePrograms(() => ({ output: json({}) }))
    const drives = windowsDrives(programs)
    await drives.list()
    expect(programs.asked[0]?.[0]).toBe('C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe')
    expect(programs.asked[0]?.at(-1)).toBe(windowsQuestion)
    expect([drives.unproven, await drives.handles()]).toEqual([true, false])
    for (const act of [
      drives.mount(foundDrive(), true),
      drives.unmount(foundDrive()),
      drives.release(foundDrive()),
    ])
      expect((await failureOf(act)).code).toBe('drive-by-hand')
    expect((await failureOf(windowsDrives(fakePrograms(() => null)).list())).code).toBe('drives-unreadable')
  })
})
