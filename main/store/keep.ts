import { renameSync, rmSync, statSync } from 'node:fs'
import type { FailureCode } from '../../shared/failure.ts'
import { diskFailure } from '../platform/failure.ts'
import { limits } from '../platform/limits.ts'

/** Gives a `.part` that was hashed as it was written the name of its content, on the thread that wrote it. @throws Failure */
export function keepAs(part: string, path: string): void {
  try {
    renameSync(part, path)
  } catch (error) {
    throw diskFailure(error, path)
  }
}

/** After these what came is wrong, or in the way. */
const worthless: ReadonlySet<FailureCode> = new Set(['registry-lies', 'disk-full', 'disk-failed', 'internal'])

/** Leaves what came of a blob for the next try, where that is worth it. */
export function leaveHalf(half: string, code: FailureCode): void {
  const size = statSync(half, { throwIfNoEntry: false })?.size ?? 0
  if (worthless.has(code) || size < limits.resumeProgress) rmSync(half, { force: true })
}
