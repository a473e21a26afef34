import { createHash } from 'node:crypto'
import { bodyOf, explicit, partsOf, sequence } from './der.ts'
import { signWith, type TestKey } from './key.ts'

const uint24 = (n: number): Buffer => Buffer.from([n >> 16, (n >> 8) & 0xff, n & 0xff])

function uint64(n: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(n))
  return bytes
}

/** The log id of a key: SHA-256 of its SPKI. */
export function logIdOf(key: { readonly spki: Buffer }): Buffer {
  return createHash('sha256').update(key.spki).digest()
}

/** What a log states of one certificate; both forms of RFC 6962. */
export interface SctPlan {
  readonly log: TestKey
  readonly at: Date
  /** The signed part of the certificate without list and poison, and the SPKI of its issuer; else the whole certificate. */
  readonly of: { readonly body: Buffer; readonly issuerSpki: Buffer } | { readonly certificate: Buffer }
  readonly logId?: Buffer
}

/** The signature part alone: `hash, algorithm, length, bytes`, as an answer of `add-chain` has it. */
export function sctSignature({ log, at, of }: SctPlan): Buffer {
  const entry =
    'body' in of
      ? [
          Buffer.from([0, 1]),
          createHash('sha256').update(of.issuerSpki).digest(),
          uint24(of.body.length),
          of.body,
        ]
      : [Buffer.from([0, 0]), uint24(of.certificate.length), of.certificate]
  const said = Buffer.concat([Buffer.from([0, 0]), uint64(at.getTime()), ...entry, Buffer.from([0, 0])])
  const signature = signWith(log, said)
  const algorithm = log.kind.startsWith('rsa') ? 1 : 3
  return Buffer.concat([
    Buffer.from([4, algorithm, signature.length >> 8, signature.length & 0xff]),
    signature,
  ])
}

/** A whole signed certificate timestamp (RFC 6962, v1). */
export function makeSct(plan: SctPlan): Buffer {
  const head = [
    Buffer.from([0]),
    plan.logId ?? logIdOf(plan.log),
    uint64(plan.at.getTime()),
    Buffer.from([0, 0]),
  ]
  return Buffer.concat([...head, sctSignature(plan)])
}

/** The signed part of a certificate without one extension (the poison, the list of timestamps). */
export function bodyWithout(certificate: Uint8Array, extensionStart: Buffer): Buffer {
  const parts = [...partsOf(partsOf(certificate)[0] ?? Buffer.alloc(0))]
  const last = parts.pop() ?? Buffer.alloc(0)
  const kept = partsOf(bodyOf(last)).filter(
    (one) => !bodyOf(one).subarray(0, extensionStart.length).equals(extensionStart),
  )
  return sequence(...parts, explicit(3, sequence(...kept)))
}
