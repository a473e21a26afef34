import { join } from 'node:path'
import { defaultSettings, zSettings } from '../../shared/settings.ts'
import type { SettingsPort } from '../desk/work/context.ts'
import { makeFolder, readCapped, writeRecord } from '../platform/files.ts'
import { canonical, parseStrict } from '../platform/json.ts'
import { limits } from '../platform/limits.ts'

/**
 * The `settings` port of a session: one file in the account's folder of the app. It decides only how the window looks,
 * so a file that is not exactly ours is passed over, never an error.
 */
export function keptSettings(folder: string): SettingsPort {
  const file = join(folder, 'settings.json')
  return {
    read: async () => {
      try {
        return zSettings.parse(parseStrict(await readCapped(file, limits.settingsBytes)))
      } catch {
        return defaultSettings
      }
    },
    write: async (settings) => {
      await makeFolder(folder)
      await writeRecord(file, canonical(settings))
    },
  }
}
