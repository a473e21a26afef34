import { canonical } from '../../../main/platform/json.ts'
import { pem } from '../pki/key.ts'
import { digest } from './scheme.ts'

/** The kinds of log entry that bundles carry. */
export type EntryKind =
  'hashedrekord 0.0.1' | 'hashedrekord 0.0.2' | 'dsse 0.0.1' | 'intoto 0.0.1' | 'intoto 0.0.2'

/** What a body states. */
export interface Stated {
  /** What was signed: the file, or the pre-authentication encoding. */
  readonly message: Buffer
  readonly hash: string
  readonly signature: Buffer
  readonly verifier: { readonly der: Buffer; readonly isCertificate: boolean }
  readonly keyDetails: string
  readonly envelope: { readonly raw: Buffer; readonly payload: Buffer; readonly payloadType: string } | null
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
const hashOf = (algorithm: string, bytes: Uint8Array): object => ({
  algorithm,
  value: digest(algorithm, bytes).toString('hex'),
})

function specOf(kind: EntryKind, stated: Stated): object {
  const { verifier, signature, hash, message } = stated
  const { raw, payload, payloadType } = stated.envelope ?? { raw: message, payload: message, payloadType: '' }
  const text = base64(Buffer.from(pem(verifier.isCertificate ? 'CERTIFICATE' : 'PUBLIC KEY', verifier.der)))
  const hashes = { hash: hashOf('sha256', raw), payloadHash: hashOf('sha256', payload) }
  switch (kind) {
    case 'hashedrekord 0.0.1':
      return {
        data: { hash: hashOf(hash, message) },
        signature: { content: base64(signature), publicKey: { content: text } },
      }
    case 'hashedrekord 0.0.2': {
      const named = { rawBytes: base64(verifier.der) }
      return {
        hashedRekordV002: {
          data: { algorithm: `SHA2_${hash.slice(3)}`, digest: base64(digest(hash, message)) },
          signature: {
            content: base64(signature),
            verifier: {
              ...(verifier.isCertificate ? { x509Certificate: named } : { publicKey: named }),
              keyDetails: stated.keyDetails,
            },
          },
        },
      }
    }
    case 'dsse 0.0.1':
      return {
        envelopeHash: hashes.hash,
        payloadHash: hashes.payloadHash,
        signatures: [{ signature: base64(signature), verifier: text }],
      }
    case 'intoto 0.0.1':
      return { content: hashes, publicKey: text }
    case 'intoto 0.0.2': {
      const signatures = [{ publicKey: text, sig: base64(Buffer.from(base64(signature))) }]
      return { content: { envelope: { payloadType, signatures }, ...hashes } }
    }
  }
}

/** The canonical body of an entry of a kind. */
export function bodyFor(kind: EntryKind, stated: Stated): Buffer {
  const [name, apiVersion] = kind.split(' ')
  return canonical({ apiVersion, kind: name, spec: specOf(kind, stated) })
}
