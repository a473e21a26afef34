import { hexOf, type Digest } from '../../shared/digest.ts'
import { canonical } from '../platform/json.ts'
import { emptyBytes, emptyDigest, titleAnnotation } from './kind.ts'
import { emptyConfig, helmProvenance, ociManifest } from './media-types.ts'

/** The type of a bare signature over a file, as bytes or in base64: it says nothing of who made it. */
export const fileSignature = 'application/vnd.sallyport.file.signature.v1'
/** The type of a document in which a tool hands bundles over: JSON Lines, answers of npm and GitHub, older forms. */
export const fileBundles = 'application/vnd.sallyport.file.bundles.v1'
/** A signature of OpenSSF Model Signing over the files of a model: a Sigstore bundle around a statement that lists them. */
export const modelSignature = 'application/vnd.sallyport.model.signature.v1'
/** An attestation object of PyPI, or the provenance object around several (PEP 740). */
export const pypiAttestation = 'application/vnd.pypi.integrity.v1+json'
/** Signatures of OpenPGP: beside a file, and around the digests of a chart. */
export const openPgp = ['application/pgp-signature', helmProvenance] as const
/** One Sigstore bundle. */
export const sigstoreBundle = 'application/vnd.dev.sigstore.bundle.v0.3+json'

const endings: readonly (readonly [ending: string, type: string])[] = [
  ['.sigstore.json', sigstoreBundle],
  ['.sigstore', sigstoreBundle],
  ['.sigstore.jsonl', fileBundles],
  ['.sig', fileSignature],
  ['.sig.bin', fileSignature],
  ['.intoto.jsonl', fileBundles],
  ['.jsonl', fileBundles],
  ['.attestations.json', fileBundles],
  ['.bundle', fileBundles],
  ['.asc', openPgp[0]],
  ['.prov', openPgp[1]],
  ['.publish.attestation', pypiAttestation],
  ['.provenance', pypiAttestation],
]

/**
 * The names under which what speaks for a file lies beside it, with the type of each. Spectro Cloud leaves out `.zst`
 * before `.sig.bin` (field.md, D); `gh attestation download` names its file by the digest.
 *
 * @param name the name of the file, or its path
 */
export function namesBeside(
  name: string,
  digest: Digest,
): readonly (readonly [name: string, type: string])[] {
  const folder = name.slice(0, name.lastIndexOf('/') + 1)
  const usual = endings.map(([ending, type]) => [`${name}${ending}`, type] as const)
  const byDigest = [':', '-'].map(
    (sign) => [`${folder}sha256${sign}${hexOf(digest)}.jsonl`, fileBundles] as const,
  )
  const short = `${name.slice(0, -'.zst'.length)}.sig.bin`
  return [...usual, ...byDigest, ...(name.endsWith('.zst') ? [[short, fileSignature] as const] : [])]
}

/** Endings that nothing else than what speaks for the file before them has. */
const plainEndings = ['.publish.attestation', '.provenance', '.sigstore.json', '.sigstore.jsonl', '.sigstore']

/** The file that a document speaks for by its name alone, and its type; `null` for every other name. */
export function spokenFor(path: string): { readonly of: string; readonly type: string } | null {
  const ending = plainEndings.find((one) => path.endsWith(one))
  const type = endings.find(([one]) => one === ending)?.[1]
  return ending === undefined || type === undefined ? null : { of: path.slice(0, -ending.length), type }
}

/** Whether a type is that of documents in which tools hand over bundles: their names are those of other files too. */
export const isDocument = (type: string): boolean => type === fileBundles || type === pypiAttestation

const members = [
  'mediaType',
  'payload',
  'payloadType',
  'dsseEnvelope',
  'verificationMaterial',
  'verification_material',
  'attestation_bundles',
  'attestations',
  'bundle',
  'base64Signature',
]
const ofBundles = new RegExp(`"(?:${members.join('|')})"\\s*:`)

/**
 * Whether what a file begins with can be a document of bundles. Their names are those of other files too (data in lines,
 * bundles of git), and what nobody asked for does not travel.
 */
export function beginsLikeBundles(head: Buffer): boolean {
  // UTF-16 is the same with zeros between.
  const text = head
    .toString('latin1')
    .replace(/^(?:\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)/, '')
    .replaceAll('\0', '')
  const inside = /^(?:eyJ|ewo|ewk|ew0|eyA|W3s)/.test(text)
    ? Buffer.from(text, 'base64').toString('latin1')
    : text
  return /^\s*[[{]/.test(inside) && ofBundles.test(inside)
}

interface Layer {
  readonly digest: Digest
  readonly size: number
}

/**
 * The manifest in which evidence of a file travels, as bytes (bundle.md, "Reader rules"): its `subject` is the file's
 * manifest, its layer the document as it lay beside the file.
 */
export function fileEvidenceManifest(
  subject: Layer,
  { title, type, digest, size }: Layer & { readonly title: string; readonly type: string },
): Buffer {
  return canonical({
    schemaVersion: 2,
    mediaType: ociManifest,
    artifactType: type,
    config: { mediaType: emptyConfig, digest: emptyDigest, size: emptyBytes.length },
    layers: [{ mediaType: type, digest, size, annotations: { [titleAnnotation]: title } }],
    subject: { mediaType: ociManifest, digest: subject.digest, size: subject.size },
  })
}
