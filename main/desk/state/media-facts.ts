import { z } from 'zod'
import { zDriveName } from '../../../shared/drives.ts'
import { zCapacity, zDay, zMediumLabel, zSealSeen, zSealNumber } from '../../../shared/media.ts'
import { mediumKinds, statedStates } from '../../../shared/rules/media.ts'
import { zDigest, zHex64, zKeptText, zName, zRole, zSize, zTime, zUuid } from '../../../shared/schema.ts'

/* The facts of events about media. What state a medium is in is none of them: it follows from all (`register.ts`). */

const zSaid = z.string().min(1).max(200)
const zKept = zKeptText.nullable()

const zRegistering = {
  label: zMediumLabel,
  serial: zSaid.nullable(),
  kind: z.enum(mediumKinds),
  marking: zKept,
  owner: zKept,
  /** What the drive said of itself; `null` where it was not there. */
  drive: zDriveName.nullable(),
  size: zSize.nullable(),
}

const zStating = {
  label: zMediumLabel,
  state: z.enum(statedStates),
  reason: zKeptText,
  disposition: z
    .strictObject({ method: zKeptText, tool: zKeptText, verified: zKeptText, place: zKeptText })
    .nullable(),
}

const zArriving = {
  /** The transfer id on label and sheet; `null` where a medium comes back without a bundle that matters. */
  transfer: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .nullable(),
  label: zMediumLabel.nullable(),
  seal: zSealSeen,
  from: zKept,
  place: zKept,
}

/** An act on the register as people sign it. */
export const zMediaAct = z.discriminatedUnion('deed', [
  z.strictObject({ deed: z.literal('register'), ...zRegistering }),
  z.strictObject({ deed: z.literal('state'), ...zStating }),
  z.strictObject({ deed: z.literal('arrival'), ...zArriving }),
])
export type MediaAct = z.infer<typeof zMediaAct>
/** One that changes what the register says of a medium. */
export type RegisterAct = Exclude<MediaAct, { deed: 'arrival' }>

/** Whose key signed it; `null` where the policy asked for nobody's. */
const zBy = z.strictObject({ person: zName, name: zKeptText, roles: z.array(zRole), at: zTime })
export type SignedBy = z.infer<typeof zBy>
/** People that the policy asked for at that time. */
const zPeople = z.number().int().min(0).max(2)

export const mediaFacts = {
  'media.registered': z.strictObject({ ...zRegistering, people: zPeople, by: zBy.nullable() }),
  /** That a medium is in another state now, as somebody says. */
  'media.changed': z.strictObject({ ...zStating, people: zPeople, by: zBy.nullable() }),
  /** The second half of an act that waited, by the number of its event. */
  'media.signed': z.strictObject({
    number: z.number().int().min(1),
    act: zMediaAct,
    /** Whose first half it completes: a person of this desk with this key. */
    first: z.strictObject({ person: zName, fingerprint: zHex64 }),
    by: zBy,
  }),
  /** The first half of a capacity test: what was written, and the key that it is made of. */
  'media.filled': z.strictObject({
    label: zMediumLabel,
    serial: zSaid.nullable(),
    folder: z.string().regex(/^sallyport-test-[0-9a-f]{16}$/),
    key: zHex64,
    free: zSize,
    written: zSize,
    error: z.string().max(200).nullable(),
  }),
  'media.tested': z.strictObject({ label: zMediumLabel, serial: zSaid.nullable(), ...zCapacity.shape }),
  /** Media that left, each with its seal. */
  'media.handed': z.strictObject({
    consignment: zUuid,
    waybill: zDigest,
    media: z
      .array(z.strictObject({ run: zUuid, label: zMediumLabel.nullable(), seal: zSealNumber }))
      .min(1)
      .max(1000),
    from: zKeptText,
    to: zKeptText,
    place: zKept,
    purpose: zKept,
    expected: zDay.nullable(),
  }),
  /** Something that arrived, with what was typed of its seal. Signed where a security officer clears a difference. */
  'media.arrived': z.strictObject({ ...zArriving, by: zBy.nullable() }),
} as const
