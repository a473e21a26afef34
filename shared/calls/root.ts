import { z } from 'zod'
import { zRootView } from '../changes.ts'
import { zFingerprint } from '../views.ts'
import { call, zPlace } from './call.ts'
import { zOfficer, zPending } from './officer.ts'

export const rootCalls = {
  /** What a file of trusted roots holds, each root with the fingerprint that it is installed by. Needs no desk. */
  'root.show': call(
    z.strictObject({ place: zPlace }),
    z.strictObject({
      roots: z.array(
        zRootView.pick({ authorities: true, unusable: true }).extend({ fingerprint: zFingerprint }),
      ),
    }),
  ),
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
