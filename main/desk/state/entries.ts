import { z } from 'zod'
import {
  zBase64,
  zDigest,
  zHex64,
  zName,
  zRole,
  zSigningRole,
  zKeptText,
  zTime,
} from '../../../shared/schema.ts'

/* What a desk's people, trust and peers consist of, as events record it. */

export const zPerson = z.strictObject({
  id: zName,
  name: zKeptText,
  roles: z.array(zRole).min(1).max(7),
  fingerprint: zHex64,
  key: zBase64,
  algorithm: z.string(),
})
export type Person = z.infer<typeof zPerson>

export const zTrustedSigner = z.strictObject({
  name: zKeptText,
  fingerprint: zHex64,
  key: zBase64,
  roles: z.array(zSigningRole).min(1).max(3),
  senders: z.array(zHex64).nullable(),
  channels: z.array(zName).nullable(),
})

/** What a trust package has proven of a root: from here the next package goes on, and no version falls. */
const zTuf = z.strictObject({
  /** The last root of the chain, as it was read. */
  root: z.string(),
  versions: z.strictObject({
    root: z.number().int().min(1),
    timestamp: z.number().int().min(1),
    snapshot: z.number().int().min(1),
    targets: z.number().int().min(1),
  }),
  /** Of the package. */
  package: zDigest,
  /** The time at which it was verified, and who says so: the officers who sign, or a timestamp authority. */
  reference: z.strictObject({ at: zTime, by: z.enum(['officers', 'timestamp']) }),
})
export type Tuf = z.infer<typeof zTuf>

/** A trusted root: authorities, logs and timestamp authorities of one Sigstore instance, as one file. */
export const zTrustedRoot = z.strictObject({
  name: zName,
  /** Of exactly the bytes in `source`. */
  digest: zDigest,
  source: z.string(),
  /** Where it came from. */
  origin: zKeptText,
  tuf: zTuf.nullable(),
})
export type InstalledRoot = z.infer<typeof zTrustedRoot>

/** Another desk, as its card and its paper say: the digest of its seal is typed, `null` while it is founding. */
export const zPeer = z.strictObject({
  id: zHex64,
  side: z.enum(['low', 'high']),
  name: zKeptText,
  seal: zDigest.nullable(),
})
export type Peer = z.infer<typeof zPeer>
