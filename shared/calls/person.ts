import { z } from 'zod'
import { zRole } from '../schema.ts'
import { zPersonView } from '../views.ts'
import { call, zPlace } from './call.ts'
import { zOfficer, zPending, zTouched } from './officer.ts'

export const personCalls = {
  'person.add': call(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      roles: z.array(zRole).min(1).max(7),
      key: zPlace,
      ...zOfficer,
    }),
    zPersonView.extend(zPending),
  ),
  /** Replaces a person's key; the old one is revoked. */
  'person.key': call(
    z.strictObject({ id: z.string(), key: zPlace, ...zOfficer }),
    zPersonView.extend({ ...zPending, ...zTouched }),
  ),
} as const
