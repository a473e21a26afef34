import { z } from 'zod'

/** An entry of a log as a bundle holds it (proto3 JSON of TransparencyLogEntry). */
export type LogEntry = z.output<typeof zEntryV2>

const zBase64Text = z.string().max(512 * 1024)
const zDecimal = z.string().regex(/^\d{1,16}$/)

/** What Rekor v2 answers; what is not named here is left out. */
export const zEntryV2 = z.object({
  logIndex: zDecimal.default('0'),
  logId: z.object({ keyId: zBase64Text }),
  kindVersion: z.object({ kind: z.string().max(64), version: z.string().max(64) }),
  inclusionProof: z.object({
    logIndex: zDecimal.default('0'),
    rootHash: zBase64Text,
    treeSize: zDecimal,
    hashes: z.array(zBase64Text).max(64).default([]),
    checkpoint: z.object({ envelope: z.string().max(64 * 1024) }),
  }),
  canonicalizedBody: zBase64Text,
})

const zHex = z.string().regex(/^(?:[0-9a-f]{2})+$/)
const zIndex = z.number().int().min(0)

const zEntryV1 = z.object({
  body: zBase64Text,
  integratedTime: zIndex,
  logID: zHex,
  logIndex: zIndex,
  verification: z.object({
    signedEntryTimestamp: zBase64Text,
    inclusionProof: z.object({
      checkpoint: z.string().max(64 * 1024),
      hashes: z.array(zHex).max(64),
      logIndex: zIndex,
      rootHash: zHex,
      treeSize: zIndex,
    }),
  }),
})

/** What Rekor v1 answers: one entry under its name. */
export const zAnswerV1 = z
  .record(z.string().max(200), zEntryV1)
  .refine((entries) => Object.keys(entries).length === 1, 'one entry')
  .transform((entries) => Object.values(entries)[0])

const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64')

/** An entry of Rekor v1 in the form of bundles, promise and proof. */
export function fromV1(
  entry: z.output<typeof zEntryV1>,
  kind: string,
): LogEntry & {
  readonly integratedTime: string
  readonly inclusionPromise: { signedEntryTimestamp: string }
} {
  const { inclusionProof, signedEntryTimestamp } = entry.verification
  return {
    logIndex: String(entry.logIndex),
    logId: { keyId: base64(entry.logID) },
    kindVersion: { kind, version: '0.0.1' },
    integratedTime: String(entry.integratedTime),
    inclusionPromise: { signedEntryTimestamp },
    inclusionProof: {
      logIndex: String(inclusionProof.logIndex),
      rootHash: base64(inclusionProof.rootHash),
      treeSize: String(inclusionProof.treeSize),
      hashes: inclusionProof.hashes.map(base64),
      checkpoint: { envelope: inclusionProof.checkpoint },
    },
    canonicalizedBody: entry.body,
  }
}
