import type { Digest } from '../../shared/digest.ts'
import type { Finding } from '../../shared/waybill.ts'
import { fetchManifest, subjectOf } from '../oci/manifests.ts'
import { cosignTags, fallbackTag, isAttached, noneAt404, referrerLists } from '../oci/referrers.ts'
import type { Registry } from '../oci/registry.ts'
import { digestTags, hasTag } from '../oci/tag-list.ts'
import { Failure } from '../platform/failure.ts'
import { difference, findingOf, firstOf, oddFinding, readManifest } from './reading.ts'
import type { Named, ReadManifest, Spoken } from './source.ts'

/**
 * What speaks for the content of one repository, whoever asks for it: each manifest is asked about once, by the cheapest
 * question first (its list of referrers, then the tags that the repository says it has).
 */
export class RepositoryEvidence {
  private readonly registry: Registry
  private readonly repository: string
  private readonly answers = new Map<Digest, Promise<Spoken>>()
  private tags: Promise<ReadonlySet<string> | null> | undefined
  /** The registry has no list of referrers of its own: by its norm it says so to the first question. */
  private withoutApi = false

  constructor(registry: Registry, repository: string) {
    this.registry = registry
    this.repository = repository
  }

  /** All evidence for a manifest. @throws Failure that ends the act; it is asked anew next time */
  async speakingFor(subject: Named): Promise<Spoken> {
    let answer = this.answers.get(subject.digest)
    if (answer === undefined) {
      answer = this.ask(subject)
      this.answers.set(subject.digest, answer)
      answer.catch(() => this.answers.delete(subject.digest))
    }
    return answer
  }

  /** Reads a manifest that another names, and holds it against that. @throws Failure */
  async manifest(named: Named): Promise<ReadManifest> {
    const fetched = await fetchManifest(this.registry, this.repository, named.digest)
    const differs = difference(named, fetched)
    const subject = this.name(named.digest)
    // Its digest is right, so the registry delivered what is named there: who named it has it wrong.
    if (differs !== null) throw new Failure('manifest-refused', { subject, ...differs })
    return readManifest(fetched.bytes, named.mediaType, subject)
  }

  private name(reference: string): string {
    return subjectOf(this.registry, this.repository, reference)
  }

  private async ask(subject: Named): Promise<Spoken> {
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
    const from = `${this.registry.host}/${this.repository}`
    const listed = firstOf(await this.listed(subject.digest, findings), from, findings)
    // A manifest that names no subject speaks for nobody, whoever lists it.
    const ofList = async (named: Named): Promise<ReadManifest | null> => {
      const read = await this.manifest(named)
      return read.manifest.subject === null ? null : read
    }
    for (const named of listed) await keep(this.name(named.digest), () => ofList(named))
    await Promise.all(cosignTags(subject.digest).map((tag) => keep(this.name(tag), () => this.attached(tag))))
    return { evidence: [...found.values()], findings }
  }

  private async isThere(tag: string): Promise<boolean> {
    const { registry, repository } = this
    const tags = await (this.tags ??= digestTags(registry, repository).catch((error: unknown) => {
      this.tags = undefined
      throw error
    }))
    return tags === null ? hasTag(registry, repository, tag) : tags.has(tag)
  }

  /** What cosign attached; something else under such a tag (the manifest that was asked about, an index) is nothing. */
  private async attached(tag: string): Promise<ReadManifest | null> {
    if (!(await this.isThere(tag))) return null
    const fetched = await fetchManifest(this.registry, this.repository, tag).catch(noneAt404)
    if (fetched === null) return null
    const read = readManifest(fetched.bytes, fetched.mediaType, this.name(tag))
    return isAttached(tag, read.manifest) ? read : null
  }

  /** From the referrers API and from the tag that stands in for it; a registry may have outgrown the tag. */
  private async listed(subject: Digest, findings: Finding[]): Promise<Named[]> {
    const tag = fallbackTag(subject)
    const take = async (name: string, ask: () => ReturnType<typeof referrerLists.tag>): Promise<Named[]> => {
      try {
        const { entries, odd, why } = await ask()
        if (odd > 0) findings.push(oddFinding(name, odd, why))
        return [...entries]
      } catch (error) {
        findings.push(findingOf(name, error))
        return []
      }
    }
    const { registry, repository } = this
    const none = { entries: [], odd: 0, why: '' }
    const byApi = await take(`the referrers of ${this.name(subject)}`, async () => {
      const answer = this.withoutApi ? null : await referrerLists.api(registry, repository, subject)
      if (answer === null) this.withoutApi = true
      return answer ?? none
    })
    const byTag = await take(this.name(tag), async () =>
      (await this.isThere(tag)) ? referrerLists.tag(registry, repository, subject) : none,
    )
    return [...byApi, ...byTag]
  }
}
