import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { FoundDrive } from '../../main/media/drives/found.ts'
import type { DrivePrograms } from '../../main/media/drives/programs.ts'

/* Drives as programs and kernels would tell them, made for tests: no such hardware is here. */

/** A block device as lsblk tells it, with what a test says of it. */
export const node = (
  kname: string,
  about: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> => ({
  kname,
  type: 'disk',
  'maj:min': '8:16',
  vendor: null,
  model: null,
  serial: null,
  tran: null,
  size: 8_000_000_000,
  fstype: null,
  label: null,
  uuid: null,
  ro: false,
  rm: false,
  hotplug: false,
  ...about,
})

/** A stick with one partition, as lsblk tells it. */
export const stick = (about: Readonly<Record<string, unknown>> = {}): Record<string, unknown> =>
  node('sdb', {
    vendor: 'SanDisk ',
    model: 'Ultra',
    serial: '4C530001',
    tran: 'usb',
    rm: true,
    hotplug: true,
    children: [
      node('sdb1', {
        type: 'part',
        'maj:min': '8:17',
        size: 7_999_000_000,
        fstype: 'vfat',
        label: 'TRANSFER',
        uuid: '1A2B-3C4D',
      }),
    ],
    ...about,
  })

export const listed = (...devices: readonly unknown[]): Buffer =>
  Buffer.from(JSON.stringify({ blockdevices: devices }))

/** What a program was asked, and answers from a list: by its last words, or by what a test says. */
export interface FakePrograms extends DrivePrograms {
  readonly asked: (readonly string[])[]
}

interface Answer {
  readonly ended?: string
  readonly output?: Buffer | string
  readonly complaint?: string
}

/** Programs that answer as a test says; `null`: there is none. */
export function fakePrograms(answer: (words: readonly string[]) => Answer | null): FakePrograms {
  const asked: (readonly string[])[] = []
  return {
    asked,
    at: async (paths) => (answer([]) === null ? null : (paths[0] ?? null)),
    run: async (paths, words) => {
      asked.push([paths[0] ?? '', ...words])
      const { ended = 'code 0', output = '', complaint = '' } = answer(words) ?? { ended: 'missing' }
      return ended === 'missing' ? null : { ended, output: Buffer.from(output), complaint }
    },
  }
}

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

/** A folder with `proc` and `sys` as Linux has them, for one adapter. */
export class MadeKernel {
  readonly root: string

  constructor(root: string) {
    this.root = root
    this.mounts([])
    this.swaps([])
    mkdirSync(join(root, 'sys', 'block'), { recursive: true })
  }

  /** Lines of `mountinfo`: number, point, type, source. */
  mounts(lines: readonly (readonly [number: string, point: string, type: string, source: string])[]): void {
    const text = lines.map(
      ([number, point, type, source], i) =>
        `${i + 20} 1 ${number} / ${point} rw,relatime shared:1 - ${type} ${source} rw`,
    )
    put(join(this.root, 'proc', 'self', 'mountinfo'), `${text.join('\n')}\n`)
  }

  swaps(paths: readonly string[]): void {
    const lines = paths.map((path) => `${path} partition 1024 0 -2`)
    put(join(this.root, 'proc', 'swaps'), ['Filename Type Size Used Priority', ...lines, ''].join('\n'))
  }

  /** A USB device with its interfaces, and the block device that hangs on the first of them. */
  usb(
    name: string,
    classes: readonly (string | null)[],
    about: Readonly<Record<string, string>> = {},
  ): string {
    const device = join(this.root, 'sys', 'devices', 'pci0000:00', 'usb1', '1-2')
    for (const [key, value] of Object.entries({ idVendor: '0781', bDeviceClass: '00', ...about }))
      put(join(device, key), `${value}\n`)
    classes.forEach((one, i) => {
      const folder = join(device, `1-2:1.${i}`)
      mkdirSync(folder, { recursive: true })
      if (one !== null) put(join(folder, 'bInterfaceClass'), `${one}\n`)
    })
    const host = join(device, '1-2:1.0', 'host2', 'target2:0:0', '2:0:0:0')
    mkdirSync(join(host, 'block', name), { recursive: true })
    mkdirSync(join(this.root, 'sys', 'block', name), { recursive: true })
    symlinkSync(host, join(this.root, 'sys', 'block', name, 'device'))
    return device
  }
}

/** A drive as an adapter would have found it. */
export const foundDrive = (about: Partial<FoundDrive> = {}): FoundDrive => ({
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
  mounted: ['/media/stick'],
  partitions: 1,
  interfaces: [],
  system: [],
  ...about,
})
