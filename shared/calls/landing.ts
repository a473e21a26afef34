import { z } from 'zod'
import { zDigest, zTime, zUuid } from '../schema.ts'
import { zFingerprint } from '../views.ts'
import { call, long, zAccess, zNothing, zPlace, zSecret, zSigner } from './call.ts'
import { zOfficer, zPending } from './officer.ts'

/** A registry, and the path in it before every name. */
const zTarget = z.strictObject({ host: z.string().max(300), prefix: z.string().max(200) })

/** The landing key in force; its private half lies in the desk’s folder. */
const zLandingKey = z.strictObject({
  fingerprint: zFingerprint,
  /** Whether its file has a passphrase. */
  locked: z.boolean(),
  at: zTime,
  /** Names of the officers who put it in force; nobody’s while the desk was founding. */
  by: z.array(z.string()),
})

/** The passphrase of the landing key, where it has one. */
const zOpened = { passphrase: zSecret.optional() }

export const landingCalls = {
  /** Makes a landing key in the desk’s folder; on a sealed desk two officers put it in force. */
  'landing.create': call(
    z.strictObject({
      passphrase: zSecret.optional(),
      /** On a sealed desk: that it shall have no passphrase, which both officers sign. */
      unlocked: z.boolean().optional(),
      ...zOfficer,
    }),
    z.strictObject({ fingerprint: zFingerprint, locked: z.boolean(), ...zPending }),
  ),
  'landing.show': call(
    zNothing,
    z.strictObject({
      key: zLandingKey.nullable(),
      /** Who seals, by the policy in force. */
      signers: z.enum(['station', 'deciders']),
      listed: z
        .strictObject({ sequence: z.number(), expires: zTime, digests: z.number(), at: zTime })
        .nullable(),
    }),
  ),
  /** Saves the public half (PEM); never over something that is there. */
  'landing.save': call(z.strictObject({ place: zPlace }), z.strictObject({ file: z.string() })),
  /**
   * Seals what landed at a registry before: by the landing key, or as one of those who accepted it. Seals of people land
   * once everybody who accepted it has signed.
   */
  'landing.seal': long(
    z.strictObject({
      id: zUuid,
      target: zTarget,
      ...zOpened,
      signer: z.strictObject(zSigner).optional(),
      ...zAccess,
    }),
    z.strictObject({
      id: zUuid,
      target: z.string(),
      by: z.enum(['station', 'deciders']),
      /** Manifests that the seals are about. */
      count: z.number(),
      /** Names of those who still have to sign before anything lands; none once it lies there. */
      missing: z.array(z.string()),
      /** How many things were found again as readers look for them. */
      found: z.number(),
    }),
  ),
  /** One signed list of everything that this site admits. */
  'landing.list': call(
    z.strictObject({ place: zPlace, ...zOpened }),
    z.strictObject({
      sequence: z.number(),
      expires: zTime,
      digests: z.number(),
      /** Names of consignments whose content is not on it, and why. */
      left: z.array(z.string()),
      file: z.string(),
    }),
  ),
  /** Failed summaries of what both people named as the cause of a rejection, as files in a new folder. */
  'landing.failed': call(
    z.strictObject({ id: zUuid, place: zPlace, ...zOpened }),
    z.strictObject({ causes: z.array(zDigest), files: z.array(z.string()) }),
  ),
} as const
