import type { Reading } from '../archive/bytes.ts'
import type { Tree } from '../archive/tree.ts'

/** One thing in several files, to be read as if it were one. None of them is ever written to. */
export interface Joined {
  /** What the whole is called. */
  readonly name: string
  readonly paths: readonly string[]
  /**
   * Opens the whole and holds it against what is said of it.
   *
   * @throws ArchiveProblem `part-sum`, and whatever `open` throws
   */
  opened(open: () => Promise<Tree>): Promise<Tree>
}

/** A way in which others cut files: `null` for what is not cut in it, a problem for what is and is not all there. */
export type Joiner = (place: PartPlace, reading: Reading) => Promise<Joined | null>

/** A file that may be a part of something. */
export interface PartPlace {
  readonly name: string
  pathOf(name: string): string
  /** The names beside it, itself included. */
  beside(): Promise<readonly string[]>
  sizeOf(name: string): Promise<number>
}
