import { hexOf, type Digest } from '../../shared/digest.ts'
import type { EvidencePiece } from '../../shared/evidence.ts'
import type { Descriptor } from '../oci/descriptor.ts'
import type { Manifest } from '../oci/manifest.ts'
import type { Through } from '../platform/files.ts'
import { limits } from '../platform/limits.ts'
import { digestArtifact, type Artifact } from '../sigstore/artifact.ts'
import { bundlesOf, tooMany } from '../sigstore/bundle-documents.ts'
import { readBundle } from '../sigstore/bundle-file.ts'
import { tooLarge, withPayload } from '../sigstore/large/open.ts'
import { setAside, usualSizes, type Sizes } from '../sigstore/large/set-aside.ts'
import { Refusal } from '../sigstore/refusal.ts'
import { bundleForSecond } from '../sigstore/second/opinion.ts'
import type { VerifierKey } from '../sigstore/verifier-key.ts'
import { fileBundles, fileSignature, modelSignature, openPgp, pypiAttestation } from '../oci/file-evidence.ts'
import { bareSignature, type Bare } from './bare.ts'
import { legacyAttestation, legacySignature } from './legacy.ts'
import type { Readable } from './readable.ts'

/** What one layer of an evidence manifest holds. */
export interface Piece {
  readonly form: EvidencePiece['form']
  readonly manifest: Digest
  readonly layer: Digest
  /** The manifest that it speaks for. */
  readonly subject: Digest
  /** What is really signed: the manifest itself, and of a carried file its content. */
  readonly signed: Digest
  /** The same, to be asked. */
  readonly artifact: Artifact
  /** What was read, never changed in a signed byte; or why it could not be read. */
  readonly read:
    | { readonly ok: true; readonly signed: Readable | Bare }
    | { readonly ok: false; readonly refusal: Refusal }
}

/** Whom a manifest of evidence speaks for. */
export interface About extends Pick<Piece, 'manifest' | 'subject' | 'signed'> {
  /** What can be asked of it, where that is more than its digest; also by the document that speaks for it. */
  readonly artifact?: Artifact | ((layer: Digest) => Artifact)
}

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
  [openPgp[0]]: 'file-signature',
  [openPgp[1]]: 'file-signature',
  [fileBundles]: 'bundle-set',
  [pypiAttestation]: 'bundle-set',
  [modelSignature]: 'model-signature',
}

/** The form of a layer by its media type; `null` for what is no signature (SBOM attachments, signatures of Notation). */
export function formOf(layer: Descriptor): Piece['form'] | null {
  return Object.hasOwn(forms, layer.mediaType) ? (forms[layer.mediaType] ?? null) : null
}

function readAs(form: Single, layer: Descriptor, bytes: Buffer): Readable {
  if (form === 'cosign-signature') return legacySignature(layer.annotations, bytes)
  if (form === 'cosign-attestation') return legacyAttestation(layer.annotations, bytes)
  const ofModel = form === 'model-signature'
  const bundle = readBundle(bytes, ofModel ? 'chain-too' : 'alone')
  // It may be genuine, over one file of the model: of that nothing is said here.
  if (ofModel && bundle.content.kind === 'message')
    throw new Refusal(
      'bundle.form',
      'a statement that lists the files of a model',
      'a signature over one file',
    )
  // What is kept to be asked later keeps all the bytes.
  const json = bytes.length > limits.secondOpinionBytes ? () => null : () => bundleForSecond(bytes)
  return { bundle, simple: null, rawEnvelope: null, json }
}

type Single = 'bundle' | 'cosign-signature' | 'cosign-attestation' | 'model-signature'
type Read = Piece['read']

interface Reading {
  readonly blobs: BlobReader
  readonly keys: readonly VerifierKey[]
  readonly sizes: Sizes
}

async function readOf(read: () => Promise<Readable | Bare>): Promise<Read> {
  try {
    return { ok: true, signed: await read() }
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, refusal: error }
    throw error
  }
}

/** A bundle or envelope that is mostly one payload, which is read as it streams by; `null` for everything else. */
function streamed(form: Single, layer: Descriptor, { blobs, keys, sizes }: Reading) {
  return blobs.lend(layer.digest, layer.size, async (through): Promise<Readable | null> => {
    const aside = await setAside(through, layer.digest, sizes)
    if (aside === null) return null
    const around = readAs(form, layer, aside.rest)
    const { bundle, rawDigest } = await withPayload(through, aside, around.bundle, keys, sizes)
    const rawEnvelope = form === 'cosign-attestation' ? rawDigest : null
    return { bundle, simple: null, rawEnvelope, json: () => null }
  })
}

async function readSingle(form: Single, layer: Descriptor, reading: Reading): Promise<Readable> {
  const { size, digest } = layer
  if (size > limits.largeBundleBytes) throw tooLarge(size)
  if (form !== 'cosign-signature' && size > reading.sizes.whole) {
    const found = await streamed(form, layer, reading)
    if (found !== null) return found
  }
  if (size > limits.sigstoreBundleBytes) throw tooLarge(size)
  return readAs(form, layer, await reading.blobs.read(digest, size))
}

/** Every bundle that a document of a tool holds; each is a piece of its own. */
async function readSet(layer: Descriptor, { blobs, keys, sizes }: Reading): Promise<Read[]> {
  const { size, digest } = layer
  return blobs.lend(digest, size, async (through): Promise<Read[]> => {
    const read = (most: number): Promise<Buffer> => {
      if (size > most) throw tooLarge(size)
      return blobs.read(digest, size)
    }
    const found: Read[] = []
    for (const one of await bundlesOf({ size, digest, read, through }, keys, sizes)) {
      const opened = async (): Promise<Readable> => {
        const { bundle, rawEnvelope = null, bare } = await one.open()
        return { bundle, simple: null, rawEnvelope, json: one.second, ...(bare && { bare }) }
      }
      found.push(await readOf(opened))
    }
    return found
  })
}

async function readLayer(form: Piece['form'], layer: Descriptor, reading: Reading): Promise<Read[]> {
  if (form === 'file-signature') {
    const { digest, size } = layer
    return [await readOf(async () => bareSignature(size, () => reading.blobs.read(digest, size)))]
  }
  if (form !== 'bundle-set') return [await readOf(() => readSingle(form, layer, reading))]
  try {
    return await readSet(layer, reading)
  } catch (error) {
    if (error instanceof Refusal) return [{ ok: false, refusal: error }]
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
  keys: readonly VerifierKey[],
  sizes: Sizes = usualSizes,
): AsyncGenerator<Piece, void> {
  if (manifest.kind !== 'manifest') return
  const { artifact: given = digestArtifact('sha256', hexOf(about.signed)) } = about
  let count = 0
  for (const layer of manifest.layers.slice(0, limits.evidencePerItem)) {
    const form = formOf(layer)
    if (form === null) continue
    const artifact = typeof given === 'function' ? given(layer.digest) : given
    for (const read of await readLayer(form, layer, { blobs, keys, sizes })) {
      const piece = { ...about, artifact, form, layer: layer.digest }
      count += 1
      if (count > limits.bundlesTogether) {
        yield { ...piece, read: { ok: false, refusal: tooMany(count, 'manifest') } }
        return
      }
      yield { ...piece, read }
    }
  }
}
