import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { hexOf, type Digest } from '../../../shared/digest.ts'
import type { Finding } from '../../../shared/waybill.ts'
import { fullNamesOf, tagsOf } from '../../oci/layout.ts'
import type { LayoutReference } from '../../oci/reference.ts'
import { diskFailure, Failure } from '../../platform/failure.ts'
import type { Through } from '../../platform/files.ts'
import { HashedFile } from '../../platform/hashed-file.ts'
import { limits } from '../../platform/limits.ts'
import type { Blobs } from '../../store/blobs.ts'
import { wholeFile } from '../../store/file-range.ts'
import { difference, readManifest, tagFinding } from '../reading.ts'
import type { BlobPlace, Named, ReadManifest, Source, Spoken } from '../source.ts'
import type { Tree } from '../../archive/tree.ts'
import type { Contents, ForeignItem } from './contents.ts'
import { TreeBlobs } from './tree-blobs.ts'

/** Something that others packed, gone through and read, whose items are asked for one by one. */
export interface OpenedForeign {
  readonly tree: Tree
  readonly contents: Contents
}

/** Whether every item of it has a manifest, so that each can travel under its own digest, with nothing left behind. */
export function hasManifests({ contents }: OpenedForeign): boolean {
  return contents.itemsSigned && contents.blobs instanceof TreeBlobs && contents.files.length === 0
}

/**
 * Brings every blob of something that is compressed into a store, in one going through: in an archive that can be read
 * from anywhere they stay where they are.
 *
 * @throws Failure `disk-full`, `cancelled`; ArchiveProblem
 */
export async function unpackBlobs({ tree, contents }: OpenedForeign, store: Blobs): Promise<void> {
  const { blobs } = contents
  if (!(blobs instanceof TreeBlobs)) return
  for (const bytes of blobs.inDocuments()) await store.putBytes(bytes)
  const wanted = new Map<string, Digest>()
  for (const [digest, path] of blobs.inFiles()) {
    const size = tree.files.get(path)?.size ?? 0
    if (tree.rangeOf(path) === null && (await store.size(digest)) !== size) wanted.set(path, digest)
  }
  if (wanted.size === 0) return
  await tree.lendEach(new Set(wanted.keys()), async (path, bytes) => {
    const digest = wanted.get(path)
    if (digest !== undefined) await keep(bytes, digest, store)
  })
}

async function keep(bytes: AsyncIterable<Buffer>, digest: Digest, store: Blobs): Promise<void> {
  const path = store.partPath(digest)
  let found: string
  try {
    // Whoever may write the desk's folder may have put a link there.
    const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants
    const handle = await open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o600)
    try {
      const file = new HashedFile(handle.fd)
      for await (const piece of bytes) await file.put(piece)
      found = file.digest()
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw error instanceof Failure ? error : diskFailure(error, path)
  }
  if (found !== hexOf(digest)) {
    throw new Failure('content-damaged', { subject: digest, expected: digest, found: `sha256:${found}` })
  }
  await store.keepPart(digest)
}

class ForeignSource implements Source {
  readonly from: string
  private readonly opened: OpenedForeign
  private readonly reference: LayoutReference
  private readonly text: string
  private readonly store: Blobs

  constructor(opened: OpenedForeign, reference: LayoutReference, text: string, store: Blobs) {
    this.opened = opened
    this.reference = reference
    this.text = text
    this.store = store
    this.from = `oci:${reference.path}`
  }

  private get blobs(): TreeBlobs {
    const { blobs } = this.opened.contents
    if (blobs instanceof TreeBlobs) return blobs
    throw new Failure('layout-damaged', { path: this.from, expected: 'content under digests', found: 'none' })
  }

  placeOf(digest: Digest): BlobPlace {
    const path = this.blobs.pathOf(digest)
    const range = path === null ? null : this.opened.tree.rangeOf(path)
    // What cannot be read from anywhere lies in the store already.
    return { kind: 'file', range: range ?? wholeFile(this.store.path(digest)) }
  }

  private named(): ForeignItem | undefined {
    const { digest, tag, full } = this.reference
    const { items } = this.opened.contents
    if (digest !== null) return items.find((item) => item.digest === digest)
    if (tag === null && full === null) return items.length === 1 ? items[0] : undefined
    return items.find((item) => this.isCalled(item))
  }

  private isCalled({ references }: ForeignItem): boolean {
    const { tag, full } = this.reference
    return references.some((name) => {
      const entry = { annotations: { 'org.opencontainers.image.ref.name': name } }
      if (full === null) return tagsOf(entry).includes(tag ?? '')
      return fullNamesOf(entry).some(
        (one) => one.host === full.host && one.repository === full.repository && one.tag === full.tag,
      )
    })
  }

  async resolve(): Promise<ReadManifest> {
    const item = this.named()
    if (item === undefined) {
      const there = this.opened.contents.items.map(({ name, digest }) => name ?? digest).slice(0, 10)
      const subject = `${this.text}; it holds ${there.join(', ') || 'nothing'}`
      throw new Failure('not-found', { subject, status: 0 })
    }
    const bytes = await this.blobs.read(item.digest, limits.manifestBytes)
    return readManifest(bytes, item.mediaType, this.text)
  }

  tagged(root: Digest): Promise<Finding | null> {
    const { tag, digest } = this.reference
    if (tag === null || digest === null) return Promise.resolve(null)
    const there = this.opened.contents.items.filter((item) => this.isCalled(item))
    const [other] = there
    const same = there.some((item) => item.digest === root)
    return Promise.resolve(same ? null : tagFinding(this.from, tag, root, other?.digest ?? null))
  }

  async manifest(named: Named): Promise<ReadManifest> {
    const bytes = await this.blobs.read(named.digest, limits.manifestBytes)
    const read = readManifest(bytes, named.mediaType, `${named.digest} in ${this.from}`)
    const differs = difference(named, read)
    if (differs === null) return read
    throw new Failure('layout-damaged', { path: this.from, ...differs })
  }

  blob(digest: Digest, size: number): Promise<Buffer> {
    return this.blobs.read(digest, size)
  }

  lend<Found>(digest: Digest, _: number, use: (through: Through) => Promise<Found>): Promise<Found> {
    return this.blobs.lend(digest, use)
  }

  evidence(subject: Named): Promise<Spoken> {
    const found = this.opened.contents.items
      .flatMap(({ evidence }) => evidence)
      .filter((one) => one.subject === subject.digest)
    const each = new Map(found.map(({ manifest }) => [manifest.digest, manifest]))
    return Promise.resolve({ evidence: [...each.values()], findings: [] })
  }
}

/**
 * The source of one item of something that others packed, by a reference as into a layout.
 *
 * @param text the reference as it was asked
 * @param store where blobs of a compressed one were unpacked to
 */
export function foreignSource(
  opened: OpenedForeign,
  reference: LayoutReference,
  text: string,
  store: Blobs,
): Source {
  return new ForeignSource(opened, reference, text, store)
}
