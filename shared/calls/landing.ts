import { z } from 'zod'
import { zFingerprint } from '../views.ts'
import { zTime } from '../schema.ts'
import { call, zNothing, zPlace, zSecret } from './call.ts'
import { zOfficer, zPending } from './officer.ts'

/** The landing key in force; its private half lies in the desk’s folder. */
const zLandingKey = z.strictObject({
  fingerprint: zFingerprint,
  /** Whether its file has a passphrase. */
  locked: z.boolean(),
  at: zTime,
  /** Names of the officers who put it in force; nobody’s while the desk was founding. */
  by: z.array(z.string()),
})

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
} as const
