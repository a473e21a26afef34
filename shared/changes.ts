import { z } from 'zod'
import { zDigest, zHex64, zTime } from './schema.ts'

/** Who did something to a change. */
const zBy = z.strictObject({ person: z.string(), name: z.string(), at: zTime })

/** A change that officers propose and sign. `stale`: the state it starts from is no longer in force. */
export const zChangeView = z.strictObject({
  number: z.number(),
  version: z.number(),
  kind: z.string(),
  /** What it does, as a plain sentence. */
  sentence: z.string(),
  /** What it changes of the policy in force, rule by rule, while it waits; empty for other changes. */
  details: z.array(z.string()).default([]),
  /** Digest of the state it starts from. */
  before: zDigest,
  digest: zDigest,
  state: z.enum(['pending', 'stale', 'in-force', 'withdrawn']),
  proposed: zBy,
  signed: zBy.nullable(),
  withdrawn: zBy.nullable(),
  /** Ids of the officers who may sign it now. */
  may: z.array(z.string()),
  /** Everything it says, as it is signed: canonical JSON. */
  text: z.string(),
})
export type ChangeView = z.infer<typeof zChangeView>

/** A key or root that no longer counts. */
export const zRevokedView = z.strictObject({
  fingerprint: zHex64,
  name: z.string(),
  at: zTime,
  reason: z.string(),
})
export type RevokedView = z.infer<typeof zRevokedView>

/** One key or certificate inside a trusted root. */
export const zAuthorityView = z.strictObject({
  kind: z.enum(['certificate authority', 'log', 'certificate log', 'timestamp authority']),
  /** As the root says; nothing is derived from it. */
  name: z.string(),
  /** SHA-256 of the certificate or of the key (SPKI, DER). */
  fingerprint: zHex64,
  from: z.string().nullable(),
  to: z.string().nullable(),
})
export type AuthorityView = z.infer<typeof zAuthorityView>

/** A trusted root as it was installed. */
export const zRootView = z.strictObject({
  name: z.string(),
  digest: zDigest,
  words: z.array(z.string()),
  /** Where it came from, as recorded when it was installed. */
  origin: z.string(),
  at: zTime.nullable(),
  /** Names of the officers; empty where one person did it while the desk was founding. */
  by: z.array(z.string()),
  authorities: z.array(zAuthorityView),
  /** What it names that this program cannot use, and why. It counts for nothing. */
  unusable: z.array(z.string()),
})
export type RootView = z.infer<typeof zRootView>

export const zPeerView = z.strictObject({
  id: zHex64,
  side: z.enum(['low', 'high']),
  name: z.string(),
  seal: zDigest.nullable(),
})

/** What sealed a desk: compared at pairing, printed on every report. */
export const zSealView = z.strictObject({
  digest: zDigest,
  words: z.array(z.string()),
  at: zTime,
  officers: z.array(z.strictObject({ id: z.string(), name: z.string(), fingerprint: zHex64 })),
})
