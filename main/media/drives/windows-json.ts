import { z } from 'zod'
import { parseStrict } from '../../platform/json.ts'
import { limits } from '../../platform/limits.ts'

/* What `Get-Disk`, `Get-Partition` and `Get-Volume` print through `ConvertTo-Json`, as Microsoft documents them. */

const zText = z.string().nullable()
const zCount = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).nullable()
const zFlag = z.boolean().nullable()

/** Kinds of bus by number, where a shell prints the number (MSFT_Disk, “BusType”). */
const buses: Readonly<Record<number, string>> = {
  3: 'ata',
  7: 'usb',
  10: 'sas',
  11: 'sata',
  12: 'sd',
  13: 'mmc',
  17: 'nvme',
}
const zBus = z
  .union([z.string(), z.number().int()])
  .nullable()
  .transform((bus) => (typeof bus === 'number' ? (buses[bus] ?? null) : (bus?.toLowerCase() ?? null)))

const zDisk = z.strictObject({
  Number: z.number().int().min(0).max(1_000),
  Manufacturer: zText,
  Model: zText,
  FriendlyName: zText,
  SerialNumber: zText,
  BusType: zBus,
  Size: zCount,
  IsReadOnly: zFlag,
  IsBoot: zFlag,
  IsSystem: zFlag,
})
const zPartition = z.strictObject({
  DiskNumber: z.number().int().min(0).max(1_000),
  PartitionNumber: z.number().int().min(0).max(1_000),
  Size: zCount,
  AccessPaths: z.array(z.string()).max(64).nullable(),
})
const zVolume = z.strictObject({
  UniqueId: zText,
  FileSystem: zText,
  FileSystemLabel: zText,
})

const zAnswer = z.strictObject({
  disks: z.array(zDisk).max(limits.driveNodes),
  partitions: z.array(zPartition).max(limits.driveNodes),
  volumes: z.array(zVolume).max(limits.driveNodes),
})
export type WindowsDisks = z.output<typeof zAnswer>

const picked = (what: string, names: z.ZodObject): string =>
  `@(${what} | Select-Object -Property ${Object.keys(names.shape).join(',')})`

/** What PowerShell is told: a constant, nothing of anybody goes into it. */
export const windowsQuestion = [
  "$ErrorActionPreference='Stop'",
  '[Console]::OutputEncoding=[Text.UTF8Encoding]::new($false)',
  `ConvertTo-Json -Compress -Depth 4 @{disks=${picked('Get-Disk', zDisk)};partitions=${picked('Get-Partition', zPartition)};volumes=${picked('Get-Volume', zVolume)}}`,
].join('; ')

/** @throws Error where it has another form, or too much of it */
export function parseWindowsDisks(bytes: Uint8Array): WindowsDisks {
  if (bytes.length > limits.driveListBytes) throw new Error(`more than ${limits.driveListBytes} bytes`)
  return zAnswer.parse(parseStrict(bytes))
}
