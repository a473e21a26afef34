import { join } from 'node:path'
import { hexOf, type Digest } from '../../../shared/digest.ts'
import { ManifestProblem } from '../../oci/descriptor.ts'
import { fileOf } from '../../oci/kind.ts'
import { parseManifest } from '../../oci/manifest.ts'
import { Failure } from '../../platform/failure.ts'
import { digestOfFile, readCapped } from '../../platform/files.ts'
import { digestOf } from '../../platform/hash.ts'
import { limits } from '../../platform/limits.ts'
import type { Desk } from '../desk.ts'
import { readWaybill } from './waybill.ts'

/** A file of a consignment as it is kept here. */
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

/**
 * Where a file of a consignment lies, and what it is called. On the high side only of what two people accepted: before
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
  const files = waybill.items.filter(({ kind }) => kind === 'file')
  const found = files.find(({ reference, name }) => reference === item || name === item)
  if (found === undefined) {
    const expected = files.map(({ name }) => name).join(', ') || 'none'
    throw new Failure('look-no-file', { found: item, expected: expected.slice(0, 1000) })
  }
  const place = (hex: string): string => join(desk.folder.store, 'blobs', 'sha256', hex)
  const { digest, mediaType } = found.root
  const bytes = await readCapped(place(hexOf(digest)), limits.manifestBytes)
  const there = digestOf(bytes)
  if (there !== digest)
    throw new Failure('content-damaged', { subject: digest, expected: digest, found: there })
  try {
    const { layer, title } = fileOf(parseManifest(bytes, mediaType))
    return { path: place(hexOf(layer.digest)), name: title, digest: layer.digest }
  } catch (error) {
    if (!(error instanceof ManifestProblem)) throw error
    throw new Failure(
      'content-damaged',
      { subject: digest, expected: error.expected, found: error.found },
      error,
    )
  }
}
