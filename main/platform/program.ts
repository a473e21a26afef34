import { spawn } from 'node:child_process'
import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { delimiter, dirname, isAbsolute, join } from 'node:path'
import { causeOf } from './failure.ts'

/** A program of the person's, run for one answer. */
export interface ProgramOrder {
  readonly path: string
  readonly words: readonly string[]
  readonly input: string
  /** All the variables that it is given. */
  readonly environment: NodeJS.ProcessEnv
  /** The most bytes of an answer. */
  readonly most: number
  /** Milliseconds that it has. */
  readonly patience: number
  readonly signal: AbortSignal
  /** Bytes of what it complains of that are kept; none unless said: a program that holds secrets may print them. */
  readonly complaints?: number
}

export interface Ran {
  /** `code 0`, or in words how else it ended. */
  readonly ended: string
  readonly output: Buffer
  /** The end of what it complained of, as far as that was asked for. */
  readonly complaint: string
}

/** Where programs of this name lie on the PATH, as absolute paths; a step of the PATH that is relative counts for nothing. */
export async function* programsOnPath(name: string, environment: NodeJS.ProcessEnv): AsyncGenerator<string> {
  const windows = process.platform === 'win32'
  const steps = (environment['PATH'] ?? environment['Path'] ?? '').split(delimiter).filter(isAbsolute)
  for (const step of new Set(steps)) {
    const path = join(step, windows ? `${name}.exe` : name)
    try {
      if (!(await stat(path)).isFile()) continue
      await access(path, constants.X_OK)
    } catch {
      continue
    }
    yield path
  }
}

/** The first of them. */
export async function findProgram(name: string, environment: NodeJS.ProcessEnv): Promise<string | null> {
  for await (const path of programsOnPath(name, environment)) return path
  return null
}

/** What every program needs of the variables of this computer, with a home of its own, and nothing of the person's. */
export function bareEnvironment(given: NodeJS.ProcessEnv, home: string): NodeJS.ProcessEnv {
  const needed = /^(systemroot|windir|comspec|pathext|temp|tmp)$/i
  const windows = Object.fromEntries(Object.entries(given).filter(([name]) => needed.test(name)))
  return { ...windows, LC_ALL: 'C', HOME: home }
}

/** Runs a program without a shell, with its own group, so that what it started ends with it. Never throws. */
export function runProgram(order: ProgramOrder): Promise<Ran> {
  const { path, words, input, environment, most, patience, signal, complaints = 0 } = order
  return new Promise((resolve) => {
    const child = spawn(path, [...words], {
      cwd: dirname(path),
      env: environment,
      detached: process.platform !== 'win32',
      shell: false,
      stdio: ['pipe', 'pipe', complaints > 0 ? 'pipe' : 'ignore'],
      windowsHide: true,
    })
    const pieces: Buffer[] = []
    let complaint = Buffer.alloc(0)
    let size = 0
    let { pid } = child
    // Once: afterwards the number may be somebody else's.
    const kill = (): void => {
      const group = pid
      pid = undefined
      if (group === undefined) return
      try {
        if (process.platform === 'win32') child.kill()
        else process.kill(-group, 'SIGKILL')
      } catch {
        // Nobody is left in it.
      }
    }
    const end = (ended: string): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      kill()
      child.stdout?.destroy()
      child.stderr?.destroy()
      resolve({ ended, output: Buffer.concat(pieces), complaint: complaint.toString('utf8') })
    }
    const stop = (): void => end('it was stopped')
    const timer = setTimeout(() => end(`no answer for ${patience / 1000} seconds`), patience)
    signal.addEventListener('abort', stop)
    if (signal.aborted) stop()
    child.on('error', (error) => end(`it cannot be run (${causeOf(error)})`))
    child.stderr?.on('data', (piece: Buffer) => {
      complaint = Buffer.concat([complaint, piece]).subarray(-complaints)
    })
    child.stdout?.on('data', (piece: Buffer) => {
      size += piece.length
      if (size > most) end(`more than ${most} bytes`)
      else pieces.push(piece)
    })
    child.on('close', (code, how) => end(how === null ? `code ${code ?? 'none'}` : `ended by ${how}`))
    // What it started may outlive it and hold its output open: that ends with it.
    child.on('exit', kill)
    // Who does not read what it is asked has ended, or will.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input)
  })
}
