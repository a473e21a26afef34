import { join } from 'node:path'
import { visible } from '../../shared/names.ts'
import { hexOf, type Digest } from '../../shared/digest.ts'
import type { Finding } from '../../shared/waybill.ts'
import type { Descriptor } from '../oci/descriptor.ts'
import { fullNamesOf, namesOf, tagsOf, type Layout } from '../oci/layout.ts'
import { statedMediaType } from '../oci/manifest.ts'
import { isManifestType, ociManifest } from '../oci/media-types.ts'
import type { LayoutReference } from '../oci/reference.ts'
import { Failure } from '../platform/failure.ts'
import { readThrough, type Through } from '../platform/files.ts'
import { wholeFile } from '../store/file-range.ts'
import type { SharedLayout } from './layout-evidence.ts'
import { difference, findingOf, firstOf, readManifest, tagFinding } from './reading.ts'
import type { BlobPlace, Named, ReadManifest, Source, Spoken } from './source.ts'

// What lies beside the images in some layouts and is no image itself.
const speaksForOthers = /^sha256-[0-9a-f]{64}(\.(sig|att|sbom))?$/

/** What is there, by the names that it has; a few of many. What shares a name is told by its digest. */
function sayNames(entries: readonly Descriptor[]): string {
  const named = entries
    .map((entry) => ({ name: namesOf(entry)[0] ?? entry.digest, digest: entry.digest }))
    .filter(({ name }) => !speaksForOthers.test(name))
  const first = named.slice(0, 10).map(({ name, digest }) => {
    const alone = named.filter((one) => one.name === name).length === 1
    return visible(alone ? name.slice(0, 200) : `${name.slice(0, 200)} (${digest})`)
  })
  const more = named.length > first.length ? ` and ${named.length - first.length} more` : ''
  return first.length === 0 ? 'no image' : `${first.join(', ')}${more}`
}

class LayoutSource implements Source {
  readonly from: string
  private readonly shared: SharedLayout
  private readonly layout: Layout
  private readonly reference: LayoutReference
  private readonly text: string

  constructor(shared: SharedLayout, reference: LayoutReference, text: string) {
    this.shared = shared
    this.layout = shared.layout
    this.reference = reference
    this.text = text
    this.from = `oci:${reference.path}`
  }

  placeOf(digest: Digest): BlobPlace {
    return { kind: 'file', range: wholeFile(join(this.layout.blobs, hexOf(digest))) }
  }

  async resolve(): Promise<ReadManifest> {
    const { digest } = this.reference
    const entry = this.entry()
    const named = digest ?? entry?.digest
    if (named === undefined) {
      const subject = `${this.text}; the folder holds ${sayNames(this.layout.entries)}`
      throw new Failure('not-found', { subject, status: 0 })
    }
    const bytes = await this.layout.read(named)
    const mediaType = entry?.mediaType ?? statedType(bytes)
    const read = readManifest(bytes, mediaType, this.text)
    if (entry !== null) this.compare({ ...entry, digest: named }, read)
    return read
  }

  private compare(named: Named, read: ReadManifest): void {
    const differs = difference(named, read)
    if (differs !== null) throw new Failure('layout-damaged', { path: this.from, ...differs })
  }

  /** The entries of a full name, or those of a tag alone. */
  private named(tag: string): Descriptor[] {
    const { full } = this.reference
    return this.layout.entries.filter((entry) =>
      full === null
        ? tagsOf(entry).includes(tag)
        : fullNamesOf(entry).some(
            (one) => one.host === full.host && one.repository === full.repository && one.tag === tag,
          ),
    )
  }

  private entry(): Descriptor | null {
    const { digest, tag } = this.reference
    const { entries } = this.layout
    if (digest !== null) return entries.find((entry) => entry.digest === digest) ?? null
    const fitting =
      tag !== null
        ? this.named(tag)
        : entries.filter((entry) => {
            const kind = entry.annotations.kind ?? ''
            return (
              !tagsOf(entry).some((name) => speaksForOthers.test(name)) && !/cosign\/(sigs|atts)$/.test(kind)
            )
          })
    const distinct = new Set(fitting.map((entry) => entry.digest))
    if (distinct.size > 1) {
      const expected = tag === null ? 'one image, or a name of one' : `one image with the tag ${tag}`
      throw new Failure('layout-several', { path: this.from, expected, found: sayNames(fitting) })
    }
    return fitting[0] ?? null
  }

  tagged(root: Digest): Promise<Finding | null> {
    const { tag, digest } = this.reference
    if (tag === null || digest === null) return Promise.resolve(null)
    const there = this.named(tag).map((entry) => entry.digest)
    const [other = null] = there
    return Promise.resolve(there.includes(root) ? null : tagFinding(this.from, tag, root, other))
  }

  async manifest(named: Named): Promise<ReadManifest> {
    const read = readManifest(
      await this.layout.read(named.digest),
      named.mediaType,
      `${named.digest} in ${this.from}`,
    )
    this.compare(named, read)
    return read
  }

  blob(digest: Digest, size: number): Promise<Buffer> {
    return this.layout.read(digest, size)
  }

  lend<Found>(digest: Digest, _: number, use: (through: Through) => Promise<Found>): Promise<Found> {
    return use((take) => readThrough(join(this.layout.blobs, hexOf(digest)), take))
  }

  async evidence(subject: Named): Promise<Spoken> {
    const evidence: ReadManifest[] = []
    const findings: Finding[] = []
    const listed = firstOf(await this.shared.speakingFor(subject.digest), this.from, findings)
    for (const named of listed) {
      try {
        evidence.push(await this.manifest(named))
      } catch (error) {
        findings.push(findingOf(`${named.digest} in ${this.from}`, error))
      }
    }
    return { evidence, findings }
  }
}

function statedType(bytes: Buffer): string {
  try {
    const stated = statedMediaType(bytes)
    return stated !== null && isManifestType(stated) ? stated : ociManifest
  } catch {
    // What is wrong with it is said when it is read as a manifest.
    return ociManifest
  }
}

/** An item in a folder that is an OCI layout. `text` is the reference as asked. */
export function layoutSource(shared: SharedLayout, reference: LayoutReference, text: string): Source {
  return new LayoutSource(shared, reference, text)
}
