import { isDigest, type Digest } from '../../shared/digest.ts'
import { ManifestProblem } from '../oci/descriptor.ts'
import { namesOf, tagsOf, type Layout } from '../oci/layout.ts'
import { parseManifest, readList, statedMediaType, type Manifest } from '../oci/manifest.ts'
import { isManifestType } from '../oci/media-types.ts'
import { isAttached } from '../oci/referrers.ts'
import { Failure } from '../platform/failure.ts'
import { JsonError } from '../platform/json.ts'
import type { Named } from './source.ts'

/** Who speaks for whom, each piece once: by subject, then by what speaks. */
class Leads {
  readonly bySubject = new Map<Digest, Map<Digest, Named>>()

  add(subject: Digest, named: Named): void {
    const known = this.bySubject.get(subject) ?? new Map<Digest, Named>()
    if (!known.has(named.digest)) known.set(named.digest, named)
    this.bySubject.set(subject, known)
  }
}

/** A manifest of the layout, or `null` for what is none: a layout is full of other blobs. */
async function manifestAt(
  layout: Layout,
  digest: Digest,
): Promise<{ manifest: Manifest; size: number } | null> {
  try {
    const bytes = await layout.read(digest)
    if (bytes[0] !== 0x7b) return null
    const mediaType = statedMediaType(bytes)
    if (mediaType === null || !isManifestType(mediaType)) return null
    return { manifest: parseManifest(bytes, mediaType), size: bytes.length }
  } catch (error) {
    const expected = error instanceof ManifestProblem || error instanceof JsonError
    if (expected || (error instanceof Failure && error.code !== 'cancelled')) return null
    throw error
  }
}

/** The entries of a list of referrers that do name their subject; the subject itself is no list. */
async function listAt(layout: Layout, digest: Digest, subject: Digest): Promise<Named[]> {
  if (digest === subject) return []
  try {
    const { entries } = readList(await layout.read(digest))
    const found: Named[] = []
    for (const one of entries) {
      const there = await manifestAt(layout, one.digest)
      if (there === null || there.manifest.subject !== null) found.push(one)
    }
    return found
  } catch (error) {
    if (error instanceof ManifestProblem || (error instanceof Failure && error.code !== 'cancelled'))
      return []
    throw error
  }
}

const speaking = /^sha256-([0-9a-f]{64})(\.(?:sig|att|sbom))?$/

/** Tags that stand for a list of referrers, or for what cosign attached. */
async function byTags(layout: Layout, leads: Leads): Promise<void> {
  for (const entry of layout.entries) {
    for (const tag of tagsOf(entry)) {
      const [, hex, attached] = speaking.exec(tag) ?? []
      const subject = `sha256:${hex ?? ''}`
      if (!isDigest(subject)) continue
      if (attached === undefined) {
        for (const named of await listAt(layout, entry.digest, subject)) leads.add(subject, named)
        continue
      }
      const there = await manifestAt(layout, entry.digest)
      if (there !== null && isAttached(attached, there.manifest)) leads.add(subject, entry)
    }
  }
}

const marked = /^dev\.(?:cosignproject\.cosign|hauler)\/(.+)$/

/**
 * What is marked by an annotation: `cosign save` writes one image, which somebody may have named since, and its signatures
 * and attestations, which have no name; Hauler writes many, and each piece with the name of the image that it is about. A
 * name of two images is nobody's.
 */
function byKind(layout: Layout, leads: Leads): void {
  const images = new Map<string, Set<Digest>>()
  const evidence: [name: string, entry: Named][] = []
  for (const entry of layout.entries) {
    const [, kind = ''] = marked.exec(entry.annotations.kind ?? '') ?? []
    const [name = ''] = namesOf(entry)
    if (/^(sigs|atts|sboms|referrers\/.+)$/.test(kind)) evidence.push([name, entry])
    if (/^image(Index)?$/.test(kind)) images.set(name, (images.get(name) ?? new Set()).add(entry.digest))
  }
  const all = new Set([...images.values()].flatMap((digests) => [...digests]))
  for (const [name, entry] of evidence) {
    const [subject, ...more] = name === '' ? all : (images.get(name) ?? [])
    if (subject !== undefined && more.length === 0) leads.add(subject, entry)
  }
}

/** A layout with what speaks for whom in it: looked through once, however many items lie in it. */
export class SharedLayout {
  readonly layout: Layout
  private leads: Promise<Leads['bySubject']> | undefined

  constructor(layout: Layout) {
    this.layout = layout
  }

  async speakingFor(subject: Digest): Promise<readonly Named[]> {
    this.leads ??= layoutEvidence(this.layout)
    return [...((await this.leads).get(subject)?.values() ?? [])]
  }
}

/**
 * All evidence in a layout by what it speaks for: tags, annotations that mark it, and every manifest with a `subject`, also
 * those that `index.json` does not list, as cosign 3 saves them.
 */
async function layoutEvidence(layout: Layout): Promise<Leads['bySubject']> {
  const leads = new Leads()
  byKind(layout, leads)
  await byTags(layout, leads)
  for (const digest of await layout.small()) {
    const found = await manifestAt(layout, digest)
    if (found?.manifest.subject === null || found === null) continue
    const { manifest, size } = found
    const subject = manifest.subject?.digest
    if (subject !== undefined) leads.add(subject, { digest, size, mediaType: manifest.mediaType })
  }
  return leads.bySubject
}
