import { z } from 'zod'
import { kitEngines } from '../landing.ts'
import { zHex64, zUuid } from '../schema.ts'
import { call, zLandingOpened, zLandingTarget, zPlace } from './call.ts'

export const kitCalls = {
  /** Ready files for the engines of the far side, in a new folder, signed by the landing key. */
  'kit.make': call(
    z.strictObject({
      id: zUuid,
      target: zLandingTarget,
      place: zPlace,
      /** All of them where none is named. */
      engines: z.array(z.enum(kitEngines)).max(kitEngines.length),
      trust: z.enum(['landing', 'signers']),
      ...zLandingOpened,
    }),
    z.strictObject({
      engines: z.array(z.enum(kitEngines)),
      files: z.number(),
      /** How many rules each engine cannot hold. */
      notExpressed: z.array(z.strictObject({ engine: z.enum(kitEngines), rules: z.number() })),
      /** Fingerprints of the keys that the files trust; none where they trust the original signers. */
      keys: z.array(zHex64),
      folder: z.string(),
    }),
  ),
} as const
