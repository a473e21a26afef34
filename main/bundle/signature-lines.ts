import { z } from 'zod'
import type { Digest } from '../../shared/digest.ts'
import {
  signingRoles,
  zHex64,
  zName,
  zSigningRole,
  zSize,
  zText,
  zTime,
  type SigningRole,
} from '../../shared/schema.ts'
import type { Waybill } from '../../shared/waybill.ts'
import { limits } from '../platform/limits.ts'
import { EnvelopeError, parseEnvelope, type Envelope } from '../sigstore/envelope.ts'
import { parseStatement } from '../sigstore/statement.ts'

export const waybillPredicate = 'urn:sallyport:waybill:v1'
const subjectName = 'waybill.json'

const zSummary = z.strictObject({
  name: zName,
  channel: zName,
  items: zSize,
  blobs: zSize,
  bytes: zSize,
  expires: zTime,
  destinations: z.array(z.strictObject({ desk: zHex64, sequence: z.number().int().min(1) })).max(1000),
})

const zPredicate = z.strictObject({
  role: zSigningRole,
  person: zName,
  desk: zHex64,
  time: zTime,
  sentence: zText,
  summary: zSummary,
})
export type WaybillPredicate = z.infer<typeof zPredicate>

/** What somebody in this role attests: a fixed sentence, so that nobody signs words of their own. */
export function sentenceOf(role: SigningRole, waybill: Waybill): string {
  switch (role) {
    case 'prepare':
      return `I collected exactly what the request of ${waybill.request.requester} asks for, and nothing else.`
    case 'release':
      return 'I have the authority to release this content, I have looked at what it is, and it may cross.'
    case 'witness':
      return 'I was present and saw that this waybill is the one that was prepared and released.'
  }
}

/** The figures that stand in every signature, a fixed function of the waybill. */
export function summaryOf(waybill: Waybill): WaybillPredicate['summary'] {
  const carried = waybill.blobs.filter((blob) => blob.state === 'carried')
  return {
    name: waybill.name,
    channel: waybill.channel,
    items: waybill.items.length,
    blobs: carried.length,
    bytes: carried.reduce((total, blob) => total + blob.size, 0),
    expires: waybill.expires,
    destinations: waybill.destinations.map(({ desk, sequence }) => ({ desk, sequence })),
  }
}

/** The subject that a waybill's signatures are about. */
export function waybillSubject(digest: Digest): { readonly name: string; readonly digest: Digest } {
  return { name: subjectName, digest }
}

/** One line of `waybill.sigstore.jsonl`, read but not yet believed. */
export interface SignatureLine {
  readonly envelope: Envelope
  readonly predicate: WaybillPredicate
  /** The waybill that it signs. */
  readonly waybill: Digest
}

/**
 * Parses one line without its LF.
 *
 * @throws EnvelopeError
 */
export function parseSignatureLine(bytes: Uint8Array): SignatureLine {
  const envelope = parseEnvelope(bytes)
  const { subjects, predicate } = parseStatement(envelope.payload, waybillPredicate, zPredicate)
  const [subject] = subjects
  if (subject === undefined || subjects.length !== 1 || subject.name !== subjectName) {
    throw new EnvelopeError('the only subject must be waybill.json')
  }
  return { envelope, predicate, waybill: subject.digest }
}

/** The place of a role in the file: prepare, release, witness. */
export function rankOf(role: SigningRole): number {
  return signingRoles.indexOf(role)
}

/**
 * Cuts the signature file into lines: 1 to 8, each with one LF, nothing after the last.
 *
 * @throws EnvelopeError
 */
export function splitSignatureFile(bytes: Buffer): Buffer[] {
  if (bytes.length > limits.signatureBytes) throw new EnvelopeError('the signature file is too large')
  if (bytes.length === 0 || bytes.at(-1) !== 10) throw new EnvelopeError('the last line has no line end')
  const lines: Buffer[] = []
  let start = 0
  while (start < bytes.length) {
    const end = bytes.indexOf(10, start)
    lines.push(bytes.subarray(start, end))
    start = end + 1
    if (lines.length > limits.signatureLines) throw new EnvelopeError('more than 8 lines')
  }
  return lines
}

/** The signature file from its lines, in the order prepare, release, witness. */
export function joinSignatureFile(
  lines: readonly { readonly role: SigningRole; readonly bytes: Buffer }[],
): Buffer {
  const ordered = [...lines].sort((a, b) => rankOf(a.role) - rankOf(b.role))
  return Buffer.concat(ordered.flatMap(({ bytes }) => [bytes, Buffer.from('\n')]))
}
