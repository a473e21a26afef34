import { closeSync, constants, fstatSync, openSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { causeOf, Failure } from './failure.ts'

/*
 * Opening what came from outside: once, without following a link in its place, without waiting for a pipe or a device;
 * what was opened is what is looked at. Node has these flags on every system, as 0 where the system lacks them.
 */

const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/**
 * Opens a regular file to read.
 *
 * @throws Failure `file-unreadable`
 */
export async function openRegular(
  path: string,
): Promise<{ readonly file: FileHandle; readonly size: number }> {
  let file: FileHandle
  try {
    file = await open(path, flags)
  } catch (error) {
    throw new Failure('file-unreadable', { path, found: causeOf(error) }, error)
  }
  const found = await file.stat().catch(() => null)
  if (found?.isFile() === true) return { file, size: found.size }
  await file.close()
  throw new Failure('file-unreadable', { path, found: 'not a regular file' })
}

/** The same, for a thread that reads and writes without waiting. Gives the descriptor. */
export function openRegularSync(path: string): number {
  let file: number
  try {
    file = openSync(path, flags)
  } catch (error) {
    throw new Failure('file-unreadable', { path, found: causeOf(error) }, error)
  }
  if (fstatSync(file).isFile()) return file
  closeQuietly(file)
  throw new Failure('file-unreadable', { path, found: 'not a regular file' })
}

/**
 * Closes a file whose last word changes nothing: it was only read, or its writing has failed before. A medium that is gone
 * fails here too.
 */
export function closeQuietly(file: number): void {
  try {
    closeSync(file)
  } catch {
    // It changes nothing.
  }
}
