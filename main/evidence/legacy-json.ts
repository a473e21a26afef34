import { limits } from '../platform/limits.ts'
import { LargePayload } from '../sigstore/large/payload.ts'
import type { Bundle } from '../sigstore/bundle-file.ts'
import { digestOfPieces } from '../sigstore/signature.ts'

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

/**
 * cosign's form before bundles as JSON of a bundle of version 0.1, for the second verifier alone: whatever was signed
 * stands in it byte for byte. `null` for what was signed with a key, and for what is too large to be held twice.
 */
export function legacyJson({ signer, entries, timestamps, content }: Bundle, simple: Buffer | null): unknown {
  if (signer.kind === 'key') return null
  if (content.kind === 'envelope' && !isShort(content.payload)) return null
  return {
    mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.1',
    verificationMaterial: {
      x509CertificateChain: { certificates: [{ rawBytes: base64(signer.leaf.der) }] },
      tlogEntries: entries.map((entry) => ({
        logIndex: String(entry.index),
        logId: { keyId: base64(entry.logId) },
        kindVersion: { kind: entry.kind, version: entry.version },
        integratedTime: String(entry.integratedTime),
        ...(entry.promise !== null && {
          inclusionPromise: { signedEntryTimestamp: base64(entry.promise) },
        }),
        canonicalizedBody: base64(entry.body),
      })),
      timestampVerificationData: {
        rfc3161Timestamps: timestamps.map((response) => ({ signedTimestamp: base64(response) })),
      },
    },
    ...(content.kind === 'envelope'
      ? {
          dsseEnvelope: {
            payload: isShort(content.payload) ? base64(content.payload) : '',
            payloadType: content.payloadType,
            signatures: [{ sig: base64(content.signature), keyid: '' }],
          },
        }
      : { messageSignature: messageOf(content.signature, simple ?? Buffer.alloc(0)) }),
  }
}

const isShort = (payload: Buffer | LargePayload): payload is Buffer =>
  !(payload instanceof LargePayload) && payload.length <= (limits.secondOpinionBytes / 4) * 3

// The library compares the log with this digest, and the signature with the text itself.
function messageOf(signature: Buffer, text: Buffer): object {
  const digest = base64(digestOfPieces([text], 'sha256'))
  return { messageDigest: { algorithm: 'SHA2_256', digest }, signature: base64(signature) }
}
