import { createHash, randomBytes } from 'node:crypto'
import type { Gate } from '../../platform/network.ts'
import { Refusal } from '../../sigstore/refusal.ts'
import { readTimestamp } from '../../sigstore/time/timestamp.ts'
import { tags } from '../../sigstore/x509/der.ts'
import { element, natural, nothing, octets, oid, sequence } from '../../sigstore/x509/der-write.ts'
import { ask, json, refused, unexpected, type Reply } from './service.ts'

const sha256 = sequence(oid('608648016503040201'), nothing)

/** A TimeStampReq (RFC 3161) over a SHA-256, with a nonce, asking for the certificate. */
export function timestampQuery(imprint: Buffer, nonce: Buffer): Buffer {
  const yes = element(tags.boolean, Buffer.from([0xff]))
  return sequence(natural(Buffer.from([1])), sequence(sha256, octets(imprint)), natural(nonce), yes)
}

// A nonce of exactly 52 bits: it also goes through authorities that read JSON numbers.
function newNonce(): Buffer {
  const nonce = randomBytes(7)
  nonce[0] = ((nonce[0] ?? 0) & 0x07) | 0x08
  return nonce
}

async function inDer(
  gate: Gate,
  url: URL,
  imprint: Buffer,
  nonce: Buffer,
  signal?: AbortSignal,
): Promise<Reply> {
  const body = { type: 'application/timestamp-query', bytes: timestampQuery(imprint, nonce) }
  return ask(gate, url, { body, headers: { accept: 'application/timestamp-reply' }, signal })
}

async function inJson(
  gate: Gate,
  url: URL,
  imprint: Buffer,
  nonce: Buffer,
  signal?: AbortSignal,
): Promise<Reply> {
  const body = json({
    artifactHash: imprint.toString('base64'),
    hashAlgorithm: 'sha256',
    certificates: true,
    nonce: Number(`0x${nonce.toString('hex')}`),
  })
  return ask(gate, url, { body, headers: { accept: 'application/timestamp-reply' }, signal })
}

/**
 * Has a signature stamped with the time: by RFC 3161, or in the JSON that some authorities of Sigstore take instead.
 * Gives the whole TimeStampResp, over this signature and for this request; who signed it is checked with the bundle.
 *
 * @throws Failure `service-refused`, `service-answer`, of the gate
 */
export async function requestTimestamp(
  gate: Gate,
  url: URL,
  signature: Buffer,
  signal?: AbortSignal,
): Promise<Buffer> {
  const imprint = createHash('sha256').update(signature).digest()
  const nonce = newNonce()
  const first = await inDer(gate, url, imprint, nonce, signal)
  const reply =
    first.status === 400 || first.status === 415 ? await inJson(gate, url, imprint, nonce, signal) : first
  if (reply.status !== 200 && reply.status !== 201) throw refused(first)
  try {
    const { stated } = readTimestamp(reply.body)
    if (stated.hash !== 'sha256' || !stated.imprint.equals(imprint)) {
      throw unexpected(reply, 'a timestamp over this signature', 'one over other bytes')
    }
    if (stated.nonce !== BigInt(`0x${nonce.toString('hex')}`)) {
      throw unexpected(reply, 'a timestamp for this request', 'one made for another')
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw unexpected(reply, error.reason.expected, error.reason.found, error)
  }
  return reply.body
}
