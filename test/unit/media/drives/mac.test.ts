import { describe, expect, it } from 'vitest'
import type { FoundDrive } from '../../../../main/media/drives/found.ts'
import { macDrives } from '../../../../main/media/drives/mac.ts'
import { limits } from '../../../../main/platform/limits.ts'
import { failureOf } from '../../../support/failure-of.ts'
import { fakePrograms, foundDrive, type FakePrograms } from '../../../support/made-drives.ts'

/* Forms as diskutil(8) documents them; not taken from a macOS. */

type Value = string | number | boolean | readonly Value[] | { readonly [name: string]: Value }

function element(value: Value): string {
  if (typeof value === 'string') return `<string>${value}</string>`
  if (typeof value === 'number') return `<integer>${value}</integer>`
  if (typeof value === 'boolean') return value ? '<true/>' : '<false/>'
  if (Array.isArray(value)) return `<array>${value.map((one) => element(one as Value)).join('')}</array>`
  const entries = Object.entries(value).map(([name, one]) => `<key>${name}</key>${element(one)}`)
  return `<dict>${entries.join('')}</dict>`
}
const plist = (value: Value): string => `<plist version="1.0">${element(value)}</plist>`

const disks = [
  {
    DeviceIdentifier: 'disk3',
    APFSVolumes: [{ DeviceIdentifier: 'disk3s1' }, { DeviceIdentifier: 'disk3s5' }],
  },
  { DeviceIdentifier: 'disk4', Partitions: [{ DeviceIdentifier: 'disk4s1', Content: 'DOS_FAT_32' }] },
]
const about: Readonly<Record<string, Value>> = {
  disk3: { MediaName: 'APPLE SSD', BusProtocol: 'Apple Fabric', TotalSize: 5e11, Internal: true },
  disk3s1: { VolumeName: 'Macintosh HD', MountPoint: '/', FilesystemType: 'apfs' },
  disk3s5: { VolumeName: 'Data', MountPoint: '/System/Volumes/Data', FilesystemType: 'apfs' },
  disk4: {
    MediaName: 'Ultra',
    BusProtocol: 'USB',
    TotalSize: 8e9,
    RemovableMediaOrExternalDevice: true,
    WritableMedia: true,
  },
  disk4s1: {
    VolumeName: 'TRANSFER',
    VolumeUUID: 'F1-2',
    MountPoint: '/Volumes/TRANSFER',
    FilesystemType: 'msdos',
    TotalSize: 7_999_000_000,
    WritableVolume: true,
  },
}

const answering = (list: Value = { AllDisksAndPartitions: disks }): FakePrograms =>
  fakePrograms((words) => ({ output: plist(words[0] === 'info' ? (about[words.at(-1) ?? ''] ?? {}) : list) }))
const list = (programs: FakePrograms): Promise<readonly FoundDrive[]> => macDrives(programs).list()

describe('the drives of a macOS, by what is documented', () => {
  it.each([
    ['no disks', {}],
    ['a device that is a path', { AllDisksAndPartitions: [{ DeviceIdentifier: '/dev/disk4' }] }],
    ['a device that is an option', { AllDisksAndPartitions: [{ DeviceIdentifier: '-plist' }] }],
    [
      'a partition that is a path',
      { AllDisksAndPartitions: [{ DeviceIdentifier: 'disk4', Partitions: [{ DeviceIdentifier: '../x' }] }] },
    ],
    [
      'too many disks',
      {
        AllDisksAndPartitions: Array.from({ length: limits.plistDevices + 1 }, (_, i) => ({
          DeviceIdentifier: `disk${i}`,
        })),
      },
    ],
    [
      'too many partitions together',
      {
        AllDisksAndPartitions: Array.from({ length: limits.plistDevices / 2 }, (_, i) => ({
          DeviceIdentifier: `disk${i}`,
          Partitions: [{ DeviceIdentifier: `disk${i}s1` }, { DeviceIdentifier: `disk${i}s2` }],
        })),
      },
    ],
  ])('are not read with %s', async (_, answer) => {
    const programs = answering(answer)
    expect((await failureOf(list(programs))).code).toBe('drives-unreadable')
    expect(programs.asked.length).toBeLessThanOrEqual(limits.plistDevices + 1)
  })

  it('the system’s disk is barred as a whole; a stick has all but a serial', async () => {
    const programs = answering()
    const found = await list(programs)
    expect(found.map(({ device, system }) => [device, system])).toEqual([
      ['disk3s1', ['/', '/System/Volumes/Data']],
      ['disk3s5', ['/', '/System/Volumes/Data']],
      ['disk4s1', []],
    ])
    expect(found[2]).toMatchObject({
      model: 'Ultra',
      serial: null,
      volume: 'F1-2',
      bus: 'usb',
      fileSystem: 'msdos',
      label: 'TRANSFER',
      mounted: ['/Volumes/TRANSFER'],
      readOnly: false,
      removable: true,
      interfaces: null,
    })
    expect(new Set(programs.asked.map(([path]) => path))).toEqual(new Set(['/usr/sbin/diskutil']))
  })

  it('is mounted and let go by diskutil; what is busy, fails or is not there is told', async () => {
    const drive = foundDrive({ device: 'disk4s1', disk: 'disk4' })
    const programs = answering()
    const drives = macDrives(programs)
    expect(drives.unproven).toBe(true)
    await drives.mount(drive, true)
    await drives.unmount(drive)
    await drives.release(drive)
    expect(programs.asked.map((words) => words.slice(1))).toEqual([
      ['mount', 'readOnly', 'disk4s1'],
      ['unmount', 'disk4s1'],
      ['eject', 'disk4'],
    ])
    const saying = (complaint: string): FakePrograms => fakePrograms(() => ({ ended: 'code 1', complaint }))
    const busy = 'Volume TRANSFER on disk4s1 failed to unmount: dissented by PID 12 (it is in use)'
    expect((await failureOf(macDrives(saying(busy)).unmount(drive))).code).toBe('drive-busy')
    expect((await failureOf(macDrives(saying('no such disk')).release(drive))).code).toBe('drive-failed')
    expect((await failureOf(macDrives(fakePrograms(() => null)).mount(drive, true))).code).toBe(
      'drive-by-hand',
    )
  })
})
