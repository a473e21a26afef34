import type { Drive } from '../../../shared/drives.ts'
import { interfaceName } from '../../../shared/text/drives.ts'
import type { FoundDrive } from './found.ts'
import { driveHolding } from './holding.ts'

/** A folder whose drive must stay as it is, and what it is: “this desk”. */
export interface OwnFolder {
  readonly path: string
  readonly what: string
}

function barOf(drive: FoundDrive, own: ReadonlyMap<string, string[]>): Drive['barred'] {
  const held = [...drive.system.map((what) => (what.startsWith('/') ? `the system (${what})` : what))]
  const all = [...held, ...(own.get(drive.disk) ?? [])]
  if (all.length > 0) return { why: 'system', found: [...new Set(all)].slice(0, 8).join(', ') }
  const others = [...new Set(drive.interfaces ?? [])].slice(0, 8)
  return others.length > 0 ? { why: 'composite', found: others.map(interfaceName).join(', ') } : null
}

function plain(drive: FoundDrive): Omit<Drive, 'barred'> {
  const { maker, model, serial, volume, device, disk, bus, size, fileSystem, label } = drive
  const { readOnly, removable, mounted, partitions, interfaces } = drive
  const names = { maker, model, serial, volume, device, disk, bus, size, fileSystem, label }
  return { ...names, readOnly, removable, mounted, partitions, interfaces }
}

// One entry for a whole drive that holds the system: nobody chooses among its partitions.
function together(drives: readonly FoundDrive[], first: FoundDrive): Omit<Drive, 'barred'> {
  const { device, fileSystem, label, volume } =
    drives.length === 1 ? first : { device: first.disk, fileSystem: null, label: null, volume: null }
  const mounted = [...new Set(drives.flatMap((one) => one.mounted))].slice(0, 8)
  return { ...plain(first), device, fileSystem, label, volume, size: first.whole, mounted }
}

/**
 * Says of each drive whether it may be selected: never one that holds the system, the desk, this program or the account,
 * and never one that is more than a drive.
 */
export async function judgeDrives(
  drives: readonly FoundDrive[],
  folders: readonly OwnFolder[],
): Promise<readonly Drive[]> {
  const own = new Map<string, string[]>()
  for (const { path, what } of folders) {
    const holder = await driveHolding(path, drives)
    if (holder !== null) own.set(holder.disk, [...(own.get(holder.disk) ?? []), what])
  }
  const judged: Drive[] = []
  for (const drive of drives) {
    const barred = barOf(drive, own)
    if (barred?.why !== 'system') judged.push({ ...plain(drive), barred })
    else if (!judged.some((one) => one.disk === drive.disk && one.barred?.why === 'system')) {
      const all = drives.filter((one) => one.disk === drive.disk)
      judged.push({ ...together(all, drive), barred })
    }
  }
  return judged
}
