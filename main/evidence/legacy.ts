import { z } from 'zod'
import { limits } from '../platform/limits.ts'
import type { Bundle, Content, Entry } from '../sigstore/bundle-file.ts'
import { bundleJson, readShape, strictJson, zBytes } from '../sigstore/parse.ts'
import { Refusal } from '../sigstore/refusal.ts'
import { readCertificate } from '../sigstore/x509/certificate.ts'
import { legacyJson } from './legacy-json.ts'
import type { Readable } from './readable.ts'

/*
 * cosign's form before bundles (signing.md, 2.1): the signed bytes are the layer, all else stands in annotations. They
 * are read into the shape of a bundle; nothing that was signed is written again.
 */

const names = {
  signature: 'dev.cosignproject.cosign/signature',
  certificate: 'dev.sigstore.cosign/certificate',
  bundle: 'dev.sigstore.cosign/bundle',
  timestamp: 'dev.sigstore.cosign/rfc3161timestamp',
} as const

type Annotations = Readonly<Record<string, string>>

const codes = { shape: 'bundle.shape', base64: 'bundle.base64' } as const
const pem = /^\s*-----BEGIN CERTIFICATE-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END CERTIFICATE-----\s*$/

const zNumber = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

const zLogged = z.strictObject({
  SignedEntryTimestamp: zBytes,
  Payload: z.strictObject({
    body: zBytes,
    integratedTime: zNumber,
    logIndex: zNumber,
    logID: z.string().regex(/^[0-9a-f]{64}$/),
  }),
})

const zKind = z.object({ kind: z.string().max(64), apiVersion: z.string().max(64) })

function json(text: string): ReturnType<typeof strictJson> {
  return strictJson(Buffer.from(text, 'utf8'), 'bundle.json', limits.bundleValues)
}

function entriesOf(annotations: Annotations): Entry[] {
  const text = annotations[names.bundle]
  if (text === undefined || text === '') return []
  const { SignedEntryTimestamp, Payload } = readShape(json(text), zLogged, 'a log entry of cosign', codes)
  const said = readShape(strictJson(Payload.body, 'log.body', limits.bundleValues), zKind, 'a log entry', {
    shape: 'log.body',
    base64: 'log.body',
  })
  return [
    {
      index: Payload.logIndex,
      logId: Buffer.from(Payload.logID, 'hex'),
      kind: said.kind,
      version: said.apiVersion,
      integratedTime: Payload.integratedTime,
      promise: SignedEntryTimestamp,
      proof: null,
      body: Payload.body,
    },
  ]
}

function timestampsOf(annotations: Annotations): Buffer[] {
  const text = annotations[names.timestamp]
  if (text === undefined || text === '') return []
  const shape = z.strictObject({ SignedRFC3161Timestamp: zBytes })
  return [readShape(json(text), shape, 'a timestamp of cosign', codes).SignedRFC3161Timestamp]
}

function signerOf(annotations: Annotations): Bundle['signer'] {
  const text = annotations[names.certificate]
  if (text === undefined || text === '') return { kind: 'key', hint: '' }
  const body = pem.exec(text)?.[1]
  if (body === undefined) throw new Refusal('certificate.form', 'a PEM of one certificate', 'something else')
  return { kind: 'certificate', leaf: readCertificate(Buffer.from(body, 'base64')), anchors: [] }
}

function bundleOf(annotations: Annotations, content: Content): Bundle {
  return {
    mediaType: 'cosign',
    version: '0.1',
    signer: signerOf(annotations),
    entries: entriesOf(annotations),
    timestamps: timestampsOf(annotations),
    content,
  }
}

/** A `.sig` layer: the bytes are a simple-signing text, the signature over them stands in an annotation. @throws Refusal */
export function legacySignature(annotations: Annotations, bytes: Buffer): Readable {
  const text = annotations[names.signature] ?? ''
  const signature = Buffer.from(text, 'base64')
  if (text === '' || signature.toString('base64') !== text) {
    throw new Refusal(
      'bundle.base64',
      'a signature in standard base64',
      text === '' ? 'none' : 'something else',
    )
  }
  const content: Content = { kind: 'message', digest: null, signature }
  const bundle = bundleOf(annotations, content)
  return { bundle, simple: bytes, rawEnvelope: null, json: () => legacyJson(bundle, bytes) }
}

const zEnvelope = z.strictObject({
  payloadType: z.string().max(1024),
  payload: zBytes,
  signatures: z.array(z.strictObject({ sig: zBytes, keyid: z.string().max(1024).optional() })).length(1),
})

/** An `.att` layer: a DSSE envelope. Its bytes are kept, because the log holds their hash. @throws Refusal */
export function legacyAttestation(annotations: Annotations, bytes: Buffer): Readable {
  const envelope = readShape(bundleJson(bytes), zEnvelope, 'a DSSE envelope', codes)
  const content: Content = {
    kind: 'envelope',
    payload: envelope.payload,
    payloadType: envelope.payloadType,
    signature: envelope.signatures[0]?.sig ?? Buffer.alloc(0),
  }
  const bundle = bundleOf(annotations, content)
  return { bundle, simple: null, rawEnvelope: bytes, json: () => legacyJson(bundle, null) }
}
