import { z } from 'zod'
import { driveTextLength, zDrives } from '../drives.ts'
import { call, zNothing, zPlace } from './call.ts'

const zDevice = z.strictObject({ device: z.string().min(1).max(driveTextLength) })

export const driveCalls = {
  /** The drives that are seen now. Asked once a second while a page shows them. */
  'drive.list': call(zNothing, zDrives),
  /** The place of a medium on a drive; mounts it where that is still to be done. */
  'drive.mount': call(zDevice, z.strictObject({ place: zPlace, label: z.string() })),
  'drive.unmount': call(zDevice, zDevice),
  /** Unmounts all of a drive and lets it go, so that it can be taken out. */
  'drive.eject': call(zDevice, zDevice),
} as const
