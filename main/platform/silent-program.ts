import { existsSync } from 'node:fs'
import { bareEnvironment, runProgram, type ProgramOrder, type Ran } from './program.ts'

/** What gives a program a network of its own, in which nothing is. */
const unshare = '/usr/bin/unshare'
const alone = ['--user', '--map-root-user', '--net', '--']

/** What a program ended with, and whether it had no way out while it ran. */
export interface RanSilently extends Ran {
  /** `false`: this system has no such thing, or does not give it to this account; nothing is known of its silence. */
  readonly silent: boolean
}

async function maySilence(signal: AbortSignal, home: string): Promise<boolean> {
  if (process.platform !== 'linux' || !existsSync(unshare)) return false
  const { ended } = await runProgram({
    path: unshare,
    words: [...alone, '/bin/true'],
    input: '',
    environment: bareEnvironment({}, home),
    most: 1024,
    patience: 10_000,
    signal,
  })
  return ended === 'code 0'
}

/** Runs a program without a network where the system can take it away, and says whether it could. Never throws. */
export async function runSilently(order: ProgramOrder, home: string): Promise<RanSilently> {
  const silent = await maySilence(order.signal, home)
  const { path, words } = order
  const ran = await runProgram(
    silent ? { ...order, path: unshare, words: [...alone, path, ...words] } : order,
  )
  return { ...ran, silent }
}
