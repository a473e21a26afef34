import { z } from 'zod'
import { zRootView } from '../changes.ts'
import { call, zPlace } from './call.ts'
import { zOfficer, zPending } from './officer.ts'

export const rootCalls = {
  /** Only with the whole fingerprint of the file, typed from paper. */
  'root.add': call(
    z.strictObject({
      /** `null`: the copy of the public instance's root that is built in. */
      place: zPlace.nullable(),
      name: z.string(),
      fingerprint: z.string().max(1000),
      ...zOfficer,
    }),
    zRootView.extend(zPending),
  ),
} as const
