import type { Digest } from '../../shared/digest.ts'
import { digestOf } from '../platform/hash.ts'
import type { ReadManifest } from './list-referrer.ts'
import { parseManifest } from './manifest.ts'
import { ociManifest } from './media-types.ts'
import type { SmallBlob } from './upload-bytes.ts'

/** A manifest that is made here, with the blobs that it names and that are not there yet. */
export interface MadeManifest extends ReadManifest {
  readonly blobs: readonly SmallBlob[]
}

export const smallBlob = (bytes: Buffer): SmallBlob & { readonly digest: Digest } => ({
  bytes,
  digest: digestOf(bytes),
})

/** The bytes of an image manifest, read again as any reader reads them. */
export function madeManifest(body: object, blobs: readonly SmallBlob[]): MadeManifest {
  const bytes = Buffer.from(JSON.stringify(body))
  const manifest = parseManifest(bytes, ociManifest)
  return { bytes, digest: digestOf(bytes), mediaType: ociManifest, manifest, blobs }
}
