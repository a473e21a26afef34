import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Digest } from '../../shared/digest.ts'
import { diskFailure, Failure } from './failure.ts'
import { BlockReader, HashedFile } from './hashed-file.ts'
import { programsOnPath } from './program.ts'

/** A copy of a program, whose bytes are those that somebody named. */
export interface PinnedProgram {
  /** What it is called where it was found. */
  readonly name: string
  readonly path: string
  readonly digest: Digest
}

/** Files of one name that are tried, in the order of the PATH. */
const mostTried = 8

/** @returns the digest of what was copied; `null` where it cannot be read */
async function copied(from: string, to: string): Promise<Digest | null> {
  const source = await open(from, 'r').catch(() => null)
  if (source === null) return null
  try {
    const target = await open(to, 'wx', 0o700)
    try {
      const file = new HashedFile(target.fd)
      await new BlockReader().each(source.fd, 0, null, async (bytes) => {
        await file.put(bytes)
        return true
      })
      return `sha256:${file.digest()}`
    } finally {
      await target.close()
    }
  } catch (error) {
    throw diskFailure(error, to)
  } finally {
    await source.close()
  }
}

/**
 * Finds a program on the PATH that is one of those that were named, and copies it to where only this account writes: what
 * was hashed is what is run, whatever becomes of the file on the PATH.
 *
 * @param names it may be called, those that are wanted most first
 * @param folder where the copy lies; whoever asked removes it
 * @throws Failure `program-missing`, `program-differs`, `disk-full`, `disk-failed`
 */
export async function pinnedProgram(asked: {
  readonly names: readonly string[]
  readonly digests: readonly Digest[]
  readonly environment: NodeJS.ProcessEnv
  readonly folder: string
}): Promise<PinnedProgram> {
  const { names, digests, environment, folder } = asked
  const expected = digests.join(', ')
  const seen: string[] = []
  for (const name of names) {
    for await (const from of programsOnPath(name, environment)) {
      if (seen.length === mostTried) break
      // Windows runs nothing that is called otherwise.
      const path = join(folder, process.platform === 'win32' ? `${name}.exe` : name)
      const digest = await copied(from, path)
      if (digest !== null && digests.includes(digest)) return { name, path, digest }
      await rm(path, { force: true })
      seen.push(`${from} is ${digest ?? 'not readable'}`)
    }
  }
  const subject = names.join(' or ')
  if (seen.length === 0) throw new Failure('program-missing', { subject, expected })
  throw new Failure('program-differs', { subject, expected, found: seen.join('; ') })
}
