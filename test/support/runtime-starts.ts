import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findRuntime } from '../../build/runtime/runtime.ts'

/** What the loader says of a program whose shared libraries are not all there; no other failure is excused by it. */
const lacks = /error while loading shared libraries: (\S+):/

// Where no Electron can be had nothing of it can be tested; where everything is to be tested, that is a failure.
async function runtimeFolder(): Promise<string | null> {
  try {
    return (await findRuntime()).folder
  } catch (error) {
    if (process.env.CI !== undefined) throw error
    return null
  }
}

async function missingLibrary(): Promise<string | null> {
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' }
  const folder = await runtimeFolder()
  if (folder === null) return 'Electron itself'
  const program = join(folder, 'electron')
  const { status, stderr } = spawnSync(program, ['--version'], { env, encoding: 'utf8' })
  return status === 127 ? (lacks.exec(stderr)?.[1] ?? null) : null
}

/** Whether Electron finds its shared libraries on this computer. One that fails in any other way is a failing test. */
export const canStartElectron = process.platform === 'linux' && (await missingLibrary()) === null

/** Whether this computer has what the app needs to be seen: X server, and what Electron is linked with. */
export const canShowElectron = canStartElectron && existsSync('/usr/bin/Xvfb')
