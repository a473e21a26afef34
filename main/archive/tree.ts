import type { Digest } from '../../shared/digest.ts'
import type { Through } from '../platform/files.ts'

/** A file in an archive or folder, hashed when it was gone through. */
export interface TreeFile {
  readonly path: string
  readonly size: number
  readonly digest: Digest
  /** Its first byte; `null`: it is empty. */
  readonly first: number | null
  /** The archive in this one in which it lies, whose path its own begins with; `null`: in none. */
  readonly within: string | null
}

/** A link in an archive or folder: never followed here. `target` is its own word. */
export interface TreeLink {
  readonly path: string
  readonly kind: 'symlink' | 'hardlink'
  readonly target: string
  readonly within: string | null
}

/** What is done with a file whose bytes go by once. Whatever it leaves of them is read all the same. */
export type Use = (path: string, bytes: AsyncIterable<Buffer>) => Promise<void>

/** How files are packed together. */
export type Container = 'folder' | 'tar' | 'tar.gz' | 'tar.zst' | 'file'

/**
 * Files with paths, gone through once from end to end: every byte was hashed, and nothing was unpacked to anywhere. What
 * it gives afterwards is held against those hashes.
 */
export interface Tree {
  /** As a person named it. */
  readonly name: string
  readonly container: Container
  /** Bytes of the files as they lie on the disc. */
  readonly size: number
  /** SHA-256 of the whole, as one file; `null` for a folder. */
  readonly digest: Digest | null
  readonly files: ReadonlyMap<string, TreeFile>
  readonly folders: ReadonlySet<string>
  readonly links: ReadonlyMap<string, TreeLink>
  /**
   * A file whole.
   *
   * @throws ArchiveProblem `changing`; Failure `not-found`, `file-too-large`, `cancelled`
   */
  read(path: string, most: number): Promise<Buffer>
  /** Where a file's bytes lie, if they can be read from there without what is around them; else `null`. */
  rangeOf(path: string): { readonly path: string; readonly position: number; readonly size: number } | null
  /** Lends a file of any size, to be gone through as often as is needed. @throws as `read` */
  lend<Found>(path: string, use: (through: Through) => Promise<Found>): Promise<Found>
  /**
   * Lends several files, each once and in no order of the asker's, in one going through: not those of archives in this
   * one. Of an archive that is compressed that is one decompression, whatever their number.
   *
   * @throws as `read`
   */
  lendEach(paths: ReadonlySet<string>, use: Use): Promise<void>
}
