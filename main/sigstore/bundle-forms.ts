import { z } from 'zod'
import { LongText } from '../platform/json.ts'
import { limits } from '../platform/limits.ts'
import { fromBase64 } from '../platform/text-forms.ts'
import { bundleJson, readShape, strictJson, withoutNulls, zBytes, zEncoded } from './parse.ts'

/*
 * The forms in which tools hand bundles over. Each is taken apart into the JSON of a bundle, with every signed text as it
 * stands, and that goes through the one strict reader (`bundleOfJson`): nothing is looser because it was wrapped.
 */

/** A bundle that a document holds: its JSON, not yet read. */
export interface Held {
  readonly json: unknown
  /** The envelope as it was published, where old log entries hold its hash. */
  readonly rawEnvelope?: Buffer
  /** A signature and nothing beside it, as bare as one in a file of its own: what does not fit is not called false. */
  readonly bare?: true
}

type Fields = Readonly<Record<string, unknown>>
const fieldsOf = (json: unknown): Fields | null =>
  typeof json === 'object' && json !== null && !Array.isArray(json) && !(json instanceof LongText)
    ? (json as Fields)
    : null
const listOf = (json: unknown): readonly unknown[] => (Array.isArray(json) ? (json as unknown[]) : [])

const codes = { shape: 'bundle.shape', base64: 'bundle.base64' } as const
const [v01, v03] = [
  'application/vnd.dev.sigstore.bundle+json;version=0.1',
  'application/vnd.dev.sigstore.bundle.v0.3+json',
]
const inToto = 'application/vnd.in-toto+json'

/** PEP 740, attestation objects: the parts of a bundle under other names; what is signed is the same envelope. */
const zPypi = z.strictObject({
  version: z.literal(1),
  verification_material: z.strictObject({
    certificate: zEncoded,
    transparency_entries: z.array(z.unknown()).max(limits.logEntries),
  }),
  envelope: z.strictObject({ statement: zEncoded, signature: zEncoded }),
})

function ofPypi(json: unknown): Held {
  const { verification_material: material, envelope } = readShape(
    json,
    zPypi,
    'an attestation of PyPI',
    codes,
  )
  return {
    json: {
      mediaType: v03,
      verificationMaterial: {
        certificate: { rawBytes: material.certificate },
        tlogEntries: material.transparency_entries,
      },
      dsseEnvelope: {
        payload: envelope.statement,
        payloadType: inToto,
        signatures: [{ sig: envelope.signature }],
      },
    },
  }
}

const pem = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/

/** The first certificate of a PEM, or of base64 of one, as base64; `null` where there is none. */
function certificateOf(text: string | undefined): string | null {
  if (text === undefined || text === '') return null
  const written = text.includes('-----BEGIN') ? text : (fromBase64(text)?.toString('latin1') ?? '')
  return fromBase64(pem.exec(written)?.[1] ?? '')?.toString('base64') ?? null
}

/** DSSE allows either alphabet of base64; a bundle has one. */
const zEither = zEncoded.transform((text) =>
  typeof text === 'string' && (text.length % 4 !== 0 || /[-_]/.test(text))
    ? (fromBase64(text)?.toString('base64') ?? text)
    : text,
)

// DSSE 1.0 has members that are not known passed over; nothing here reads them.
const zEnvelope = z.object({
  payloadType: z.string().max(1024),
  payload: zEither,
  signatures: z
    .array(
      z.object({
        sig: zEither,
        keyid: z.string().max(1024).default(''),
        cert: z.string().max(limits.certificateBytes).optional(),
      }),
    )
    .min(1)
    .max(16),
})

/** An envelope alone (`.intoto.jsonl`): each of its signatures is one to be proven. */
function ofEnvelope(json: unknown): Held[] {
  const { payloadType, payload, signatures } = readShape(json, zEnvelope, 'a DSSE envelope', codes)
  return signatures.map(({ sig, keyid, cert }) => {
    const rawBytes = certificateOf(cert)
    const signer = rawBytes === null ? { publicKey: { hint: keyid } } : { certificate: { rawBytes } }
    return {
      ...(rawBytes === null && { bare: true }),
      json: {
        mediaType: v03,
        verificationMaterial: { ...signer, tlogEntries: [] },
        dsseEnvelope: { payload, payloadType, signatures: [{ sig, ...(rawBytes === null && { keyid }) }] },
      },
    }
  })
}

