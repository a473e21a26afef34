import { readdir, realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { limits } from '../../platform/limits.ts'
import { kernelText } from '../../platform/mounts.ts'
import { said } from './said.ts'

/** What the kernel says of the USB device that a drive belongs to. */
export interface UsbDevice {
  readonly maker: string | null
  readonly model: string | null
  readonly serial: string | null
  /** Classes of its interfaces that are not mass storage, two hex digits each; what cannot be read is `??`. */
  readonly interfaces: readonly string[]
}

const massStorage = '08'
const unknown = '??'
// The first of them is the device, its number of ports behind; the others, with a colon, are its interfaces.
const interfaceForm = /^\d+-\d+(?:\.\d+)*:\d+\.\d+$/

const attribute = async (folder: string, name: string): Promise<string> =>
  (await kernelText(join(folder, name), 4096)).trim()

async function isUsbDevice(folder: string): Promise<boolean> {
  return (await attribute(folder, 'idVendor')) !== '' && (await attribute(folder, 'bDeviceClass')) !== ''
}

/** The USB device above a block device; `null` where there is none. */
async function deviceAbove(from: string, root: string): Promise<string | null> {
  let folder = from
  for (let step = 0; step < limits.usbSteps; step++) {
    if (!folder.startsWith(`${root}/`)) return null
    if (await isUsbDevice(folder)) return folder
    folder = dirname(folder)
  }
  return null
}

/** Every interface beside mass storage. One that nobody can read counts as one: it may be anything. */
async function otherInterfaces(device: string): Promise<string[]> {
  const entries = await readdir(device)
  // Whatever hides behind more of them than any device has.
  if (entries.length > limits.usbEntries) return [unknown]
  const names = entries.filter((name) => interfaceForm.test(name))
  const classes = await Promise.all(names.map((name) => attribute(join(device, name), 'bInterfaceClass')))
  return classes
    .map((one) => (/^[0-9a-f]{2}$/i.test(one) ? one.toLowerCase() : unknown))
    .filter((one) => one !== massStorage)
    .sort()
}

/**
 * Follows a block device up to its USB device (sysfs: `/sys/block/NAME/device`).
 *
 * @param sys the folder of sysfs
 * @param name of the whole drive, as the kernel calls it
 * @returns `null` where it hangs on no USB device, or where the kernel does not say
 */
export async function usbDeviceOf(sys: string, name: string): Promise<UsbDevice | null> {
  try {
    const root = await realpath(sys)
    const device = await deviceAbove(await realpath(join(sys, 'block', name, 'device')), root)
    if (device === null) return null
    return {
      maker: said(await attribute(device, 'manufacturer')),
      model: said(await attribute(device, 'product')),
      serial: said(await attribute(device, 'serial')),
      interfaces: await otherInterfaces(device),
    }
  } catch {
    return null
  }
}
