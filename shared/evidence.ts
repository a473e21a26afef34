import { z } from 'zod'

/** Names of Fulcio's certificate extensions, arc 1.3.6.1.4.1.57264.1, by number (signing.md, 1.6). */
export const extensionNames: Readonly<Record<number, string>> = {
  1: 'issuer (old form)',
  2: 'trigger (old form)',
  3: 'commit (old form)',
  4: 'workflow (old form)',
  5: 'repository (old form)',
  6: 'ref (old form)',
  8: 'issuer',
  9: 'build signer',
  10: 'build signer digest',
  11: 'runner environment',
  12: 'source repository',
  13: 'source commit',
  14: 'source ref',
  15: 'source repository id',
  16: 'source owner',
  17: 'source owner id',
  18: 'build configuration',
  19: 'build configuration digest',
  20: 'build trigger',
  21: 'build run',
  22: 'repository visibility',
  23: 'deployment environment',
  24: 'token subject',
}

const zInstant = z.string()

/** Who signed: a key, or somebody for whom an authority made a certificate. Texts from outside are cleaned. */
export const zSignerProof = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('key'), fingerprint: z.string(), algorithm: z.string() }),
  z.strictObject({
    kind: z.literal('certificate'),
    /** SHA-256 of the certificate, hex. */
    fingerprint: z.string(),
    algorithm: z.string(),
    name: z.string(),
    issuer: z.string(),
    extensions: z.array(z.strictObject({ number: z.number(), name: z.string(), value: z.string() })),
    notBefore: zInstant,
    notAfter: zInstant,
    authority: z.string(),
    /** SHA-256 of the trust anchor, hex. */
    anchor: z.string(),
  }),
])

/** What a Sigstore bundle proved to the core, for people and for JSON. */
export const zProven = z.strictObject({
  mediaType: z.string(),
  signer: zSignerProof,
  /** The statement that was signed; `null` when the file itself was. */
  statement: z.strictObject({ predicateType: z.string(), subjects: z.number() }).nullable(),
  times: z.array(z.strictObject({ at: zInstant, by: z.string(), source: z.enum(['timestamp', 'log']) })),
  logs: z.array(z.strictObject({ log: z.string(), index: z.number(), kind: z.string() })),
  certificateLogs: z.array(z.strictObject({ log: z.string(), at: zInstant })),
  /** What was not asked for, or counted for nothing, in sentences. */
  notChecked: z.array(z.string()),
})
export type ProvenView = z.infer<typeof zProven>
