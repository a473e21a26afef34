import { z } from 'zod'
import { zOpinion, zProven } from '../evidence.ts'
import { zReason } from '../reason.ts'
import { call, zPlace } from './call.ts'

const zArtifactDigest = z.string().regex(/^(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/)
/** How many operators, never how many entries. */
const zThreshold = z.number().int().min(0).max(16)

export const signatureCalls = {
  /** What a Sigstore bundle proves about an artifact. */
  'signature.check': call(
    z.strictObject({
      bundle: zPlace,
      artifact: z.union([z.strictObject({ place: zPlace }), z.strictObject({ digest: zArtifactDigest })]),
      signer: z.union([
        z.strictObject({ key: zPlace }),
        z.strictObject({ identity: z.string().min(1).max(4096), issuer: z.string().min(1).max(4096) }),
      ]),
      /** None: the root of the public instance that is built in. */
      roots: z.array(zPlace).max(16),
      logs: zThreshold,
      times: zThreshold,
      scts: zThreshold,
      predicateType: z.string().min(1).max(2048).optional(),
    }),
    z.strictObject({
      accepted: z.boolean(),
      reason: zReason.nullable(),
      proven: zProven.nullable(),
      /** Told, and never changes what was accepted; `null` when it was not. */
      opinion: zOpinion.nullable(),
    }),
  ),
} as const
