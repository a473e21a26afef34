import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'

export const cli = join(import.meta.dirname, '..', '..', 'out', 'main', 'cli.cjs')

export interface Measured {
  readonly seconds: number
  /** Highest resident memory of the process, in MB; of it alone, not of its children. */
  readonly peak: number
  /** Seconds of the processor in its own code, of all its threads. */
  readonly user: number
  readonly code: number
  readonly stdout: string
}

function peakOf(pid: number): number {
  try {
    const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return Number(line?.[1] ?? 0) / 1000
  } catch {
    return 0
  }
}

/** Ticks of the clock by which Linux counts the time of processes; the same on every machine that matters. */
const ticksASecond = 100

function userOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // Behind the name in brackets, which may hold anything: state is the first, user time the twelfth.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[11]) / ticksASecond
  } catch {
    return 0
  }
}

/** Runs a program as a whole process and measures it from outside. */
export function measure(program: string, words: readonly string[]): Promise<Measured> {
  const start = performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'ignore'] })
    let stdout = ''
    let peak = 0
    let user = 0
    const timer = setInterval(() => {
      peak = Math.max(peak, peakOf(child.pid ?? 0))
      user = Math.max(user, userOf(child.pid ?? 0))
    }, 20)
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')))
    child.on('error', reject)
    child.on('close', (code) => {
      clearInterval(timer)
      resolve({ seconds: (performance.now() - start) / 1000, peak, user, code: code ?? 1, stdout })
    })
  })
}

/** The built command line, measured. */
export function sallyport(...words: string[]): Promise<Measured> {
  return measure(process.execPath, [cli, ...words, '--json'])
}

/** Runs it and insists on an exit code. */
export async function must(
  exit: number,
  ...words: string[]
): Promise<Measured & { value: Record<string, string> }> {
  const done = await sallyport(...words)
  if (done.code !== exit)
    throw new Error(`sallyport ${words.join(' ')} → ${done.code}: ${done.stdout.slice(0, 500)}`)
  return { ...done, value: JSON.parse(done.stdout) as Record<string, string> }
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

/** One line of the bench's result. */
export function line(name: string, text: string): void {
  console.log(`${name.padEnd(34)} ${text}`)
}
