import { z } from 'zod'
import { zHex64, zSigningRole } from '../schema.ts'
import { zSignerView } from '../views.ts'
import { call, zPlace } from './call.ts'
import { zOfficer, zPending, zTouched } from './officer.ts'

export const trustCalls = {
  /** Trusts a signer of the other side. */
  'trust.add': call(
    z.strictObject({
      key: zPlace,
      name: z.string(),
      roles: z.array(zSigningRole).min(1).max(3),
      sender: zHex64.optional(),
      channel: z.string().optional(),
      /** As typed from paper: 64 hex digits or 16 words. */
      fingerprint: z.string().max(1000),
      ...zOfficer,
    }),
    zSignerView.extend(zPending),
  ),
  /** A key of a signer or of a person here, or a trusted root, never counts again. */
  'trust.revoke': call(
    z.strictObject({ fingerprint: z.string().max(1000), reason: z.string(), ...zOfficer }),
    z.strictObject({ fingerprint: zHex64, name: z.string(), reason: z.string(), ...zPending, ...zTouched }),
  ),
} as const
