import { z } from 'zod'
import { zDigest, zSigningRole, zUuid } from '../schema.ts'
import { call, zSigner } from './call.ts'

export const approvalCalls = {
  /** A person's signature on the waybill. */
  'approval.sign': call(
    z.strictObject({ id: zUuid, role: zSigningRole, ...zSigner }),
    z.strictObject({
      id: zUuid,
      waybill: zDigest,
      signatures: z.array(z.strictObject({ person: z.string(), role: zSigningRole, at: z.string() })),
      missing: z.array(zSigningRole),
    }),
  ),
} as const
