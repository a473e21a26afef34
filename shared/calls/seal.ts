import { z } from 'zod'
import { zUuid } from '../schema.ts'
import { long, zAccess, zLandingOpened, zLandingTarget, zSigner } from './call.ts'

export const sealCalls = {
  /**
   * Seals what landed at a registry before: by the landing key, or as one of those who accepted it. Seals of people land
   * once everybody who accepted it has signed.
   */
  'seal.start': long(
    z.strictObject({
      id: zUuid,
      target: zLandingTarget,
      ...zLandingOpened,
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
} as const
