import type { Group } from './demands.ts'

/** A demand about few enough repositories for one policy, with its patterns. */
export interface Part {
  readonly globs: readonly string[]
  readonly groups: readonly Group[]
}
