import { z } from 'zod'
import { zPolicy } from '../policy.ts'
import { zDigest } from '../schema.ts'
import { call, zPlace } from './call.ts'
import { zOfficer, zPending } from './officer.ts'

const zPolicyPreview = z.strictObject({
  version: z.number(),
  digest: zDigest,
  source: z.string(),
  document: zPolicy,
})

export const policyCalls = {
  /** What a policy file says, before it is put in force. */
  'policy.preview': call(z.strictObject({ place: zPlace }), zPolicyPreview),
  'policy.set': call(
    z.strictObject({ place: zPlace, ...zOfficer }),
    z.strictObject({ version: z.number(), digest: zDigest, ...zPending }),
  ),
} as const
