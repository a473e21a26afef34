import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Digest } from '../../shared/digest.ts'
import type { Finding } from '../../shared/waybill.ts'
import { download } from '../oci/download.ts'
import { fetchManifest, subjectOf } from '../oci/manifests.ts'
import type { RegistryReference } from '../oci/reference.ts'
import { noneAt404 } from '../oci/referrers.ts'
import type { Registry } from '../oci/registry.ts'
import { asFailure } from '../platform/failure.ts'
import { readThrough, type Through } from '../platform/files.ts'
import { findingOf, readManifest, tagFinding } from './reading.ts'
import { RepositoryEvidence } from './registry-evidence.ts'
import type { BlobPlace, Named, ReadManifest, Source, Spoken } from './source.ts'

class RegistrySource implements Source {
  readonly from: string
  private readonly place: BlobPlace
  private readonly registry: Registry
  private readonly reference: RegistryReference
  private readonly speaking: RepositoryEvidence

  constructor(registry: Registry, reference: RegistryReference, speaking: RepositoryEvidence) {
    this.speaking = speaking
    this.registry = registry
    this.reference = reference
    this.from = `${reference.host}/${reference.repository}`
    this.place = { kind: 'registry', host: reference.host, repository: reference.repository }
  }

  placeOf(): BlobPlace {
    return this.place
  }

  private name(reference: string): string {
    return subjectOf(this.registry, this.reference.repository, reference)
  }

  private async read(reference: string): Promise<ReadManifest> {
    const fetched = await fetchManifest(this.registry, this.reference.repository, reference)
    return readManifest(fetched.bytes, fetched.mediaType, this.name(reference))
  }

  resolve(): Promise<ReadManifest> {
    return this.read(this.reference.digest ?? this.reference.tag ?? '')
  }

  async tagged(root: Digest): Promise<Finding | null> {
    const { tag, digest } = this.reference
    if (tag === null || digest === null) return null
    try {
      const there = await this.read(tag).catch(noneAt404)
      return there?.digest === root ? null : tagFinding(this.name(tag), tag, root, there?.digest ?? null)
    } catch (error) {
      findingOf(this.name(tag), error)
      return tagFinding(this.name(tag), tag, root, asFailure(error))
    }
  }

  manifest(named: Named): Promise<ReadManifest> {
    return this.speaking.manifest(named)
  }

  // By way of a file, so that what is asked for again after a broken connection goes on where it stopped.
  private async fetched<Found>(
    digest: Digest,
    size: number,
    use: (path: string) => Promise<Found>,
  ): Promise<Found> {
    const folder = await mkdtemp(join(tmpdir(), 'sallyport-'))
    try {
      const to = join(folder, 'blob')
      const { repository } = this.reference
      await download(this.registry, { repository, digest, size, to, advance: () => undefined })
      return await use(to)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  blob(digest: Digest, size: number): Promise<Buffer> {
    return this.fetched(digest, size, (path) => readFile(path))
  }

  lend<Found>(digest: Digest, size: number, use: (through: Through) => Promise<Found>): Promise<Found> {
    return this.fetched(digest, size, (path) => use((take) => readThrough(path, take)))
  }

  evidence(subject: Named): Promise<Spoken> {
    return this.speaking.speakingFor(subject)
  }
}

/**
 * An item in a registry: its tag is resolved once, everything else is asked for by digest.
 *
 * @param speaking what speaks for the content of that repository, shared by all who ask for it
 */
export function registrySource(
  registry: Registry,
  reference: RegistryReference,
  speaking = new RepositoryEvidence(registry, reference.repository),
): Source {
  return new RegistrySource(registry, reference, speaking)
}
