import { randomUUID } from 'node:crypto'
import { cp, open, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Crossing } from './desks.ts'

/** A copy of a bundle's folder, alone in a new folder; what a hand between the desks may then change. */
export async function copyBundle(crossing: Crossing, folder: string): Promise<string> {
  const copy = join(crossing.folder, `copy-${randomUUID()}`, basename(folder))
  await cp(folder, copy, { recursive: true })
  return copy
}

/** Flips one bit of a file; a negative place counts from its end. */
export async function flipBit(path: string, place: number, bit = 0): Promise<void> {
  const at = place < 0 ? (await stat(path)).size + place : place
  const handle = await open(path, 'r+')
  try {
    const byte = Buffer.alloc(1)
    await handle.read(byte, 0, 1, at)
    byte[0] = (byte[0] ?? 0) ^ (1 << bit)
    await handle.write(byte, 0, 1, at)
  } finally {
    await handle.close()
  }
}

/** The members of a tar of ours: where each header starts, its name and the length of its content. */
export function membersOf(
  tar: Buffer,
): { readonly name: string; readonly at: number; readonly size: number }[] {
  const members: { name: string; at: number; size: number }[] = []
  for (let at = 0; (tar[at] ?? 0) !== 0;) {
    const name = tar.toString('latin1', at, tar.indexOf(0, at))
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 135), 8)
    members.push({ name, at, size })
    at += 512 + Math.ceil(size / 512) * 512
  }
  return members
}