const zNumber = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)
const zCosign = z.strictObject({
  base64Signature: zEncoded,
  cert: z.string().max(limits.certificateBytes).optional(),
  rekorBundle: z
    .strictObject({
      SignedEntryTimestamp: zEncoded,
      Payload: z.strictObject({
        body: zEncoded,
        integratedTime: zNumber,
        logIndex: zNumber,
        logID: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    })
    .optional(),
})
const zKind = z.object({ kind: z.string().max(64), apiVersion: z.string().max(64) })
const logBody = { shape: 'log.body', base64: 'log.body' } as const

type Logged = NonNullable<z.output<typeof zCosign>['rekorBundle']>

function entryOf({ SignedEntryTimestamp, Payload }: Logged): object {
  const body = readShape(Payload.body, zBytes, 'the body of a log entry', logBody)
  const said = readShape(strictJson(body, 'log.body', limits.bundleValues), zKind, 'a log entry', logBody)
  return {
    logIndex: String(Payload.logIndex),
    logId: { keyId: Buffer.from(Payload.logID, 'hex').toString('base64') },
    kindVersion: { kind: said.kind, version: said.apiVersion },
    integratedTime: String(Payload.integratedTime),
    inclusionPromise: { signedEntryTimestamp: SignedEntryTimestamp },
    canonicalizedBody: Payload.body,
  }
}

/** cosign's bundle of before version 3; where it attests, its signature is the envelope. */
function ofCosign(json: unknown): Held {
  const { base64Signature, cert, rekorBundle } = readShape(json, zCosign, 'a bundle of cosign', codes)
  const rawBytes = certificateOf(cert)
  const verificationMaterial = {
    ...(rawBytes === null
      ? { publicKey: { hint: '' } }
      : { x509CertificateChain: { certificates: [{ rawBytes }] } }),
    tlogEntries: rekorBundle === undefined ? [] : [entryOf(rekorBundle)],
  }
  const bare = rawBytes === null && rekorBundle === undefined ? ({ bare: true } as const) : {}
  const signature = readShape(base64Signature, zBytes, 'a signature in base64', codes)
  if (signature[0] !== 0x7b) {
    const messageSignature = { signature: base64Signature }
    return { ...bare, json: { mediaType: v01, verificationMaterial, messageSignature } }
  }
  const envelope = readShape(withoutNulls(bundleJson(signature)), zEnvelope, 'a DSSE envelope', codes)
  const signatures = envelope.signatures.map(({ sig }) => ({ sig }))
  const dsseEnvelope = { payload: envelope.payload, payloadType: envelope.payloadType, signatures }
  return { ...bare, json: { mediaType: v01, verificationMaterial, dsseEnvelope }, rawEnvelope: signature }
}

/** What a list of attestations holds: bundles as such, beside other facts (npm, GitHub), or below (`gh --format json`). */
function ofListed(one: unknown, depth: number): Held[] | null {
  const fields = fieldsOf(one)
  const bundle = fields?.['bundle'] ?? fieldsOf(fields?.['attestation'])?.['bundle']
  return heldIn(bundle ?? one, depth + 1)
}

const all = (lists: readonly (Held[] | null)[]): Held[] | null => {
  const found = lists.flatMap((one) => one ?? [])
  return found.length === 0 ? null : found
}

/**
 * The bundles that one JSON document holds: itself, those of an answer or a list, or those that it is in another form.
 *
 * @param json without members that are null; texts may be `LongText`
 * @returns `null` where it is nothing of that kind
 * @throws Refusal `bundle.shape`, `bundle.base64`, `log.body` where it is, and damaged
 */
export function heldIn(json: unknown, depth = 0): Held[] | null {
  if (depth > 3) return null
  if (Array.isArray(json)) return all(json.map((one) => ofListed(one, depth)))
  const fields = fieldsOf(json)
  if (fields === null) return null
  const has = (...names: readonly string[]): boolean => names.every((name) => fields[name] !== undefined)
  if (has('mediaType') || has('verificationMaterial')) return [{ json }]
  if (has('attestation_bundles')) {
    return all(listOf(fields['attestation_bundles']).map((one) => heldIn(one, depth + 1)))
  }
  if (has('attestations')) return all(listOf(fields['attestations']).map((one) => ofListed(one, depth)))
  if (has('verification_material', 'envelope')) return [ofPypi(json)]
  if (has('base64Signature')) return [ofCosign(json)]
  if (has('payload', 'payloadType', 'signatures')) return ofEnvelope(json)
  return null
}
