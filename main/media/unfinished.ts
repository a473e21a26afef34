import { lstat, readdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isParityName } from '../bundle/medium.ts'
import { causeOf } from '../platform/failure.ts'

/** The files of a medium beside its parts, in the order in which they are written. */
export const smallFiles = [
  ...['waybill.json', 'waybill.sigstore.jsonl', 'VERIFY.txt', 'station.pub'],
  ...['medium.json', 'medium.sigstore.json', 'SHA256SUMS', 'SHA256SUMS.sig.bin'],
] as const

/**
 * Removes a medium that was not finished: its folder, and in it only files that a writing makes.
 *
 * @param parts the names of its parts
 * @returns why it was left, in words; `null` when it is gone
 */
export async function removeUnfinished(folder: string, parts: readonly string[]): Promise<string | null> {
  const made = new Set<string>([...smallFiles, ...parts])
  try {
    if (!(await lstat(folder)).isDirectory()) return 'it is no folder'
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const [, name = ''] = /^(.*?)(?:\.[0-9a-f]{12}\.tmp)?$/.exec(entry.name) ?? []
      if (!entry.isFile() || (!made.has(name) && !isParityName(name)))
        return `${entry.name} in it is not of this writing`
      await rm(join(folder, entry.name))
    }
    await rmdir(folder)
    return null
  } catch (error) {
    return causeOf(error) === 'ENOENT' ? null : causeOf(error)
  }
}
