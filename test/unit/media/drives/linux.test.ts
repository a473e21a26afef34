import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FoundDrive } from '../../../../main/media/drives/found.ts'
import { linuxDrives } from '../../../../main/media/drives/linux.ts'
import { usbDeviceOf } from '../../../../main/media/drives/usb.ts'
import { limits } from '../../../../main/platform/limits.ts'
import { fakePrograms, listed, MadeKernel, node, stick } from '../../../support/made-drives.ts'

let kernel: MadeKernel
beforeEach(() => {
  kernel = new MadeKernel(mkdtempSync(join(tmpdir(), 'sallyport-kernel-')))
})
afterEach(() => rmSync(kernel.root, { recursive: true, force: true }))

const list = async (...devices: readonly unknown[]): Promise<readonly FoundDrive[]> =>
  linuxDrives(
    fakePrograms(() => ({ output: listed(...devices) })),
    kernel.root,
  ).list()
const system = async (...devices: readonly unknown[]): Promise<unknown> =>
  (await list(...devices)).map(({ device, system: held }) => [device, held])

describe('what of the system lies on a drive of Linux', () => {
  const part = (kname: string, number: string, about = {}): unknown =>
    node(kname, { type: 'part', 'maj:min': number, ...about })

  it.each(['/', '/boot', '/boot/efi', '/usr', '/home', '/run/live/medium', '/cdrom'])(
    'what is mounted at %s bars the whole drive',
    async (point) => {
      kernel.mounts([['8:2', point, 'ext4', '/dev/sda2']])
      const disk = node('sda', { 'maj:min': '8:0', children: [part('sda1', '8:1'), part('sda2', '8:2')] })
      expect(await system(disk)).toEqual([
        ['/dev/sda1', [point]],
        ['/dev/sda2', [point]],
      ])
    },
  )

  it('swap, and a system in a mapping in a partition, bar the whole drive', async () => {
    kernel.swaps(['/dev/sda1'])
    kernel.mounts([['253:1', '/', 'ext4', '/dev/mapper/vg-root']])
    const inside = node('dm-1', { type: 'lvm', 'maj:min': '253:1' })
    const crypt = node('dm-0', { type: 'crypt', 'maj:min': '253:0', children: [inside] })
    const disk = node('sda', { children: [part('sda1', '8:1'), part('sda2', '8:2', { children: [crypt] })] })
    expect(await system(disk)).toEqual([
      ['/dev/sda1', ['swap', '/']],
      ['/dev/dm-1', ['swap', '/']],
    ])
  })

  it('a file system that numbers itself is found by its source', async () => {
    kernel.mounts([['0:44', '/', 'btrfs', '/dev/sda2']])
    expect(await system(node('sda', { children: [part('sda2', '8:2')] }))).toEqual([['/dev/sda2', ['/']]])
  })

  it('what only begins like a place of the system is none', async () => {
    kernel.mounts([['8:17', '/bootleg', 'vfat', '/dev/sdb1']])
    expect(await system(stick())).toEqual([['/dev/sdb1', []]])
  })
})

