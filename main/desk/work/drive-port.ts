import type { DriveSystem } from '../../media/drives/found.ts'
import { programEnvironment } from './environment.ts'

/** The drives of this computer, for a session. What asks for them is read when somebody does. */
export async function drivesHere(): Promise<DriveSystem> {
  const { systemDrives } = await import('../../media/drives/system.ts')
  return systemDrives(programEnvironment())
}
