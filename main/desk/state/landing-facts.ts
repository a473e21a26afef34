import { z } from 'zod'
import { kitEngines } from '../../../shared/landing.ts'
import { zDigest, zHex64, zKeptText, zName, zRole, zSize, zTime, zUuid } from '../../../shared/schema.ts'

/* The facts of events about the landing: what was sealed for the far side, by whom, and what was made for its engines. */

const about = { consignment: zUuid, waybill: zDigest }
const zTarget = z.string().max(4096)
/** Digest over the names and digests of everything that is sealed, and how many manifests they are. */
const zSealing = { target: zTarget, seals: zDigest, count: zSize }

export const landingFacts = {
  /** Somebody who accepted it has signed the seals for a target; they land once all who accepted it have. */
  'landing.signed': z.strictObject({
    ...about,
    verdict: zDigest,
    ...zSealing,
    person: zName,
    name: zKeptText,
    roles: z.array(zRole),
    at: zTime,
  }),
  /** Seals lie at a target and were read again there. */
  'landing.sealed': z.strictObject({
    ...about,
    ...zSealing,
    by: z.enum(['station', 'deciders']),
    /** Fingerprints of the keys that signed. */
    keys: z.array(zHex64).min(1).max(8),
  }),
  /** A signed list of what the site admits was made. */
  'landing.listed': z.strictObject({
    sequence: z.number().int().min(1),
    expires: zTime,
    list: zDigest,
    digests: zSize,
    key: zHex64,
  }),
  /** Failed summaries were made of the causes of a rejection. */
  'landing.failed': z.strictObject({ ...about, causes: z.array(zDigest).min(1), key: zHex64 }),
  /** Files for the engines of the far side were made; `kit` is the digest of the list of them that was signed. */
  'landing.kit': z.strictObject({
    ...about,
    target: zTarget,
    engines: z.array(z.enum(kitEngines)).min(1),
    trust: z.enum(['landing', 'signers']),
    kit: zDigest,
    key: zHex64,
  }),
} as const
