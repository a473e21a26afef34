import { Failure } from '../../platform/failure.ts'
import type { DriveSystem } from './found.ts'
import { linuxDrives } from './linux.ts'
import { macDrives } from './mac.ts'
import { drivePrograms } from './programs.ts'
import { windowsDrives } from './windows.ts'

const none: DriveSystem = {
  unproven: true,
  handles: async () => false,
  list: async () => {
    throw new Failure('drives-unreadable', {
      found: `drives of ${process.platform} are not known here`,
      expected: 'Linux, Windows or macOS',
    })
  },
  mount: async () => {
    throw new Failure('drive-by-hand', { what: 'mount', expected: 'a system that is known' })
  },
  unmount: async () => {
    throw new Failure('drive-by-hand', { what: 'unmount', expected: 'a system that is known' })
  },
  release: async () => {
    throw new Failure('drive-by-hand', { what: 'eject', expected: 'a system that is known' })
  },
}

/** The drives of the computer that this runs on. @param environment the variables of this computer */
export function systemDrives(environment: NodeJS.ProcessEnv): DriveSystem {
  const programs = drivePrograms(environment)
  if (process.platform === 'linux') return linuxDrives(programs)
  if (process.platform === 'win32') return windowsDrives(programs)
  return process.platform === 'darwin' ? macDrives(programs) : none
}
