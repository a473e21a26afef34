import { z } from 'zod'
import { zDigest } from '../schema.ts'
import { call } from './call.ts'
import { zOfficer, zPending } from './officer.ts'

export const causeCalls = {
  /** Content that was named as a cause of rejection is no longer one. */
  'cause.lift': call(
    z.strictObject({ digest: zDigest, ...zOfficer }),
    z.strictObject({ digest: zDigest, ...zPending }),
  ),
} as const
