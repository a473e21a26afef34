import { z } from 'zod'
import { Failure } from '../../platform/failure.ts'
import { limits } from '../../platform/limits.ts'
import type { DriveSystem, FoundDrive } from './found.ts'
import { parsePlist } from './plist.ts'
import type { DrivePrograms } from './programs.ts'
import { said } from './said.ts'

const places = ['/usr/sbin/diskutil']
const expected = '/usr/sbin/diskutil'

/** It becomes a word of a program: `disk4`, `disk4s1`. */
const zDeviceId = z.string().regex(/^disk\d{1,4}(?:s\d{1,4}){0,2}$/)
const zText = z.string().optional()
const zCount = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional()

// What is not asked for here differs from version to version, and is passed over.
const zPart = z.object({ DeviceIdentifier: zDeviceId })
const zList = z.object({
  AllDisksAndPartitions: z
    .array(
      z.object({
        DeviceIdentifier: zDeviceId,
        Partitions: z.array(zPart).max(limits.plistDevices).optional(),
        APFSVolumes: z.array(zPart).max(limits.plistDevices).optional(),
      }),
    )
    .max(limits.plistDevices),
})
const zAbout = z.object({
  MediaName: zText,
  BusProtocol: zText,
  Size: zCount,
  TotalSize: zCount,
  FilesystemType: zText,
  VolumeName: zText,
  VolumeUUID: zText,
  DiskUUID: zText,
  MountPoint: zText,
  WritableMedia: z.boolean().optional(),
  WritableVolume: z.boolean().optional(),
  Internal: z.boolean().optional(),
  RemovableMediaOrExternalDevice: z.boolean().optional(),
})
type About = z.output<typeof zAbout>

async function ask(programs: DrivePrograms, words: readonly string[]): Promise<unknown> {
  const ran = await programs.run(places, words, limits.driveTime)
  const found = ran === null ? 'there is no diskutil' : `diskutil: ${ran.ended}`
  if (ran?.ended !== 'code 0') throw new Failure('drives-unreadable', { found, expected })
  return parsePlist(ran.output)
}

const systemPoints = /^\/(?:$|System(?:\/|$))/

function driveOf(device: string, disk: string, about: About, whole: About, parts: number): FoundDrive {
  const mounted = (about.MountPoint ?? '') === '' ? [] : [(about.MountPoint ?? '').slice(0, 4096)]
  return {
    maker: null,
    model: said(whole.MediaName),
    // diskutil tells no serial.
    serial: null,
    volume: said(about.VolumeUUID) ?? said(about.DiskUUID),
    device,
    disk,
    number: null,
    bus: said(whole.BusProtocol?.toLowerCase()),
    size: about.TotalSize ?? about.Size ?? 0,
    whole: whole.TotalSize ?? whole.Size ?? 0,
    fileSystem: said(about.FilesystemType),
    label: said(about.VolumeName),
    readOnly: about.WritableVolume === false && mounted.length > 0 ? true : whole.WritableMedia === false,
    removable: whole.RemovableMediaOrExternalDevice ?? whole.Internal === false,
    mounted,
    partitions: parts,
    interfaces: null,
    system: mounted.filter((point) => systemPoints.test(point)),
  }
}

async function listed(programs: DrivePrograms): Promise<readonly FoundDrive[]> {
  const { AllDisksAndPartitions: disks } = zList.parse(await ask(programs, ['list', '-plist']))
  const about = async (device: string): Promise<About> =>
    zAbout.parse(await ask(programs, ['info', '-plist', device]))
  let asked = 0
  const found: FoundDrive[] = []
  for (const { DeviceIdentifier: disk, Partitions: own = [], APFSVolumes: inside = [] } of disks) {
    const parts = [...own, ...inside].map((one) => one.DeviceIdentifier)
    asked += parts.length + 1
    if (asked > limits.plistDevices) throw new Error(`more than ${limits.plistDevices} devices`)
    const whole = await about(disk)
    const drives: FoundDrive[] = []
    for (const device of parts.length === 0 ? [disk] : parts)
      drives.push(driveOf(device, disk, device === disk ? whole : await about(device), whole, own.length))
    // What holds a part of the system holds it as a whole.
    const system = [...new Set(drives.flatMap((drive) => drive.system))]
    found.push(...drives.map((drive) => ({ ...drive, system })))
  }
  return found
}

async function act(
  programs: DrivePrograms,
  what: 'mount' | 'unmount' | 'eject',
  words: readonly string[],
  subject: string,
): Promise<void> {
  const ran = await programs.run(places, words, limits.driveActTime)
  if (ran === null) throw new Failure('drive-by-hand', { what, expected })
  if (ran.ended === 'code 0') return
  if (/busy|in use|could not be unmounted/i.test(ran.complaint)) throw new Failure('drive-busy', { subject })
  const found = said(ran.complaint.trim().split('\n').at(-1)) ?? ran.ended
  throw new Failure('drive-failed', { what, subject, found })
}

/** The drives of a macOS, by the documented forms of `diskutil`. Never tried on one. */
export function macDrives(programs: DrivePrograms): DriveSystem {
  return {
    unproven: true,
    handles: async () => (await programs.at(places)) !== null,
    list: () =>
      listed(programs).catch((error: unknown) => {
        if (error instanceof Failure) throw error
        const found = 'diskutil answers in a form that is not known'
        throw new Failure('drives-unreadable', { found, expected }, error)
      }),
    mount: ({ device }, readOnly) =>
      act(programs, 'mount', ['mount', ...(readOnly ? ['readOnly'] : []), device], device),
    unmount: ({ device }) => act(programs, 'unmount', ['unmount', device], device),
    release: ({ disk }) => act(programs, 'eject', ['eject', disk], disk),
  }
}
