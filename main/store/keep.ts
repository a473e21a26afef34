import { renameSync } from 'node:fs'
import { diskFailure } from '../platform/failure.ts'

/** Gives a `.part` that was hashed as it was written the name of its content, on the thread that wrote it. @throws Failure */
export function keepAs(part: string, path: string): void {
  try {
    renameSync(part, path)
  } catch (error) {
    throw diskFailure(error, path)
  }
}
