import { join } from 'node:path'
import { hexOf, type Digest } from '../../../shared/digest.ts'
import type { Item } from '../../../shared/waybill.ts'
import { ManifestProblem } from '../../oci/descriptor.ts'
import { fileOf } from '../../oci/kind.ts'
import { chartLayers } from '../../oci/chart-manifest.ts'
import { parseManifest, type Manifest } from '../../oci/manifest.ts'
import { Failure } from '../../platform/failure.ts'
import { digestOfFile, readCapped } from '../../platform/files.ts'
import { digestOf } from '../../platform/hash.ts'
import { limits } from '../../platform/limits.ts'
import type { Desk } from '../desk.ts'
import { readWaybill } from './waybill.ts'

/** A file or packed chart of a consignment as it is kept here. */
export interface CarriedFile {
  readonly path: string
  readonly name: string
  /** What it must be: whoever may write the desk's folder may have changed it. */
  readonly digest: Digest
}

/**
 * Demands that what was read of a kept file is what was carried.
 *
 * @param read digest of what was read; `null`: it could not be read as one whole thing
 * @throws Failure `content-damaged`
 */
export async function checkStored(path: string, read: Digest | null, expected: Digest): Promise<void> {
  const found = read ?? (await digestOfFile(path))
  if (found !== expected) throw new Failure('content-damaged', { subject: expected, expected, found })
}

/** The one that is meant: by its reference, or by a name that no other has. @throws Failure `look-no-file` */
function meantBy(asked: string, items: readonly Item[]): Item {
  const packed = items.filter(({ kind }) => kind === 'file' || kind === 'chart')
  const byName = packed.filter(({ name }) => name === asked)
  const found =
    packed.find(({ reference }) => reference === asked) ?? (byName.length === 1 ? byName[0] : undefined)
  if (found !== undefined) return found
  const expected = (
    byName.length > 1 ? byName.map(({ reference }) => reference) : packed.map(({ name }) => name)
  ).join(', ')
  throw new Failure('look-no-file', { found: asked, expected: (expected || 'none').slice(0, 1000) })
}

/** What a look goes into of an item. @throws ManifestProblem; Failure `look-no-file` for a chart that is not packed */
function packedIn({ kind, name, version }: Item, manifest: Manifest): { digest: Digest; title: string } {
  if (kind === 'file') {
    const { layer, title } = fileOf(manifest)
    return { digest: layer.digest, title }
  }
  const content = manifest.kind === 'manifest' ? chartLayers(manifest).content : null
  // Whoever pushed it may have given it the type of a chart and something else below it.
  if (content === null) throw new Failure('look-no-file', { found: name, expected: 'a packed chart' })
  const own = name.slice(name.lastIndexOf('/') + 1)
  return { digest: content.digest, title: version === null ? `${own}.tgz` : `${own}-${version}.tgz` }
}

/**
 * Where a file or a packed chart of a consignment lies, and what it is called. On the high side only of what two people accepted: before
 * that nobody looks into what others packed.
 *
 * @param item its reference or name
 * @throws Failure `look-not-yet`, `look-no-file`, `consignment-unknown`, `content-damaged`
 */
export async function carriedFile(desk: Desk, id: string, item: string): Promise<CarriedFile> {
  const one = desk.consignment(id)
  if (desk.state.card.side === 'high' && one.decided !== 'accept') {
    throw new Failure('look-not-yet', { consignment: one.name, found: one.state })
  }
  const { waybill } = await readWaybill(desk, one)
  const found = meantBy(item, waybill.items)
  const place = (hex: string): string => join(desk.folder.store, 'blobs', 'sha256', hex)
  const { digest, mediaType } = found.root
  const bytes = await readCapped(place(hexOf(digest)), limits.manifestBytes)
  const there = digestOf(bytes)
  if (there !== digest)
    throw new Failure('content-damaged', { subject: digest, expected: digest, found: there })
  try {
    const packed = packedIn(found, parseManifest(bytes, mediaType))
    return { path: place(hexOf(packed.digest)), name: packed.title, digest: packed.digest }
  } catch (error) {
    if (!(error instanceof ManifestProblem)) throw error
    throw new Failure(
      'content-damaged',
      { subject: digest, expected: error.expected, found: error.found },
      error,
    )
  }
}
