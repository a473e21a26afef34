import { z } from 'zod'
import { zTime } from '../schema.ts'
import { call } from './call.ts'
import { zOfficer, zPending } from './officer.ts'

export const timeCalls = {
  /** Sets what a desk takes for the earliest possible time; `null`: nothing is taken for proven. */
  'time.floor': call(
    z.strictObject({ at: zTime.nullable(), ...zOfficer }),
    z.strictObject({ at: zTime.nullable(), ...zPending }),
  ),
} as const
