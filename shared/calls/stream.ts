import { z } from 'zod'
import { heldRows } from '../rules/stream-memory.ts'
import { zDigest, zHex64, zUuid } from '../schema.ts'
import { call } from './call.ts'
import { zOfficer, zPending, zTouched } from './officer.ts'

const zNumber = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER)
const changed = { ...zPending, ...zTouched }

/** What two officers state of a stream whose memory was lost: from label, sheet, report or receipt. */
export const zRecovery = z.strictObject({
  epoch: zNumber,
  /** The last accepted number and its waybill; `null` where none was. */
  accepted: z.strictObject({ sequence: zNumber, digest: zDigest }).nullable(),
  rejected: z.array(zDigest).max(1000),
})

/** A second officer asks for the same and so signs it; `change.sign` does that as well. */
export const streamCalls = {
  /** Releases the hold of the order on a consignment: of the row that holds it now, and what that rests on. */
  'stream.release': call(
    z.strictObject({ id: zUuid, recovery: zRecovery.optional(), ...zOfficer }),
    z.strictObject({ id: zUuid, row: z.enum(heldRows), ...changed }),
  ),
  /** Raises the epoch of a channel, on either side. */
  'stream.epoch': call(
    z.strictObject({ channel: z.string(), to: zNumber, ...zOfficer }),
    z.strictObject({ channel: z.string(), to: zNumber, ...changed }),
  ),
  /** Moves a channel to another sender. */
  'stream.move': call(
    z.strictObject({ channel: z.string(), to: zHex64, ...zOfficer }),
    z.strictObject({ channel: z.string(), to: zHex64, ...changed }),
  ),
} as const
