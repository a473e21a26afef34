import type { Digest } from '../../shared/digest.ts'
import { childrenOf, type Manifest } from '../oci/manifest.ts'
import type { BlobPlace, Named, ReadManifest, Source, Spoken } from './source.ts'

/** An item whose signatures lie in a repository of their own: that is asked as well, for evidence and nothing else. */
class WithSignatures implements Source {
  readonly from: string
  private readonly item: Source
  private readonly signatures: Source
  /** What was found there, with all that it names: it is had there. */
  private readonly there = new Set<Digest>()

  constructor(item: Source, signatures: Source) {
    this.item = item
    this.signatures = signatures
    this.from = item.from
  }

  private whereIs(digest: Digest): Source {
    return this.there.has(digest) ? this.signatures : this.item
  }

  private note(digest: Digest, manifest: Manifest): void {
    this.there.add(digest)
    for (const child of childrenOf(manifest)) this.there.add(child.digest)
  }

  placeOf(digest: Digest): BlobPlace {
    return this.whereIs(digest).placeOf(digest)
  }

  resolve(): Promise<ReadManifest> {
    return this.item.resolve()
  }

  tagged(root: Digest): ReturnType<Source['tagged']> {
    return this.item.tagged(root)
  }

  async manifest(named: Named): Promise<ReadManifest> {
    const found = await this.whereIs(named.digest).manifest(named)
    if (this.there.has(named.digest)) this.note(named.digest, found.manifest)
    return found
  }

  blob(digest: Digest, size: number): Promise<Buffer> {
    return this.whereIs(digest).blob(digest, size)
  }

  lend: Source['lend'] = (digest, size, use) => this.whereIs(digest).lend(digest, size, use)

  async evidence(subject: Named): Promise<Spoken> {
    const [own, others] = await Promise.all([this.item.evidence(subject), this.signatures.evidence(subject)])
    const known = new Set(own.evidence.map(({ digest }) => digest))
    const more = others.evidence.filter(({ digest }) => !known.has(digest))
    for (const { digest, manifest } of more) this.note(digest, manifest)
    return { evidence: [...own.evidence, ...more], findings: [...own.findings, ...others.findings] }
  }
}

/** The source of an item with a repository of signatures beside it (cosign's `COSIGN_REPOSITORY`). */
export function withSignatures(item: Source, signatures: Source): Source {
  return new WithSignatures(item, signatures)
}
