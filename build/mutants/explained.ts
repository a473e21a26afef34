import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Change, Kind } from './changes.ts'

/*
 * Changes that no test can notice, because the program does the same with them, or because something else holds what
 * they let go; each with its reason. They are found by what the line says and not by its number.
 */

interface Explained {
  readonly file: string
  readonly line: string
  readonly kind: Kind
  /** What stands in the place; every change of the kind in this line where it is left out. */
  readonly replacement?: string
  /** What was there; likewise. */
  readonly was?: string
  readonly reason: string
}

const list = JSON.parse(readFileSync(join(import.meta.dirname, 'explained.json'), 'utf8')) as Explained[]

/** Why a change need not be noticed; `null` when it must be. */
export function explanationOf(change: Change): string | null {
  const found = list.find(
    ({ file, line, kind, replacement, was }) =>
      file === change.file &&
      line === change.text &&
      kind === change.kind &&
      (replacement === undefined || replacement === change.replacement) &&
      (was === undefined || was === change.was),
  )
  return found?.reason ?? null
}
