import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { limits } from '../../platform/limits.ts'
import { bareEnvironment, runProgram, type Ran } from '../../platform/program.ts'

/** The programs of the system that know drives: found by absolute paths, never by the PATH. */
export interface DrivePrograms {
  /** The first of some paths at which a program lies. */
  at(paths: readonly string[]): Promise<string | null>
  /** Runs that one; `null` where there is none. @param patience milliseconds that it has */
  run(paths: readonly string[], words: readonly string[], patience: number): Promise<Ran | null>
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}

async function firstOf(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) if (await isProgram(path)) return path
  return null
}

/**
 * The programs of this computer, run with a bare environment and bounded output.
 *
 * @param environment the variables of this computer, of which only what Windows needs is handed on
 */
export function drivePrograms(environment: NodeJS.ProcessEnv): DrivePrograms {
  return {
    at: firstOf,
    run: async (paths, words, patience) => {
      const path = await firstOf(paths)
      if (path === null) return null
      return runProgram({
        path,
        words,
        input: '',
        environment: bareEnvironment(environment, tmpdir()),
        most: limits.driveListBytes,
        patience,
        // What was begun with a drive is brought to its end.
        signal: new AbortController().signal,
        complaints: limits.complaintBytes,
      })
    },
  }
}
