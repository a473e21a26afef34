import { realpath, stat } from 'node:fs/promises'
import { sep } from 'node:path'
import { deviceNumber, mountsHere, type Mount } from '../../platform/mounts.ts'
import type { FoundDrive } from './found.ts'

const isBelow = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`)

function byMount(path: string, drives: readonly FoundDrive[]): FoundDrive | null {
  const candidates = drives
    .flatMap((drive) => drive.mounted.map((point) => ({ drive, point })))
    .filter(({ point }) => isBelow(path, point))
    .sort((a, b) => b.point.length - a.point.length)
  return candidates[0]?.drive ?? null
}

/** The source of the mount that a path lies in, where it is a device. */
function sourceOf(path: string, mounts: readonly Mount[]): string | null {
  const over = mounts.filter(({ point }) => isBelow(path, point))
  // Of several at one point the last lies on top.
  const deepest = over.reduce<Mount | null>(
    (best, one) => (best === null || one.point.length >= best.point.length ? one : best),
    null,
  )
  return deepest?.source.startsWith('/dev/') === true ? deepest.source : null
}

/**
 * The drive that a folder lies on: by the number of its device (`st_dev`), else by the device that is mounted there (file
 * systems that number themselves), and where a system has no such numbers by where drives are mounted.
 *
 * @returns `null` where it is on none of them, or cannot be told
 */
export async function driveHolding(
  folder: string,
  drives: readonly FoundDrive[],
): Promise<FoundDrive | null> {
  try {
    const path = await realpath(folder)
    if (process.platform !== 'linux') return byMount(path, drives)
    const number = deviceNumber((await stat(path)).dev)
    const numbered = drives.find((drive) => drive.number === number)
    if (numbered !== undefined) return numbered
    const source = sourceOf(path, await mountsHere())
    const device = source === null ? null : await realpath(source).catch(() => source)
    return drives.find((drive) => drive.device === device) ?? null
  } catch {
    return null
  }
}