describe('the drives of a Linux', () => {
  it('a stick: maker, model, serial, bus, size, file system, label, volume, where it is mounted', async () => {
    kernel.mounts([['8:17', '/media/my\\040stick', 'vfat', '/dev/sdb1']])
    kernel.usb('sdb', ['08'])
    expect(await list(stick())).toEqual([
      {
        maker: 'SanDisk',
        model: 'Ultra',
        serial: '4C530001',
        volume: '1A2B-3C4D',
        device: '/dev/sdb1',
        disk: '/dev/sdb',
        number: '8:17',
        bus: 'usb',
        size: 7_999_000_000,
        whole: 8_000_000_000,
        fileSystem: 'vfat',
        label: 'TRANSFER',
        readOnly: false,
        removable: true,
        mounted: ['/media/my stick'],
        partitions: 1,
        interfaces: [],
        system: [],
      },
    ])
  })

  it('without udev the kernel’s own words count: serial and maker of the USB device, the type of the mount', async () => {
    kernel.usb('sdb', ['08'], { serial: 'K-77', manufacturer: 'Kingston', product: 'DataTraveler' })
    kernel.mounts([['8:16', '/mnt', 'exfat', '/dev/sdb']])
    const [drive] = await list(node('sdb'))
    expect(drive).toMatchObject({ serial: 'K-77', maker: 'Kingston', model: 'DataTraveler' })
    expect(drive).toMatchObject({ fileSystem: 'exfat', bus: 'usb', removable: true, interfaces: [] })
  })

  it('texts of a drive are cleaned, and never more than they are', async () => {
    const evil = { serial: 'A\u202eB\u0000', model: '\u001b]0;x\u0007', vendor: '0x1af4' }
    const [drive] = await list(
      stick({ ...evil, children: [node('sdb1', { type: 'part', label: '/dev/sda' })] }),
    )
    expect(drive).toMatchObject({
      serial: 'A B',
      model: ']0;x',
      maker: null,
      label: '/dev/sda',
      device: '/dev/sdb1',
    })
  })

  it('has no entry for frames, for what has no bytes, and for images of packages; one for two drives together', async () => {
    kernel.mounts([['7:0', '/snap/x/1', 'squashfs', '/dev/loop0']])
    const raid = node('md0', { type: 'md', 'maj:min': '9:0' })
    const half = (kname: string): unknown => node(kname, { children: [raid] })
    const frame = node('sdc', { children: [node('sdc1', { type: 'part', size: 1024 })] })
    const image = node('loop0', { type: 'loop', 'maj:min': '7:0' })
    const found = await list(half('sda'), half('sdb'), frame, image, node('sr0', { type: 'rom', size: 0 }))
    expect(found.map(({ device }) => device)).toEqual(['/dev/md0'])
  })
})

describe('a USB device of Linux', () => {
  const interfaces = async (): Promise<unknown> =>
    (await usbDeviceOf(join(kernel.root, 'sys'), 'sdb'))?.interfaces

  it.each([
    [['08'], []],
    [['08', '08'], []],
    [['08', '03'], ['03']],
    [
      ['08', '03', 'E0', '0a'],
      ['03', '0a', 'e0'],
    ],
    [['08', null], ['??']],
    [['08', 'keyboard'], ['??']],
    [['08', ''], ['??']],
  ])('with interfaces %j claims %j besides', async (classes, others) => {
    kernel.usb('sdb', classes)
    expect(await interfaces()).toEqual(others)
  })

  it('is not looked for outside the kernel’s own folder, nor above it, nor for ever', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'sallyport-outside-'))
    writeFileSync(join(outside, 'idVendor'), '1')
    writeFileSync(join(outside, 'bDeviceClass'), '1')
    mkdirSync(join(kernel.root, 'sys', 'block', 'sdb'), { recursive: true })
    symlinkSync(outside, join(kernel.root, 'sys', 'block', 'sdb', 'device'))
    expect(await usbDeviceOf(join(kernel.root, 'sys'), 'sdb')).toBeNull()
    rmSync(outside, { recursive: true })
    expect(await usbDeviceOf(join(kernel.root, 'sys'), 'sdx')).toBeNull()
    const device = kernel.usb('sdc', ['08'])
    const deep = join(device, ...Array.from({ length: limits.usbSteps }, (_, i) => `s${i}`))
    mkdirSync(deep, { recursive: true })
    mkdirSync(join(kernel.root, 'sys', 'block', 'sdd'), { recursive: true })
    symlinkSync(deep, join(kernel.root, 'sys', 'block', 'sdd', 'device'))
    expect(await usbDeviceOf(join(kernel.root, 'sys'), 'sdd')).toBeNull()
    expect(await usbDeviceOf(join(kernel.root, 'sys'), 'sdc')).not.toBeNull()
  })

  it('with more entries than anybody has is not looked through, and counts as more than a drive', async () => {
    const device = kernel.usb('sdb', ['08'])
    for (let i = 0; i <= limits.usbEntries; i++) writeFileSync(join(device, `a${i}`), '')
    expect(await interfaces()).toEqual(['??'])
  })
})
