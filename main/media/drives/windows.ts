import { Failure } from '../../platform/failure.ts'
import { limits } from '../../platform/limits.ts'
import type { DriveSystem, FoundDrive } from './found.ts'
import type { DrivePrograms } from './programs.ts'
import { said } from './said.ts'
import { parseWindowsDisks, windowsQuestion, type WindowsDisks } from './windows-json.ts'

const places = ['C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe']

type Disk = WindowsDisks['disks'][number]
type Partition = WindowsDisks['partitions'][number]

const isVolumePath = (path: string): boolean => path.startsWith('\\\\?\\')

function aboutDisk(
  disk: Disk,
  partitions: number,
): Pick<
  FoundDrive,
  | 'maker'
  | 'model'
  | 'serial'
  | 'disk'
  | 'bus'
  | 'whole'
  | 'partitions'
  | 'system'
  | 'number'
  | 'interfaces'
  | 'removable'
> {
  const { BusType: bus } = disk
  return {
    maker: said(disk.Manufacturer),
    model: said(disk.Model) ?? said(disk.FriendlyName),
    serial: said(disk.SerialNumber),
    disk: `disk ${disk.Number}`,
    number: null,
    bus: said(bus),
    whole: disk.Size ?? 0,
    partitions,
    removable: bus === 'usb' || bus === 'sd' || bus === 'mmc',
    interfaces: null,
    system: disk.IsSystem === true || disk.IsBoot === true ? ['Windows'] : [],
  }
}

function driveOf(disk: Disk, partition: Partition, answer: WindowsDisks, partitions: number): FoundDrive {
  const paths = partition.AccessPaths ?? []
  const volume = answer.volumes.find(({ UniqueId: id }) => id !== null && paths.includes(id))
  const mounted = paths.filter((path) => !isVolumePath(path))
  return {
    ...aboutDisk(disk, partitions),
    volume: said(volume?.UniqueId),
    device: `disk ${disk.Number} partition ${partition.PartitionNumber}`,
    size: partition.Size ?? 0,
    fileSystem: said(volume?.FileSystem),
    label: said(volume?.FileSystemLabel),
    readOnly: disk.IsReadOnly === true,
    mounted: mounted.map((path) => path.slice(0, 4096)),
  }
}

/** Drives from what PowerShell printed. */
export function windowsFound(answer: WindowsDisks): readonly FoundDrive[] {
  return answer.disks.flatMap((disk) => {
    const own = answer.partitions.filter((one) => one.DiskNumber === disk.Number)
    // Partitions without a path are the system's own: reserved ones, recovery.
    const seen = own.filter(({ AccessPaths: paths }) => (paths ?? []).length > 0)
    if (seen.length > 0) return seen.map((one) => driveOf(disk, one, answer, own.length))
    const bare = {
      device: `disk ${disk.Number}`,
      volume: null,
      size: disk.Size ?? 0,
      fileSystem: null,
      label: null,
    }
    const rest = { readOnly: disk.IsReadOnly === true, mounted: [] }
    return [{ ...aboutDisk(disk, own.length), ...bare, ...rest }]
  })
}

async function byHand(what: 'mount' | 'unmount' | 'eject'): Promise<never> {
  throw new Failure('drive-by-hand', { what, expected: 'a way that was tried on a Windows' })
}

/** The drives of a Windows, by the documented forms of its storage cmdlets. Never tried on one. */
export function windowsDrives(programs: DrivePrograms): DriveSystem {
  const expected = 'PowerShell with its storage cmdlets'
  return {
    unproven: true,
    handles: async () => false,
    list: async () => {
      const words = ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', windowsQuestion]
      const ran = await programs.run(places, words, limits.driveTime)
      const found = ran === null ? 'there is no PowerShell' : `PowerShell: ${ran.ended}`
      if (ran?.ended !== 'code 0') throw new Failure('drives-unreadable', { found, expected })
      try {
        return windowsFound(parseWindowsDisks(ran.output))
      } catch (error) {
        const form = 'PowerShell answers in a form that is not known'
        throw new Failure('drives-unreadable', { found: form, expected }, error)
      }
    },
    mount: () => byHand('mount'),
    unmount: () => byHand('unmount'),
    release: () => byHand('eject'),
  }
}
