import { z } from 'zod'
import { zBase64 } from '../../shared/schema.ts'
import { canonical, parseCanonical } from '../platform/json.ts'
import { isStandardForm } from './ecdsa.ts'
import { preAuthEncoding } from './pae.ts'
import { verifies, type PublicKey } from './public-key.ts'

/** The payload type of every envelope of ours. */
export const statementType = 'application/vnd.in-toto+json'
const bundleType = 'application/vnd.dev.sigstore.bundle.v0.3+json'

/*
 * A Sigstore bundle v0.3 around a DSSE envelope signed with a key: the one form that we write and take for waybill
 * lines, station statements and people's acts (bundle.md, "Signatures"). Stricter than the Sigstore parser: canonical
 * JSON, base64 that encodes back to itself, no `keyid`, no empty lists, nothing unknown.
 */
const zEnvelope = z.strictObject({
  dsseEnvelope: z.strictObject({
    payload: zBase64,
    payloadType: z.literal(statementType),
    signatures: z.array(z.strictObject({ sig: zBase64 })).length(1),
  }),
  mediaType: z.literal(bundleType),
  verificationMaterial: z.strictObject({ publicKey: z.strictObject({ hint: zBase64 }) }),
})

export interface Envelope {
  /** SHA-256 of the key that is said to verify, hex. Only a hint until it does. */
  readonly fingerprint: string
  readonly payload: Buffer
  readonly signature: Buffer
}

/** Why bytes are not an envelope of ours. */
export class EnvelopeError extends Error {}

// Node ignores what it does not like in base64; the text must be exactly what the bytes encode to.
function decode(text: string, what: string): Buffer {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.toString('base64') !== text) throw new EnvelopeError(`${what} is not standard base64`)
  return bytes
}

/**
 * Parses the bytes of one envelope (a line without its LF, or a whole file without one).
 *
 * @throws EnvelopeError
 */
export function parseEnvelope(bytes: Uint8Array): Envelope {
  let value: unknown
  try {
    value = parseCanonical(bytes)
  } catch (error) {
    throw new EnvelopeError(error instanceof Error ? error.message : 'not JSON')
  }
  const parsed = zEnvelope.safeParse(value)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new EnvelopeError(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not as expected'}`)
  }
  const { dsseEnvelope, verificationMaterial } = parsed.data
  const hint = decode(verificationMaterial.publicKey.hint, 'the hint')
  if (hint.length !== 32) throw new EnvelopeError('the hint is not a SHA-256')
  return {
    fingerprint: hint.toString('hex'),
    payload: decode(dsseEnvelope.payload, 'the payload'),
    signature: decode(dsseEnvelope.signatures[0]?.sig ?? '', 'the signature'),
  }
}

/** What is signed: the pre-authentication encoding of a payload of ours (DSSE v1). */
export function signedBytes(payload: Buffer): Buffer {
  return preAuthEncoding(statementType, payload)
}

/** Whether the envelope is signed by exactly this key, in the one standard form of such a signature. */
export function envelopeVerifies(envelope: Envelope, key: PublicKey): boolean {
  return (
    envelope.fingerprint === key.fingerprint &&
    isStandardForm(key.algorithm, envelope.signature) &&
    verifies(key, signedBytes(envelope.payload), envelope.signature)
  )
}

/** The canonical bytes of an envelope, without a line end. */
export function envelopeBytes(envelope: Envelope): Buffer {
  return canonical({
    dsseEnvelope: {
      payload: envelope.payload.toString('base64'),
      payloadType: statementType,
      signatures: [{ sig: envelope.signature.toString('base64') }],
    },
    mediaType: bundleType,
    verificationMaterial: {
      publicKey: { hint: Buffer.from(envelope.fingerprint, 'hex').toString('base64') },
    },
  })
}
