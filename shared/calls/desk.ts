import { z } from 'zod'
import { zDigest, zHex64 } from '../schema.ts'
import { zDeskView, zFingerprint } from '../views.ts'
import { call, zNothing, zPlace, zSigner } from './call.ts'
import { zOfficer, zPending } from './officer.ts'

const zHead = z.strictObject({ size: z.number(), root: zHex64 })

export const deskCalls = {
  'desk.create': call(
    z.strictObject({
      place: zPlace,
      side: z.enum(['low', 'high']),
      name: z.string(),
      marking: z.string().optional(),
    }),
    z.strictObject({ id: zHex64, side: z.enum(['low', 'high']), name: z.string(), station: zFingerprint }),
  ),
  'desk.open': call(z.strictObject({ place: zPlace, mode: z.enum(['read', 'write']) }), zDeskView),
  'desk.close': call(zNothing, zNothing),
  'desk.show': call(zNothing, zDeskView),
  /** One officer's signature on the seal of this desk; the second one's seals it. */
  'desk.seal': call(
    z.strictObject(zSigner),
    z.strictObject({ sealed: z.boolean(), seal: zDigest, words: z.array(z.string()), ...zPending }),
  ),
  /**
   * Lifts the lock of a holder that is gone, but on another computer or where nobody can tell. What it was and why goes on
   * the record.
   */
  'desk.unlock': call(
    z.strictObject({ place: zPlace, reason: z.string() }),
    z.strictObject({ recovered: z.array(z.string()) }),
  ),
  /** Two officers record that this desk was put back: the head that was known of it, and the one that it has. */
  'desk.restored': call(z.strictObject(zOfficer), z.strictObject({ kept: zHead, found: zHead, ...zPending })),
} as const
