import { z } from 'zod'
import { zDriveName } from '../drives.ts'
import { zMediumLine } from '../media.ts'
import { zDigest, zHex64, zUuid } from '../schema.ts'
import { call, long, zPlace } from './call.ts'

const zWriting = z.strictObject({
  id: zUuid,
  to: zPlace,
  partSize: z.number().int().min(1).optional(),
  /** Bytes that each medium takes, where it is to lie on several. Only with the first: the plan is kept. */
  mediumSize: z.number().int().min(1).optional(),
  /** Which medium of the plan; else the first that has no writing that counts. */
  medium: z.number().int().min(1).max(999).optional(),
  /** Percent of recovery data beside the parts, by PAR2; the policy names the program. */
  parity: z.number().int().min(1).max(50).optional(),
  /** Lays it out anew, though media of the plan that is kept were written. */
  anew: z.boolean().optional(),
})

/** A medium of a plan, and what was written of it. */
const zPlanned = z.strictObject({
  number: z.number(),
  /** Bytes of its parts. */
  size: z.number(),
  parts: z.number(),
  /** Copies that were written and are not known to be wrong. */
  good: z.number(),
})

/** What the register of media says of the drive. */
const zRegistered = z.strictObject({
  medium: zMediumLine.pick({ label: true, state: true, kind: true, marking: true, tested: true }).nullable(),
  /** That it is in no register, and the policy warns of that. */
  unregistered: z.boolean(),
})

const zWritePlan = z.strictObject({
  /** Name of the folder that will be made on the medium. */
  folder: z.string(),
  /** Which one it is, of how many. */
  number: z.number(),
  of: z.number(),
  /** All media of it. */
  media: z.array(zPlanned),
  /** Percent of recovery data; `null`: none. */
  parity: z.number().nullable(),
  copy: z.number(),
  /** Bytes; `null` where the file system does not say. */
  free: z.number().nullable(),
  needed: z.number(),
  /** The largest file that the medium takes; `null`: no limit known. */
  largest: z.number().nullable(),
  /** The drive that it will lie on; `null` for a plain folder, or where it is not known. */
  drive: zDriveName.nullable(),
  register: zRegistered,
  parts: z.array(z.strictObject({ name: z.string(), size: z.number() })),
})

const zWritten = z.strictObject({
  id: zUuid,
  folder: z.string(),
  medium: z.strictObject({
    n: z.number(),
    of: z.number(),
    copy: z.number(),
    run: z.string(),
    digest: zDigest,
  }),
  parts: z.array(z.strictObject({ name: z.string(), size: z.number(), sha256: zHex64 })),
  /** How this computer calls the drive that it lies on, where that is known. */
  device: z.string().nullable(),
})

export const writeCalls = {
  /** What a writing would do: nothing is written. */
  'write.plan': call(zWriting, zWritePlan),
  'write.start': long(zWriting, zWritten),
} as const
