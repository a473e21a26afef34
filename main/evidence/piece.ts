import type { Digest } from '../../shared/digest.ts'
import type { Descriptor } from '../oci/descriptor.ts'
import type { Manifest } from '../oci/manifest.ts'
import { limits } from '../platform/limits.ts'
import { readBundle } from '../sigstore/bundle-file.ts'
import { Refusal } from '../sigstore/refusal.ts'
import { bundleForSecond } from '../sigstore/second/opinion.ts'
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

/** Reads a blob whole, of at most so many bytes. @throws Failure */
export type ReadBlob = (digest: Digest, most: number) => Promise<Buffer>

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
  const json = (): unknown => bundleForSecond(bytes)
  return { bundle: readBundle(bytes), simple: null, rawEnvelope: null, json }
}

async function pieceOf(about: About, form: Piece['form'], layer: Descriptor, read: ReadBlob): Promise<Piece> {
  const piece = { ...about, form, layer: layer.digest }
  try {
    if (layer.size > limits.sigstoreBundleBytes) {
      throw new Refusal(
        'bundle.too-large',
        `at most ${limits.sigstoreBundleBytes} bytes`,
        `${layer.size} bytes`,
      )
    }
    const bytes = await read(layer.digest, layer.size)
    return { ...piece, read: { ok: true, signed: readAs(form, layer, bytes) } }
  } catch (error) {
    if (error instanceof Refusal) return { ...piece, read: { ok: false, refusal: error } }
    throw error
  }
}

/**
 * Every signature and attestation in an evidence manifest, at most 64 layers of it, one after the other: each may be
 * large, and one is let go before the next is read.
 *
 * @throws Failure when a blob cannot be read at all
 */
export async function* piecesOf(
  manifest: Manifest,
  about: About,
  read: ReadBlob,
): AsyncGenerator<Piece, void> {
  if (manifest.kind !== 'manifest') return
  for (const layer of manifest.layers.slice(0, limits.evidencePerItem)) {
    const form = formOf(layer)
    if (form !== null) yield await pieceOf(about, form, layer, read)
  }
}
