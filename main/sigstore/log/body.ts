import { z } from 'zod'
import { limits } from '../../platform/limits.ts'
import { hashNames, readShape, strictJson, zBytes } from '../parse.ts'
import { Refusal } from '../refusal.ts'
import type { HashName } from '../verifier-key.ts'

/** What an entry of a log says was signed, by whom: everything that must be the bundle's own. */
export interface Logged {
  /** Digest of the artifact, of the PAE, or of the payload; what it is of depends on the kind. */
  readonly digest: {
    readonly of: 'message' | 'payload' | 'raw-envelope'
    readonly name: HashName
    readonly value: Buffer
  }[]
  /** The signature bytes; `null` where the entry holds only the hash of the raw envelope. */
  readonly signature: Buffer | null
  /** The DER of the certificate or of the SPKI that the entry names. */
  readonly verifier: Buffer
  /** `PublicKeyDetails`, where the entry says it. */
  readonly keyDetails: string | null
}

const v1Names = { sha256: 'sha256', sha384: 'sha384', sha512: 'sha512' } as const
const zHash = z.strictObject({
  algorithm: z.enum(v1Names),
  value: z.string().regex(/^(?:[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$/),
})
const of = (what: Logged['digest'][number]['of'], { algorithm, value }: z.output<typeof zHash>) => ({
  of: what,
  name: algorithm,
  value: Buffer.from(value, 'hex'),
})

const zBase = { apiVersion: z.string(), kind: z.string() }

const zHashedRekord1 = z.strictObject({
  ...zBase,
  spec: z.strictObject({
    data: z.strictObject({ hash: zHash }),
    signature: z.strictObject({
      content: zBytes,
      publicKey: z.strictObject({ content: zBytes }),
      format: z.literal('x509').optional(),
    }),
  }),
})

const zVerifier = z.strictObject({
  keyDetails: z.string(),
  publicKey: z.strictObject({ rawBytes: zBytes }).optional(),
  x509Certificate: z.strictObject({ rawBytes: zBytes }).optional(),
})

const zHashedRekord2 = z.strictObject({
  ...zBase,
  spec: z.strictObject({
    hashedRekordV002: z.strictObject({
      data: z.strictObject({
        algorithm: z.enum(Object.keys(hashNames) as (keyof typeof hashNames)[]),
        digest: zBytes,
      }),
      signature: z.strictObject({ content: zBytes, verifier: zVerifier }),
    }),
  }),
})

const zDsse1 = z.strictObject({
  ...zBase,
  spec: z.strictObject({
    envelopeHash: zHash,
    payloadHash: zHash,
    signatures: z.array(z.strictObject({ signature: zBytes, verifier: zBytes })).length(1),
  }),
})

const zIntoto1 = z.strictObject({
  ...zBase,
  spec: z.strictObject({
    content: z.strictObject({ hash: zHash, payloadHash: zHash }),
    publicKey: zBytes,
  }),
})

const zIntoto2 = z.strictObject({
  ...zBase,
  spec: z.strictObject({
    content: z.strictObject({
      envelope: z.strictObject({
        // Old servers kept the payload too; its hash is what binds it.
        payload: z.string().optional(),
        payloadType: z.string(),
        signatures: z
          .array(z.strictObject({ publicKey: zBytes, sig: zBytes, keyid: z.string().optional() }))
          .length(1),
      }),
      hash: zHash,
      payloadHash: zHash,
    }),
  }),
})

const pem = /^\s*-----BEGIN (PUBLIC KEY|CERTIFICATE)-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END \1-----\s*$/

// Rekor v1 keeps verifiers as PEM; what is compared is the DER inside.
function derOf(content: Buffer): Buffer {
  const match = pem.exec(content.toString('latin1'))
  if (match === null) throw new Refusal('log.body', 'a PEM of one key or certificate', 'something else')
  return Buffer.from(match[2] ?? '', 'base64')
}

// intoto 0.0.2 keeps base64 text in base64.
function twice(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1')
  const inner = Buffer.from(text, 'base64')
  if (inner.toString('base64') !== text)
    throw new Refusal('log.body', 'base64 inside base64', 'something else')
  return inner
}

const codes = { shape: 'log.body', base64: 'log.body' } as const

type Reader = (json: ReturnType<typeof strictJson>) => Logged

const readers: Readonly<Record<string, Reader>> = {
  'hashedrekord 0.0.1': (json) => {
    const { data, signature } = readShape(json, zHashedRekord1, 'a hashedrekord 0.0.1', codes).spec
    return {
      digest: [of('message', data.hash)],
      signature: signature.content,
      verifier: derOf(signature.publicKey.content),
      keyDetails: null,
    }
  },
  'hashedrekord 0.0.2': (json) => {
    const { data, signature } = readShape(json, zHashedRekord2, 'a hashedrekord 0.0.2', codes).spec
      .hashedRekordV002
    const { publicKey, x509Certificate, keyDetails } = signature.verifier
    const verifier = publicKey ?? x509Certificate
    if (verifier === undefined || (publicKey && x509Certificate)) {
      throw new Refusal('log.body', 'one verifier: a key or a certificate', 'none or both')
    }
    return {
      digest: [{ of: 'message', name: hashNames[data.algorithm], value: data.digest }],
      signature: signature.content,
      verifier: verifier.rawBytes,
      keyDetails,
    }
  },
  'dsse 0.0.1': (json) => {
    const { envelopeHash, payloadHash, signatures } = readShape(json, zDsse1, 'a dsse 0.0.1', codes).spec
    const [one] = signatures
    return {
      digest: [of('payload', payloadHash), of('raw-envelope', envelopeHash)],
      signature: one?.signature ?? null,
      verifier: derOf(one?.verifier ?? Buffer.alloc(0)),
      keyDetails: null,
    }
  },
  'intoto 0.0.1': (json) => {
    const { content, publicKey } = readShape(json, zIntoto1, 'an intoto 0.0.1', codes).spec
    return {
      digest: [of('raw-envelope', content.hash), of('payload', content.payloadHash)],
      signature: null,
      verifier: derOf(publicKey),
      keyDetails: null,
    }
  },
  'intoto 0.0.2': (json) => {
    const { content } = readShape(json, zIntoto2, 'an intoto 0.0.2', codes).spec
    const [one] = content.envelope.signatures
    return {
      digest: [of('payload', content.payloadHash), of('raw-envelope', content.hash)],
      signature: twice(one?.sig ?? Buffer.alloc(0)),
      verifier: derOf(one?.publicKey ?? Buffer.alloc(0)),
      keyDetails: null,
    }
  },
}

/**
 * Reads the body of an entry; its own kind and version must be those that the bundle names.
 *
 * @throws Refusal `log.kind`, `log.body`
 */
export function readBody(body: Buffer, kind: string, version: string): Logged {
  const name = `${kind} ${version}`
  const reader = Object.hasOwn(readers, name) ? readers[name] : undefined
  if (reader === undefined) throw new Refusal('log.kind', Object.keys(readers).join(', '), name)
  const json = strictJson(body, 'log.body', limits.bundleValues)
  const said = json as { kind?: unknown; apiVersion?: unknown } | null
  if (said?.kind !== kind || said.apiVersion !== version) {
    throw new Refusal(
      'log.kind',
      `${name}, as the bundle says`,
      `${String(said?.kind)} ${String(said?.apiVersion)}`,
    )
  }
  return reader(json)
}
