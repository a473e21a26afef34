import { lstat, rename } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { causeOf, diskFailure, Failure } from '../platform/failure.ts'
import { flushFolder } from '../platform/files.ts'
import { makeBeside } from './target.ts'

// A link counts as something too, wherever it leads.
async function checkFree(path: string): Promise<void> {
  const found = await lstat(path).catch((error: unknown) => {
    if (causeOf(error) === 'ENOENT' || causeOf(error) === 'ENOTDIR') return null
    throw diskFailure(error, path)
  })
  if (found !== null) throw new Failure('file-exists', { path })
}

/**
 * Writes a new file so that it appears whole, by rename, or not at all. It is written in a folder of its own beside its
 * place, which nobody can exchange unnoticed.
 *
 * @param fill writes the file whose path it is given, which is not there yet
 * @throws Failure `file-exists`, `export-target`, `target-shared`, `target-changed`, and what `fill` throws
 */
export async function fillFile<Result>(
  target: string,
  fill: (file: string) => Promise<Result>,
): Promise<Result> {
  const path = resolve(target)
  await checkFree(path)
  const made = await makeBeside(path, 'a new file')
  const unfinished = join(made.path, basename(path))
  try {
    const result = await fill(unfinished)
    await made.check()
    // Somebody may have put something there meanwhile.
    await checkFree(path)
    await rename(unfinished, path).catch((error: unknown) => {
      throw diskFailure(error, path)
    })
    await flushFolder(dirname(path))
    return result
  } finally {
    await made.remove()
  }
}
