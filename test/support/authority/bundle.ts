import { bytesArtifact } from '../../../main/sigstore/artifact.ts'
import { preAuthEncoding } from '../../../main/sigstore/pae.ts'
import { readVerifierKey } from '../../../main/sigstore/verifier-key.ts'
import { verifyBundle, type Ask, type BundleVerdict } from '../../../main/sigstore/verify-bundle.ts'
import type { TestKeyKind } from '../pki/key.ts'
import { bodyFor, type EntryKind, type Stated } from './bodies.ts'
import { makeEntry, type EntryJson, type EntryPlan, type TestLog } from './log.ts'
import { detailsFor, digest, sharedKey, signIn, usualWay, type SignPlan } from './scheme.ts'
import { makeStamp, type StampPlan } from './stamp.ts'
import { alice, makeLeaf, moment, trust, world, type LeafPlan } from './world.ts'

const mediaTypes = {
  '0.1': 'application/vnd.dev.sigstore.bundle+json;version=0.1',
  '0.2': 'application/vnd.dev.sigstore.bundle+json;version=0.2',
  '0.3 old': 'application/vnd.dev.sigstore.bundle+json;version=0.3',
  '0.3': 'application/vnd.dev.sigstore.bundle.v0.3+json',
} as const
export type BundleForm = keyof typeof mediaTypes
export const bundleForms = Object.keys(mediaTypes) as BundleForm[]

/** An artifact, and a statement about it. */
export const artifact = Buffer.from('what was signed\n')
export const inToto = 'application/vnd.in-toto+json'

/** An in-toto statement about the artifact, or what a test makes of it. */
export function statement(change: Readonly<Record<string, unknown>> = {}): Buffer {
  return Buffer.from(
    JSON.stringify({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: 'artifact', digest: { sha256: digest('sha256', artifact).toString('hex') } }],
      predicateType: 'https://example.test/checked/v1',
      predicate: { ok: true },
      ...change,
    }),
  )
}

/** What a bundle is made from: an honest one of version 0.3, keyless, with log and timestamp, unless a part is given. */
export interface BundlePlan {
  readonly form?: BundleForm
  readonly signer?: 'certificate' | 'key'
  readonly kind?: TestKeyKind
  /** How it is really signed. */
  readonly way?: SignPlan
  /** The algorithm that the log states. */
  readonly details?: string
  readonly content?: 'message' | 'envelope'
  readonly artifact?: Buffer
  readonly payload?: Buffer
  readonly payloadType?: string
  readonly leaf?: LeafPlan
  readonly logs?: readonly TestLog[]
  readonly entryKind?: EntryKind
  /** The body that the log really holds. */
  readonly body?: (body: Buffer, stated: Stated, log: TestLog) => Buffer
  readonly stated?: Partial<Stated>
  readonly entry?: Partial<EntryPlan>
  /** Timestamps; one by the first authority unless given. */
  readonly stamps?: readonly Partial<StampPlan>[]
  readonly changeSignature?: (signature: Buffer) => Buffer
}

/** A bundle as JSON, to be flawed. */
export interface BundleJson {
  mediaType: string
  verificationMaterial: {
    publicKey?: { hint: string }
    certificate?: { rawBytes: string }
    x509CertificateChain?: { certificates: { rawBytes: string }[] }
    tlogEntries: EntryJson[]
    timestampVerificationData?: { rfc3161Timestamps: { signedTimestamp: string }[] }
  }
  messageSignature?: { messageDigest?: { algorithm: string; digest: string }; signature: string }
  dsseEnvelope?: { payload: string; payloadType: string; signatures: { sig: string; keyid: string }[] }
}

