import { constants, openSync, writeSync } from 'node:fs'
import { diskFailure } from '../platform/failure.ts'

/**
 * Opens the file of the desk that takes what passes, never through a link.
 *
 * @param anew whether it begins empty; pieces of one content come to it from several places
 * @throws Failure `disk-full`, `disk-failed`
 */
export function openKept(path: string, anew: boolean): number {
  try {
    const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants
    return openSync(path, O_WRONLY | O_CREAT | O_NOFOLLOW | (anew ? O_TRUNC : 0), 0o600)
  } catch (error) {
    throw diskFailure(error, path)
  }
}

/**
 * Writes all of `bytes`: at the file's end, or at a position of it.
 *
 * @throws Failure `disk-full`, `disk-failed`
 */
export function writeKept(file: number, path: string, bytes: Buffer, position: number | null = null): void {
  try {
    for (let done = 0; done < bytes.length;) {
      const at = position === null ? null : position + done
      done += writeSync(file, bytes, done, bytes.length - done, at)
    }
  } catch (error) {
    throw diskFailure(error, path)
  }
}
