import { z } from 'zod'
import { zArrival, zCapacity, zDisposed, zHandOver, zMediumLabel } from '../../shared/media.ts'
import { mediumKinds, mediumStates } from '../../shared/rules/media.ts'
import { zSize, zTime, zUuid } from '../../shared/schema.ts'

/** What the register of a desk says of one medium. */
const zRegisteredMedium = z.strictObject({
  label: zMediumLabel,
  serial: z.string().nullable(),
  kind: z.enum(mediumKinds),
  marking: z.string().nullable(),
  owner: z.string().nullable(),
  state: z.enum(mediumStates),
  /** As the drive says it of itself, in bytes. */
  size: zSize.nullable(),
  /** The last capacity test. */
  capacity: zCapacity.extend({ at: zTime }).nullable(),
  disposition: zDisposed.nullable(),
})
export type RegisteredMedium = z.infer<typeof zRegisteredMedium>

/** The media of a crossing at one desk: what they are, hand-overs and arrivals, and how long this is kept. */
export const zRecordedCustody = z.strictObject({
  /** Media of the register that carried this crossing, by label. */
  register: z.array(zRegisteredMedium),
  /** Each writing: when it began and ended, and the account that this station says it ran under, as claimed. */
  writings: z.array(
    z.strictObject({ run: zUuid, began: zTime.nullable(), ended: zTime, account: z.string().nullable() }),
  ),
  handed: z.array(zHandOver),
  arrivals: z.array(zArrival),
  /** The written procedure that the policy names; `null`: none. */
  procedure: z.string().nullable(),
  /** Until when the policy lets this record be kept: counted from the newest event of the crossing. */
  retainUntil: z.string().nullable(),
})
export type RecordedCustody = z.infer<typeof zRecordedCustody>
