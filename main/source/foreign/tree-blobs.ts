import { isDigest, type Digest } from '../../../shared/digest.ts'
import type { Tree } from '../../archive/tree.ts'
import type { Descriptor } from '../../oci/descriptor.ts'
import type { Layout } from '../../oci/layout.ts'
import { Failure } from '../../platform/failure.ts'
import { digestOf } from '../../platform/hash.ts'
import { limits } from '../../platform/limits.ts'
import type { BlobSource, Problems } from './contents.ts'

/** Blobs of a tree under their digests: where each lies, and whether its bytes are what its name says. */
export class TreeBlobs implements BlobSource {
  readonly tree: Tree
  private readonly paths = new Map<Digest, string>()
  private readonly stated = new Map<Digest, Buffer>()
  private wrong = 0

  constructor(tree: Tree) {
    this.tree = tree
  }

  /** How many were named. */
  get count(): number {
    return this.paths.size + this.stated.size + this.wrong
  }

  /**
   * Says that a file is called by a digest. Only one whose bytes are that is a blob; the others are problems.
   *
   * @param problems `container.sums` `sum-differs`, `link`
   */
  name(digest: Digest, path: string, problems: Problems): void {
    const file = this.tree.files.get(path)
    if (file === undefined) {
      if (!this.tree.links.has(path)) return
      this.wrong += 1
      problems.add('container.sums', 'link', path, 'a file with these bytes', 'a link')
    } else if (file.digest !== digest) {
      this.wrong += 1
      problems.add('container.sums', 'sum-differs', path, digest, file.digest)
    } else this.paths.set(digest, path)
  }

  /** Takes every file below a folder that is called by the hex of a SHA-256, `folder` ending in `/`. */
  nameFolder(folder: string, problems: Problems): void {
    for (const path of [...this.tree.files.keys(), ...this.tree.links.keys()]) {
      const digest = `sha256:${path.slice(folder.length)}`
      if (path.startsWith(folder) && isDigest(digest)) this.name(digest, path, problems)
    }
  }

  /** Takes bytes that stand in another document. @returns their digest */
  state(bytes: Buffer): Digest {
    const digest = digestOf(bytes)
    this.stated.set(digest, bytes)
    return digest
  }

  has(digest: Digest): boolean {
    return this.paths.has(digest) || this.stated.has(digest)
  }

  pathOf(digest: Digest): string | null {
    return this.paths.get(digest) ?? null
  }

  /** Every blob that is a file of its own, with its path. */
  inFiles(): Iterable<readonly [Digest, string]> {
    return this.paths
  }

  /** Every blob that stands in another document. */
  inDocuments(): Iterable<Buffer> {
    return this.stated.values()
  }

  /** Bytes of a blob; `null`: it is not here. */
  sizeOf(digest: Digest): number | null {
    const path = this.paths.get(digest)
    if (path !== undefined) return this.tree.files.get(path)?.size ?? null
    return this.stated.get(digest)?.length ?? null
  }

  async read(digest: Digest, most: number): Promise<Buffer> {
    const stated = this.stated.get(digest)
    if (stated !== undefined) return stated
    return this.tree.read(this.place(digest), most)
  }

  lend: BlobSource['lend'] = (digest, use) => {
    const stated = this.stated.get(digest)
    if (stated !== undefined) {
      return use((take) => {
        take(stated)
        return Promise.resolve()
      })
    }
    return this.tree.lend(this.place(digest), use)
  }

  private place(digest: Digest): string {
    const path = this.paths.get(digest)
    if (path !== undefined) return path
    throw new Failure('not-found', { subject: `${digest} in ${this.tree.name}`, status: 0 })
  }

  /** The same as a layout, to be asked who speaks for whom. */
  asLayout(entries: readonly Descriptor[]): Layout {
    const read = (digest: Digest, most: number = limits.manifestBytes): Promise<Buffer> =>
      this.read(digest, most)
    return { name: this.tree.name, blobs: '', entries, read, small: () => Promise.resolve(this.documents()) }
  }

  /** Those that can be manifests: small, and they begin as JSON does. */
  private documents(): Digest[] {
    const found = [...this.stated.keys()]
    for (const [digest, path] of this.paths) {
      const file = this.tree.files.get(path)
      if (file !== undefined && file.size <= limits.manifestBytes && file.first === 0x7b) found.push(digest)
    }
    return found.sort()
  }
}