export interface MadeBundle {
  readonly json: BundleJson
  readonly artifact: Buffer
  readonly ask: Ask
  readonly rawEnvelope: Buffer
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
const usualKind = (log: TestLog, content: string): EntryKind =>
  log.style === 'v2' ? 'hashedrekord 0.0.2' : content === 'message' ? 'hashedrekord 0.0.1' : 'dsse 0.0.1'

function materialOf(form: BundleForm, der: Buffer | null, spki: Buffer) {
  if (der === null) return { publicKey: { hint: base64(digest('sha256', spki)) } }
  const rawBytes = base64(der)
  return form.startsWith('0.3')
    ? { certificate: { rawBytes } }
    : {
        x509CertificateChain: {
          certificates: [{ rawBytes }, { rawBytes: base64(world.codeSigner.certificate) }],
        },
      }
}

function signedContent(plan: BundlePlan) {
  const form = plan.form ?? '0.3'
  const content = plan.content ?? 'message'
  const kind = plan.kind ?? 'p256'
  const key = plan.leaf?.key ?? sharedKey(kind)
  const own = plan.artifact ?? artifact
  const payload = plan.payload ?? statement()
  const payloadType = plan.payloadType ?? inToto
  const message = content === 'message' ? own : preAuthEncoding(payloadType, payload)
  const usual = usualWay(kind)
  const way =
    plan.way ??
    (content === 'envelope' && kind === 'ed25519' ? ({ form: 'pure', hash: 'sha512' } as const) : usual)
  const honest = signIn(key, way, message)
  const signature = (plan.changeSignature ?? ((same) => same))(honest)
  const leaf = plan.signer === 'key' ? null : makeLeaf({ ...plan.leaf, key }).der
  return { form, content, kind, key, own, payload, payloadType, message, way, signature, leaf }
}

/** Makes a bundle. */
export function makeBundle(plan: BundlePlan = {}): MadeBundle {
  const made = signedContent(plan)
  const { form, content, key, own, payload, payloadType, message, way, signature, leaf } = made
  const envelope = {
    payload: base64(payload),
    payloadType,
    signatures: [{ sig: base64(signature), keyid: '' }],
  }
  const rawEnvelope = Buffer.from(JSON.stringify(envelope))
  const stated: Stated = {
    message,
    hash: way.hash,
    signature,
    verifier: { der: leaf ?? key.spki, isCertificate: leaf !== null },
    keyDetails: plan.details ?? detailsFor(made.kind, way),
    envelope: content === 'message' ? null : { raw: rawEnvelope, payload, payloadType },
    ...plan.stated,
  }
  const entries = (plan.logs ?? [form === '0.1' ? world.one : world.two]).map((log) => {
    const entryKind = plan.entryKind ?? usualKind(log, content)
    const [kind = '', version = ''] = entryKind.split(' ')
    const body = (plan.body ?? ((same) => same))(bodyFor(entryKind, stated), stated, log)
    return makeEntry(log, { kind, version, body, at: moment, ...plan.entry })
  })
  const stamps = (plan.stamps ?? [{}]).map((one) =>
    makeStamp({
      certificate: world.stamper.certificate,
      key: world.stamper.key,
      at: moment,
      over: signature,
      ...one,
    }),
  )
  const hash = `SHA2_${way.hash.slice(3)}`
  const json: BundleJson = {
    mediaType: mediaTypes[form],
    verificationMaterial: {
      ...materialOf(form, leaf, key.spki),
      tlogEntries: entries,
      timestampVerificationData: {
        rfc3161Timestamps: stamps.map((one) => ({ signedTimestamp: base64(one) })),
      },
    },
    ...(content === 'message'
      ? {
          messageSignature: {
            messageDigest: { algorithm: hash, digest: base64(digest(way.hash, own)) },
            signature: base64(signature),
          },
        }
      : { dsseEnvelope: envelope }),
  }
  const ask: Ask =
    leaf === null
      ? { roots: [trust], key: readVerifierKey(key.spki), identity: null, logs: 1, times: 1, scts: 0 }
      : { roots: [trust], key: null, identity: alice, logs: 1, times: 1, scts: 1 }
  return { json, artifact: own, ask, rawEnvelope }
}

/** Verifies a bundle as it was made, with other bytes or another question where given. */
export function verified(
  made: MadeBundle,
  ask: Partial<Ask> = {},
  bytes?: Uint8Array,
): Promise<BundleVerdict> {
  const text = bytes ?? Buffer.from(JSON.stringify(made.json))
  return verifyBundle(text, bytesArtifact(made.artifact), { ...made.ask, ...ask })
}
