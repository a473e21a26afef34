import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { limits } from '../../platform/limits.ts'
import { kernelText, mountsHere, type Mount } from '../../platform/mounts.ts'
import type { DriveSystem, FoundDrive } from './found.ts'
import { askLsblk, type BlockNode } from './lsblk.ts'
import type { DrivePrograms } from './programs.ts'
import { said } from './said.ts'
import { udisks } from './udisks.ts'
import { usbDeviceOf, type UsbDevice } from './usb.ts'

/** Where systems keep what they run from; a live system its own medium. */
const systemPoints =
  /^\/(?:|boot(?:\/.*)?|efi|usr|var|home|nix|cdrom|run\/live\/medium|lib\/live\/mount\/medium|run\/archiso\/bootmnt|run\/initramfs\/live)$/
/** What lies in another: it is seen by what is in it, or not at all. */
const shown = new Set(['disk', 'part', 'rom', 'loop', 'crypt', 'lvm', 'md', 'dm', 'mpath'])

const deviceOf = (node: BlockNode): string => `/dev/${node.kname.replaceAll('!', '/')}`

interface Around {
  readonly sys: string
  readonly mounts: readonly Mount[]
  readonly swaps: ReadonlySet<string>
}

async function mountsOf(root: string): Promise<readonly Mount[]> {
  return Promise.all(
    (await mountsHere(root)).map(async (mount) => {
      // `/dev/mapper/NAME` and the like are links to what the kernel calls it.
      if (!mount.source.startsWith('/dev/')) return mount
      return { ...mount, source: await realpath(mount.source).catch(() => mount.source) }
    }),
  )
}

async function swapsOf(root: string): Promise<ReadonlySet<string>> {
  const text = await kernelText(join(root, 'proc', 'swaps'), limits.mountsBytes)
  const paths = text
    .split('\n')
    .slice(1)
    .map((line) => line.split(/\s/)[0] ?? '')
  return new Set(await Promise.all(paths.map((path) => realpath(path).catch(() => path))))
}

function mountsAt(node: BlockNode, { mounts }: Around): readonly Mount[] {
  const device = deviceOf(node)
  return mounts.filter(({ number, source }) => number === node['maj:min'] || source === device)
}

const allOf = (node: BlockNode): readonly BlockNode[] => [node, ...node.children.flatMap(allOf)]

/** What of the system lies anywhere on a whole drive. */
function systemOn(disk: BlockNode, around: Around): string[] {
  const found = allOf(disk).flatMap((node) => [
    ...mountsAt(node, around).flatMap(({ point }) => (systemPoints.test(point) ? [point] : [])),
    ...(around.swaps.has(deviceOf(node)) ? ['swap'] : []),
  ])
  return [...new Set(found)]
}

/** What one can choose of a whole drive: what has nothing else in it. */
function leavesOf(node: BlockNode): readonly BlockNode[] {
  // An extended partition is a frame around others; what has no bytes has no medium in it.
  if (!shown.has(node.type) || node.size <= 1024) return []
  return node.children.length === 0 ? [node] : node.children.flatMap(leavesOf)
}

function namesOf(disk: BlockNode, usb: UsbDevice | null): Pick<FoundDrive, 'maker' | 'model' | 'serial'> {
  // A vendor of a bus that has only numbers for them says nothing to anybody.
  const vendor = /^0x[0-9a-f]{4}$/i.test(disk.vendor ?? '') ? null : said(disk.vendor)
  return {
    maker: vendor ?? usb?.maker ?? null,
    model: said(disk.model) ?? usb?.model ?? null,
    serial: said(disk.serial) ?? usb?.serial ?? null,
  }
}

async function drivesOn(disk: BlockNode, around: Around): Promise<FoundDrive[]> {
  // Images that a package manager mounts are no drives of anybody.
  if (disk.type === 'loop' && mountsAt(disk, around).some(({ type }) => type === 'squashfs')) return []
  const usb = await usbDeviceOf(around.sys, disk.kname)
  const system = systemOn(disk, around)
  const partitions = disk.children.filter(({ type }) => type === 'part').length
  return leavesOf(disk).map((leaf): FoundDrive => {
    const mounts = mountsAt(leaf, around)
    return {
      ...namesOf(disk, usb),
      volume: said(leaf.uuid),
      device: deviceOf(leaf),
      disk: deviceOf(disk),
      number: leaf['maj:min'],
      bus: said(disk.tran) ?? (usb === null ? null : 'usb'),
      size: leaf.size,
      whole: disk.size,
      fileSystem: said(leaf.fstype) ?? said(mounts[0]?.type),
      label: said(leaf.label),
      readOnly: leaf.ro || (mounts.length > 0 && mounts.every((mount) => mount.readOnly)),
      removable: disk.rm || disk.hotplug || usb !== null,
      mounted: [...new Set(mounts.map(({ point }) => point))],
      partitions,
      interfaces: usb === null ? null : [...usb.interfaces],
      system,
    }
  })
}

/**
 * The drives of a Linux: what `lsblk` tells of block devices, what the kernel tells of mounts, swap and USB.
 *
 * @param programs the programs of the system
 * @param root the folder that holds `proc` and `sys`
 */
export function linuxDrives(programs: DrivePrograms, root = '/'): DriveSystem {
  return {
    unproven: false,
    list: async () => {
      const [disks, mounts, swaps] = await Promise.all([askLsblk(programs), mountsOf(root), swapsOf(root)])
      const around = { sys: join(root, 'sys'), mounts, swaps }
      const found = (await Promise.all(disks.map((disk) => drivesOn(disk, around)))).flat()
      // What lies on two drives together is told once.
      return [...new Map(found.map((drive) => [drive.device, drive])).values()]
    },
    ...udisks(programs),
  }
}
