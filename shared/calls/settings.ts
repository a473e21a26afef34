import { z } from 'zod'
import { zSettings } from '../settings.ts'
import { call, zNothing } from './call.ts'

export const settingsCalls = {
  /** How the window looks, and which version of the app this is. */
  'settings.show': call(zNothing, z.strictObject({ settings: zSettings, version: z.string() })),
  'settings.set': call(z.strictObject({ settings: zSettings }), zNothing),
} as const
