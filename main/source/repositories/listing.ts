import { createHash } from 'node:crypto'
import type { Digest } from '../../../shared/digest.ts'
import { decompressed, compressionOf } from '../../archive/decompress.ts'
import { bytesOf, peeked } from '../../archive/bytes.ts'
import { ArchiveProblem } from '../../archive/problem.ts'
import type { TreeEntry } from '../../oci/tree-manifest.ts'
import { readCapped } from '../../platform/files.ts'
import { limits } from '../../platform/limits.ts'

/** A file that an index of packages lists: its path below the repository, and what it must be where that is said. */
export interface Listed {
  readonly path: string
  readonly sha256: Digest | null
  readonly size: number | null
  /** In base64: what the list states, and what the file has; `null`: it is not there. */
  readonly sha512?: { readonly stated: string; readonly found: string | null }
  /** Where a document lies that the list says to speak for it, one path or several of which one counts; and its type. */
  readonly evidence?: { readonly paths: readonly string[]; readonly type: string }
  /** Signatures that the list itself holds. */
  readonly signatures?: readonly ListedSignature[]
}

/** A signature in a list: a bundle around it, and the text that is signed, which names the sum of the file. */
export interface ListedSignature {
  readonly bundle: Buffer
  readonly over: Buffer
}

/** A document of a repository that lists others. */
export interface Index {
  readonly path: string
  /** Paths of the files that it lists are below this, which ends in `/` or is empty. */
  readonly root: string
  listed(): AsyncIterable<Listed>
}

/** An index that is there and not read, and why. */
export interface Unread {
  readonly path: string
  readonly why: string
}

/** What leads to everything else in a repository: the document that is signed, and its signature where there is one. */
export interface Release {
  readonly kind: 'apt' | 'dnf'
  readonly path: string
  readonly signature: string | null
  /** Whether the signature is around the text of the document itself. */
  readonly around?: boolean
}

/** What is found in a folder that is a repository of packages. */
export interface Repository {
  readonly releases: readonly Release[]
  readonly indexes: readonly Index[]
  readonly unread: readonly Unread[]
}

/** The files of a folder as they were taken. */
export class RepositoryFiles {
  readonly paths: ReadonlyMap<string, TreeEntry>
  private readonly placeOf: (digest: Digest) => string
  private readonly signal: AbortSignal
  private readonly sums = new Map<string, Promise<string>>()

  constructor(files: readonly TreeEntry[], placeOf: (digest: Digest) => string, signal: AbortSignal) {
    this.paths = new Map(files.map((file) => [file.path, file]))
    this.placeOf = placeOf
    this.signal = signal
  }

  /** Where a file lies now. */
  place(path: string): string | null {
    const file = this.paths.get(path)
    return file === undefined ? null : this.placeOf(file.digest)
  }

  /** A document whole, not unpacked. @throws ArchiveProblem `too-large`; Failure */
  async text(path: string): Promise<string> {
    const place = this.place(path)
    const size = this.paths.get(path)?.size ?? 0
    if (place === null) return ''
    if (size > limits.foreignDocumentBytes) {
      const expected = `at most ${limits.foreignDocumentBytes} bytes`
      throw new ArchiveProblem('too-large', { subject: path, expected, found: `${size} bytes` })
    }
    return (await readCapped(place, limits.foreignDocumentBytes)).toString('utf8')
  }

  /** SHA-512 of a file, in base64; read once, however many lists name it. @throws Failure */
  sha512(path: string): Promise<string> {
    const found = this.sums.get(path) ?? this.hashed(path)
    this.sums.set(path, found)
    return found
  }

  private async hashed(path: string): Promise<string> {
    const hash = createHash('sha512')
    const reading = { signal: this.signal, advance: () => undefined }
    for await (const piece of bytesOf({ paths: [this.place(path) ?? ''] }, reading)) hash.update(piece)
    return hash.digest('base64')
  }

  /** Parts of a document between separators, unpacked where it is packed; none longer than a document may be. @throws ArchiveProblem */
  async *parts(path: string, separator: string): AsyncGenerator<string> {
    const place = this.place(path)
    if (place === null) return
    const reading = { signal: this.signal, advance: () => undefined }
    const { head, whole } = await peeked(bytesOf({ paths: [place] }, reading))
    const decoder = new TextDecoder()
    let rest = ''
    try {
      for await (const piece of decompressed(whole, compressionOf(head))) {
        rest += decoder.decode(piece, { stream: true })
        const found = rest.split(separator)
        rest = found.pop() ?? ''
        yield* found
        if (rest.length <= limits.foreignDocumentBytes) continue
        const expected = `entries of at most ${limits.foreignDocumentBytes} signs`
        throw new ArchiveProblem('too-large', { subject: path, expected, found: 'more' })
      }
      yield rest
    } finally {
      await whole.close()
    }
  }
}

/** The folder of a path, ending in `/`, or empty. */
export const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1)
