import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Digest } from '../../shared/digest.ts'
import type { Finding } from '../../shared/waybill.ts'
import { download } from '../oci/download.ts'
import { fetchManifest, subjectOf } from '../oci/manifests.ts'
import type { RegistryReference } from '../oci/reference.ts'
import { cosignTags, fallbackTag, isAttached, noneAt404, referrerLists } from '../oci/referrers.ts'
import type { Registry } from '../oci/registry.ts'
import { asFailure, Failure } from '../platform/failure.ts'
import { difference, findingOf, firstOf, oddFinding, readManifest, tagFinding } from './reading.ts'
import type { BlobPlace, Named, ReadManifest, Source, Spoken } from './source.ts'

class RegistrySource implements Source {
  readonly from: string
  private readonly place: BlobPlace
  private readonly registry: Registry
  private readonly reference: RegistryReference

  constructor(registry: Registry, reference: RegistryReference) {
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

  async manifest(named: Named): Promise<ReadManifest> {
    const { repository } = this.reference
    const fetched = await fetchManifest(this.registry, repository, named.digest)
    const differs = difference(named, fetched)
    // Its digest is right, so the registry delivered what is named there: who named it has it wrong.
    if (differs !== null)
      throw new Failure('manifest-refused', { subject: this.name(named.digest), ...differs })
    return readManifest(fetched.bytes, named.mediaType, this.name(named.digest))
  }

  // By way of a file, so that what is asked for again after a broken connection goes on where it stopped.
  async blob(digest: Digest, size: number): Promise<Buffer> {
    const folder = await mkdtemp(join(tmpdir(), 'sallyport-'))
    try {
      const to = join(folder, 'blob')
      const { repository } = this.reference
      await download(this.registry, { repository, digest, size, to, advance: () => undefined })
      return await readFile(to)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  async evidence(subject: Named): Promise<Spoken> {
    const found = new Map<Digest, ReadManifest>()
    const findings: Finding[] = []
    const keep = async (name: string, read: () => Promise<ReadManifest | null>): Promise<void> => {
      try {
        const evidence = await read()
        if (evidence !== null) found.set(evidence.digest, evidence)
      } catch (error) {
        findings.push(findingOf(name, error))
      }
    }
    const listed = firstOf(await this.listed(subject.digest, findings), this.from, findings)
    // A manifest that names no subject speaks for nobody, whoever lists it.
    const ofList = async (named: Named): Promise<ReadManifest | null> => {
      const read = await this.manifest(named)
      return read.manifest.subject === null ? null : read
    }
    for (const named of listed) await keep(this.name(named.digest), () => ofList(named))
    await Promise.all(cosignTags(subject.digest).map((tag) => keep(this.name(tag), () => this.attached(tag))))
    return { evidence: [...found.values()], findings }
  }

  /** What cosign attached; something else under such a tag (the manifest that was asked about, an index) is nothing. */
  private async attached(tag: string): Promise<ReadManifest | null> {
    const read = await this.read(tag).catch(noneAt404)
    return read !== null && isAttached(tag, read.manifest) ? read : null
  }

  /** From the referrers API and from the tag that stands in for it; a registry may have outgrown the tag. */
  private async listed(subject: Digest, findings: Finding[]): Promise<Named[]> {
    const { repository } = this.reference
    const ask = async (list: 'api' | 'tag'): Promise<readonly Named[]> => {
      const name = list === 'api' ? `the referrers of ${this.name(subject)}` : this.name(fallbackTag(subject))
      try {
        const { entries, odd, why } = await referrerLists[list](this.registry, repository, subject)
        if (odd > 0) findings.push(oddFinding(name, odd, why))
        return entries
      } catch (error) {
        findings.push(findingOf(name, error))
        return []
      }
    }
    return (await Promise.all([ask('api'), ask('tag')])).flat()
  }
}

/** An item in a registry: its tag is resolved once, everything else is asked for by digest. */
export function registrySource(registry: Registry, reference: RegistryReference): Source {
  return new RegistrySource(registry, reference)
}
