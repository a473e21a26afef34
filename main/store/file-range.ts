/** Where bytes lie in a file: a blob that is a file of its own, or one inside an archive. Plain values. */
export interface FileRange {
  readonly path: string
  /** Of the first byte. */
  readonly position: number
  /** Bytes; `null`: up to the end of the file, so that a file that is longer than stated is found. */
  readonly size: number | null
}

/** All bytes of a file. */
export const wholeFile = (path: string): FileRange => ({ path, position: 0, size: null })
