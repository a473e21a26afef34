import { z } from 'zod'
import { zSize } from './schema.ts'

/* The drives of this computer, as a page shows them. Every text of theirs was chosen by whoever made or filled the drive. */

/** The most characters of a text that a drive says of itself. */
export const driveTextLength = 200

/** What a drive says of itself: cleaned, capped; `null` where it is not known. */
const zSaid = z.string().min(1).max(driveTextLength).nullable()

/** Why a drive may not be selected: it holds the system or what runs here, or it is more than a drive. */
export const driveBars = ['system', 'composite'] as const

/** Which drive it was, for records: what is printed on it or asked of it. */
export const zDriveName = z.strictObject({
  maker: zSaid,
  model: zSaid,
  serial: zSaid,
  /** The id of its file system. */
  volume: zSaid,
})
export type DriveName = z.infer<typeof zDriveName>

/** One file system that can be chosen, or a drive without one. A drive that holds the system is one entry. */
export const zDrive = zDriveName.extend({
  /** How this computer calls it: `/dev/sdb1`, `E:`, `disk4s1`. */
  device: z.string().min(1).max(driveTextLength),
  /** The whole drive that it is a part of. */
  disk: z.string().min(1).max(driveTextLength),
  bus: zSaid,
  /** Bytes. */
  size: zSize,
  fileSystem: zSaid,
  label: zSaid,
  readOnly: z.boolean(),
  /** Whether it is made to be taken out. */
  removable: z.boolean(),
  /** Where its files are seen now; to be shown, never a place. */
  mounted: z.array(z.string().max(4096)),
  /** How many partitions the whole drive has. */
  partitions: z.number().int().min(0),
  /** What else its USB device claims to be, as classes of USB in hex; `null` where nobody looked. */
  interfaces: z.array(z.string().max(20)).nullable(),
  barred: z.strictObject({ why: z.enum(driveBars), found: z.string().max(500) }).nullable(),
})
export type Drive = z.infer<typeof zDrive>

/** The drives that are seen now. */
export const zDrives = z.strictObject({
  drives: z.array(zDrive),
  /** Whether this way of asking was never tried on a real computer of this kind. */
  unproven: z.boolean(),
  /** Whether drives can be mounted and taken out from here. */
  handles: z.boolean(),
})
export type Drives = z.infer<typeof zDrives>

/** How far it is shown that a medium was out between its writing and its reading back, the most first. */
export const outLevels = ['seen-to-leave', 'remounted', 'not-shown'] as const
export type OutLevel = (typeof outLevels)[number]
