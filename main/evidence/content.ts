import { createHash, type Hash } from 'node:crypto'
import { hexOf, type Digest } from '../../shared/digest.ts'
import { limits } from '../platform/limits.ts'
import type { Artifact, Digests } from '../sigstore/artifact.ts'
import { damaged } from '../sigstore/large/set-aside.ts'
import type { HashName } from '../sigstore/verifier-key.ts'
import type { BlobReader } from './piece.ts'

const names = ['sha256', 'sha384', 'sha512'] as const

/**
 * A carried file as what signatures are over: read only where its digest is not enough, and then held against it. One
 * reading gives all digests; plain Ed25519 needs one of its own.
 */
class Content implements Artifact {
  private readonly digest: Digest
  private readonly size: number
  private readonly blobs: BlobReader
  private known: Digests
  private feeds = 0

  constructor(digest: Digest, size: number, blobs: BlobReader) {
    this.digest = digest
    this.size = size
    this.blobs = blobs
    this.known = { sha256: Buffer.from(hexOf(digest), 'hex') }
  }

  async digests(wanted: ReadonlySet<HashName>): Promise<Digests> {
    if ([...wanted].some((name) => this.known[name] === undefined)) await this.read([])
    return Object.fromEntries(Object.entries(this.known).filter(([name]) => wanted.has(name as HashName)))
  }

  // Whoever lays signatures beside a file may not have it read for ever.
  async feed(hashes: readonly Hash[]): Promise<boolean> {
    if (this.feeds >= limits.contentReadings) return false
    this.feeds += 1
    await this.read(hashes)
    return true
  }

  private async read(hashes: readonly Hash[]): Promise<void> {
    const own = names.map((name) => createHash(name))
    await this.blobs.lend(this.digest, this.size, (through) =>
      through((piece) => {
        for (const hash of [...own, ...hashes]) hash.update(piece)
      }),
    )
    const made: Digests = Object.fromEntries(names.map((name, i) => [name, own[i]?.digest()]))
    const found: Digest = `sha256:${made.sha256?.toString('hex') ?? ''}`
    if (found !== this.digest) throw damaged(this.digest, found)
    this.known = made
  }

  // The second verifier is not given files that others carried: it would hold them.
  whole(): Promise<null> {
    return Promise.resolve(null)
  }
}

/** The content of a carried file, to be asked by all its evidence. */
export function contentArtifact(digest: Digest, size: number, blobs: BlobReader): Artifact {
  return new Content(digest, size, blobs)
}
