import type { Digest } from '../../shared/digest.ts'
import type { Finding } from '../../shared/waybill.ts'
import type { Descriptor } from '../oci/descriptor.ts'
import type { Manifest } from '../oci/manifest.ts'
import type { Through } from '../platform/files.ts'
import type { FileRange } from '../store/file-range.ts'

/** Where a thread finds a blob. Plain values. */
export type BlobPlace =
  | { readonly kind: 'registry'; readonly host: string; readonly repository: string }
  | { readonly kind: 'file'; readonly range: FileRange }

/** A manifest with its bytes, which hash to its digest, and what they say. */
export interface ReadManifest {
  readonly bytes: Buffer
  readonly digest: Digest
  readonly mediaType: string
  readonly manifest: Manifest
}

export type Named = Pick<Descriptor, 'digest' | 'size' | 'mediaType'>

/** What speaks for a digest at a source, and what went wrong while asking. */
export interface Spoken {
  readonly evidence: readonly ReadManifest[]
  readonly findings: readonly Finding[]
}

/** Where one item comes from. */
export interface Source {
  /** As the record names it: `registry.example/team/app`, `oci:./layouts/app`. */
  readonly from: string
  /** Where a thread finds one of its blobs. That it is there is not said. */
  placeOf(digest: Digest): BlobPlace
  /** Turns what was asked for into a manifest, once. */
  resolve(): Promise<ReadManifest>
  /**
   * Where a tag stands beside a digest: what the tag names here, as far as it can be had. A tag that was not resolved to
   * the digest is no version.
   */
  tagged(root: Digest): Promise<Finding | null>
  /** Reads a manifest that another names, and holds it against that. */
  manifest(named: Named): Promise<ReadManifest>
  /** Reads a small blob whole: its bytes hash to its digest. @throws Failure */
  blob(digest: Digest, size: number): Promise<Buffer>
  /** Lends a blob of any size, to be read piece by piece as often as is needed: whoever reads it hashes it. @throws Failure */
  lend<Found>(digest: Digest, size: number, use: (through: Through) => Promise<Found>): Promise<Found>
  /** Asks for all evidence for a manifest. That there is none is no finding; any failure is one. */
  evidence(subject: Named): Promise<Spoken>
}
