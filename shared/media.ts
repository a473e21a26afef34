import { z } from 'zod'
import { outLevels, zDriveName } from './drives.ts'
import { isMediumLabel, isSealNumber, mediumKinds, mediumStates, statedStates } from './rules/media.ts'
import { zSize, zTime, zUuid } from './schema.ts'

/* Media as the register tells them. */

export const zMediumLabel = z
  .string()
  .refine(isMediumLabel, 'a label of letters, digits and . _ - (at most 64), first a letter or digit')
export const zSealNumber = z
  .string()
  .refine(isSealNumber, 'the number of a seal: letters, digits and . _ / - (at most 64)')

/** How a medium was sanitised or destroyed (NIST SP 800-88, 4.8). */
export const zDisposition = z.strictObject({
  method: z.string(),
  /** With its version. */
  tool: z.string(),
  /** How it was seen that nothing is left. */
  verified: z.string(),
  place: z.string(),
})
export type Disposition = z.infer<typeof zDisposition>

/** What was typed of a seal. */
export const zSealSeen = z.strictObject({ sheet: zSealNumber, bag: zSealNumber, whole: z.boolean() })

/** What writing all of a medium and reading it back came to. */
export const zCapacity = z.strictObject({
  /** Bytes that the file system had free before. */
  free: zSize,
  written: zSize,
  /** Bytes that were read back as they were written. */
  right: zSize,
  /** Where the first wrong or unreadable byte was, counted from the first written; `null`: nowhere. */
  wrongAt: zSize.nullable(),
  /** What failed, in the system's words; `null`: nothing. */
  error: z.string().max(200).nullable(),
  /** How far it was seen out between writing and reading; `null`: it was read at once. */
  out: z.enum(outLevels).nullable(),
  passed: z.boolean(),
})
export type Capacity = z.infer<typeof zCapacity>

/** One thing that happened to a medium. */
export const zMediumEvent = z.strictObject({
  /** The number of its event in the ledger. */
  sequence: z.number(),
  at: zTime,
  /** Who; the station where nobody's key proved it. */
  by: z.array(z.string()),
  sentence: z.string(),
  /** The state that it left. */
  state: z.enum(mediumStates),
})
export type MediumEvent = z.infer<typeof zMediumEvent>

/** A medium of the register. */
export const zMediumLine = z.strictObject({
  label: zMediumLabel,
  /** As the drive says it of itself, or as it was typed; `null` where it has none. */
  serial: z.string().nullable(),
  kind: z.enum(mediumKinds),
  marking: z.string().nullable(),
  owner: z.string().nullable(),
  state: z.enum(mediumStates),
  /** The last capacity test passed; `null`: none was made. */
  tested: z.boolean().nullable(),
  /** Consignments that are or were on it since it was last sanitised, by transfer id. */
  holds: z.array(z.string()),
  last: zMediumEvent,
})
export type MediumLine = z.infer<typeof zMediumLine>

/** An act on the register that one person signed and another still has to. */
export const zWaitingAct = z.strictObject({
  number: z.number(),
  at: zTime,
  by: z.string(),
  sentence: z.string(),
})

/** What became of a medium that is used no more: when, why, by whom (names). */
export const zDisposed = zDisposition.extend({
  state: z.enum(['sanitised', 'destroyed']),
  at: zTime,
  reason: z.string(),
  by: z.array(z.string()),
})

/** A medium with everything that is known of it. */
export const zMediumView = zMediumLine.extend({
  /** What the drive said of itself when it was registered. */
  drive: zDriveName.nullable(),
  /** The drive's own capacity when it was registered, in bytes. */
  size: zSize.nullable(),
  capacity: zCapacity.extend({ at: zTime }).nullable(),
  /** That it was filled, and waits to be read. */
  filled: z.strictObject({ at: zTime, written: zSize }).nullable(),
  /** What was put on it and not opened since. */
  seal: z.string().nullable(),
  disposition: zDisposed.nullable(),
  next: z.array(z.enum(statedStates)),
  history: z.array(zMediumEvent),
})
export type MediumView = z.infer<typeof zMediumView>

/** Media that left, with what is known of each. */
export const zHandOver = z.strictObject({
  at: zTime,
  media: z.array(
    z.strictObject({
      /** The writing that it holds. */
      run: zUuid,
      copy: z.number(),
      label: zMediumLabel.nullable(),
      serial: z.string().nullable(),
      seal: zSealNumber,
    }),
  ),
  from: z.string(),
  to: z.string(),
  place: z.string().nullable(),
  purpose: z.string().nullable(),
  /** The last day on which it should have arrived. */
  expected: z.string().nullable(),
})

/** A day, as people write it: `2026-12-04`. */
export const zDay = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .refine((day) => {
    const time = new Date(`${day}T00:00:00Z`)
    return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(day)
  }, 'an existing day such as 2026-12-04')

/** Something that arrived, with what was typed of its seal. */
export const zArrival = z.strictObject({
  sequence: z.number(),
  at: zTime,
  transfer: z.string().nullable(),
  label: zMediumLabel.nullable(),
  seal: zSealSeen,
  fits: z.boolean(),
  from: z.string().nullable(),
  place: z.string().nullable(),
  /** The security officer who cleared a difference with it. */
  by: z.string().nullable(),
})
