import type { Digest } from '../../shared/digest.ts'
import type { Descriptor } from '../oci/descriptor.ts'
import type { Manifest } from '../oci/manifest.ts'
import type { Through } from '../platform/files.ts'
import { limits } from '../platform/limits.ts'
import { readBundle } from '../sigstore/bundle-file.ts'
import { tooLarge, withPayload } from '../sigstore/large/open.ts'
import { setAside, usualSizes, type Sizes } from '../sigstore/large/set-aside.ts'
import { Refusal } from '../sigstore/refusal.ts'
import { bundleForSecond } from '../sigstore/second/opinion.ts'
import type { VerifierKey } from '../sigstore/verifier-key.ts'
import { fileSignature } from '../oci/file-evidence.ts'
import { bareSignature } from './bare.ts'
import { legacyAttestation, legacySignature } from './legacy.ts'
import type { Readable } from './readable.ts'

/** What one layer of an evidence manifest holds. */
export interface Piece {
  readonly form: 'bundle' | 'cosign-signature' | 'cosign-attestation' | 'file-signature'
  readonly manifest: Digest
  readonly layer: Digest
  /** The manifest that it speaks for. */
  readonly subject: Digest
  /** What is really signed: the manifest itself, and of a carried file its content. */
  readonly signed: Digest
  /** What was read, never changed in a signed byte; or why it could not be read. */
  readonly read:
    { readonly ok: true; readonly signed: Readable } | { readonly ok: false; readonly refusal: Refusal }
}

/** Whom a manifest of evidence speaks for. */
export type About = Pick<Piece, 'manifest' | 'subject' | 'signed'>

/** Where the blobs of evidence lie. */
export interface BlobReader {
  /** Reads a blob whole, of at most so many bytes: they hash to its digest. @throws Failure */
  read(digest: Digest, most: number): Promise<Buffer>
  /** Lends a blob, to be read piece by piece as often as is needed; whoever reads it hashes it. @throws Failure */
  lend<Found>(digest: Digest, size: number, use: (through: Through) => Promise<Found>): Promise<Found>
}

const forms: Readonly<Record<string, Piece['form']>> = {
  'application/vnd.dev.sigstore.bundle.v0.3+json': 'bundle',
  'application/vnd.dev.sigstore.bundle+json;version=0.3': 'bundle',
  'application/vnd.dev.sigstore.bundle+json;version=0.2': 'bundle',
  'application/vnd.dev.sigstore.bundle+json;version=0.1': 'bundle',
  'application/vnd.dev.cosign.simplesigning.v1+json': 'cosign-signature',
  'application/vnd.dsse.envelope.v1+json': 'cosign-attestation',
  [fileSignature]: 'file-signature',
}

/** The form of a layer by its media type; `null` for what is no signature (SBOM attachments, signatures of Notation). */
export function formOf(layer: Descriptor): Piece['form'] | null {
  return Object.hasOwn(forms, layer.mediaType) ? (forms[layer.mediaType] ?? null) : null
}

function readAs(form: Piece['form'], layer: Descriptor, bytes: Buffer): Readable {
  if (form === 'cosign-signature') return legacySignature(layer.annotations, bytes)
  if (form === 'cosign-attestation') return legacyAttestation(layer.annotations, bytes)
  if (form === 'file-signature') return bareSignature(bytes)
  const bundle = readBundle(bytes)
  // What is kept to be asked later keeps all the bytes.
  const json = bytes.length > limits.secondOpinionBytes ? () => null : () => bundleForSecond(bytes)
  return { bundle, simple: null, rawEnvelope: null, json }
}

type Keys = readonly VerifierKey[]

/** A bundle or envelope that is mostly one payload, which is read as it streams by; `null` for everything else. */
function streamed(form: Piece['form'], layer: Descriptor, blobs: BlobReader, keys: Keys, sizes: Sizes) {
  return blobs.lend(layer.digest, layer.size, async (through): Promise<Readable | null> => {
    const aside = await setAside(through, layer.digest, sizes)
    if (aside === null) return null
    const around = readAs(form, layer, aside.rest)
    const { bundle, rawDigest } = await withPayload(through, aside, around.bundle, keys, sizes)
    const rawEnvelope = form === 'cosign-attestation' ? rawDigest : null
    return { bundle, simple: null, rawEnvelope, json: () => null }
  })
}

async function readLayer(
  form: Piece['form'],
  layer: Descriptor,
  blobs: BlobReader,
  keys: Keys,
  sizes: Sizes,
): Promise<Readable> {
  const { size } = layer
  const streams = form === 'bundle' || form === 'cosign-attestation'
  if (size > limits.largeBundleBytes) throw tooLarge(size)
  if (streams && size > sizes.whole) {
    const found = await streamed(form, layer, blobs, keys, sizes)
    if (found !== null) return found
  }
  if (size > limits.sigstoreBundleBytes) throw tooLarge(size)
  return readAs(form, layer, await blobs.read(layer.digest, size))
}

async function pieceOf(
  about: About,
  form: Piece['form'],
  layer: Descriptor,
  ...reading: [BlobReader, Keys, Sizes]
): Promise<Piece> {
  const piece = { ...about, form, layer: layer.digest }
  try {
    return { ...piece, read: { ok: true, signed: await readLayer(form, layer, ...reading) } }
  } catch (error) {
    if (error instanceof Refusal) return { ...piece, read: { ok: false, refusal: error } }
    throw error
  }
}

/**
 * Every signature and attestation in an evidence manifest, at most 64 layers of it, one after the other: each may be
 * large, and one is let go before the next is read.
 *
 * @param keys those that may have signed what names no certificate
 * @throws Failure when a blob cannot be read at all
 */
export async function* piecesOf(
  manifest: Manifest,
  about: About,
  blobs: BlobReader,
  keys: Keys,
  sizes: Sizes = usualSizes,
): AsyncGenerator<Piece, void> {
  if (manifest.kind !== 'manifest') return
  for (const layer of manifest.layers.slice(0, limits.evidencePerItem)) {
    const form = formOf(layer)
    if (form !== null) yield await pieceOf(about, form, layer, blobs, keys, sizes)
  }
}
