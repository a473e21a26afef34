import { resolve } from 'node:path'

/** A path from the command line, from where it was started. */
export function absolute(path: string): string {
  return resolve(path)
}
