import type { Digest } from '../../shared/digest.ts'
import { canonical } from '../platform/json.ts'
import { emptyBytes, emptyDigest } from './kind.ts'
import { emptyConfig, ociManifest } from './media-types.ts'

/** The type of a bare signature over a file, as bytes or in base64: it says nothing of who made it. */
export const fileSignature = 'application/vnd.sallyport.file.signature.v1'
/** A Sigstore bundle; also what a manifest of one calls itself. */
export const sigstoreBundle = 'application/vnd.dev.sigstore.bundle.v0.3+json'
export const dsseEnvelope = 'application/vnd.dsse.envelope.v1+json'

interface Beside {
  /** What the layers are read as. */
  readonly type: string
  /** Whether each line is a document of its own. */
  readonly lines: boolean
}

const one = (type: string): Beside => ({ type, lines: false })
const endings: readonly (readonly [ending: string, Beside])[] = [
  ['.sigstore.json', one(sigstoreBundle)],
  ['.sigstore', one(sigstoreBundle)],
  ['.sigstore.jsonl', { type: sigstoreBundle, lines: true }],
  ['.sig', one(fileSignature)],
  ['.sig.bin', one(fileSignature)],
  ['.intoto.jsonl', { type: dsseEnvelope, lines: true }],
  ['.asc', one('application/pgp-signature')],
  ['.prov', one('application/vnd.cncf.helm.chart.provenance.v1.prov')],
  ['.publish.attestation', one('application/vnd.pypi.integrity.v1+json')],
]

/**
 * The names under which what speaks for a file lies beside it, with what each is read as. Spectro Cloud leaves out
 * `.zst` before `.sig.bin` (field.md, D).
 */
export function namesBeside(name: string): readonly (readonly [name: string, Beside])[] {
  const usual = endings.map(([ending, beside]) => [`${name}${ending}`, beside] as const)
  if (!name.endsWith('.zst')) return usual
  return [...usual, [`${name.slice(0, -'.zst'.length)}.sig.bin`, one(fileSignature)]]
}

interface Layer {
  readonly digest: Digest
  readonly size: number
}

/**
 * The manifest in which evidence of a file travels, as bytes (bundle.md, "Reader rules"): its `subject` is the file's
 * manifest, each layer one document as it lay beside the file.
 */
export function fileEvidenceManifest(
  subject: Layer,
  evidence: { readonly title: string; readonly type: string; readonly layers: readonly Layer[] },
): Buffer {
  const { title, type, layers } = evidence
  return canonical({
    schemaVersion: 2,
    mediaType: ociManifest,
    artifactType: type,
    config: { mediaType: emptyConfig, digest: emptyDigest, size: emptyBytes.length },
    layers: layers.map(({ digest, size }) => ({
      mediaType: type,
      digest,
      size,
      annotations: { 'org.opencontainers.image.title': title },
    })),
    subject: { mediaType: ociManifest, digest: subject.digest, size: subject.size },
  })
}
