import { spawn } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { cp, lstat, mkdir, readFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { buildFile } from '../support/build-file.ts'
import { done, sallyport, testClock } from '../support/command-line.ts'
import { makeCrossing, release, signing, writeFiles, writeRequest, type Crossing } from '../support/desks.ts'
import { line } from './measure.ts'

/** What became of processes killed at random moments; `lost` says what did not recover. */
export interface Crashes {
  readonly runs: number
  /** Killed while they were at work; the others had ended before. */
  readonly killed: number
  /** Left something to finish, discard or take over, and said so. */
  readonly interrupted: number
  readonly recovered: number
  readonly lost: readonly string[]
}

/** An act that is killed, and how it is seen afterwards that nothing is lost and nothing looks whole that is not. */
interface Act {
  readonly name: string
  /** The desk in the state before the act. */
  readonly desk: string
  words(desk: string, target: string): string[]
  /** Runs the act again on the desk after the crash; throws when it cannot. */
  again(desk: string, target: string): Promise<void>
}

function must(condition: boolean, what: string): void {
  if (!condition) throw new Error(what)
}
const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  )

async function makeActs(crossing: Crossing): Promise<Act[]> {
  const { folder, low, high, clock } = crossing
  const keep = async (desk: string, name: string): Promise<string> => {
    const copy = join(folder, `before-${name}`)
    await cp(desk, copy, { recursive: true })
    return copy
  }
  const large = { 'large.bin': randomBytes(24_000_000), 'small.txt': 'small\n' }
  const items = await writeFiles(crossing, large)
  const request = await writeRequest(crossing, items)
  const collect = await keep(low, 'collect')
  const id = await release(crossing, request)
  const write = await keep(low, 'write')
  const medium = join(folder, 'medium')
  await mkdir(medium)
  await done(['write', id, '--desk', low, '--to', medium], clock)
  const verify = await keep(high, 'verify')
  const arrived = await done(['verify', medium, '--desk', high], clock)
  const half = ['decide', arrived.id, '--accept', '--desk']
  await done([...half, high, ...signing(crossing, 'dave')], clock)
  const decide = await keep(high, 'decide')
  await done([...half, high, ...signing(crossing, 'erin')], clock)
  const exporting = await keep(high, 'export')
  const stateOf = async (desk: string): Promise<string> =>
    (await done(['consignment', 'show', arrived.id, '--desk', desk], clock)).state
  const checkExported = async (out: string): Promise<void> => {
    must(
      (await readFile(join(out, 'files', 'large.bin'))).equals(large['large.bin']),
      'the export is not whole',
    )
  }
  return [
    {
      name: 'collect',
      desk: collect,
      words: (desk) => ['collect', request, '--desk', desk],
      again: async (desk) => must((await done(['collect', request, '--desk', desk], clock)).ok, 'no id'),
    },
    {
      name: 'write',
      desk: write,
      words: (desk, target) => ['write', id, '--desk', desk, '--to', target],
      again: async (desk, target) => {
        const left = (await readdir(target)).filter((name) => !name.endsWith('.part'))
        for (const name of left) {
          const back = await sallyport(['readback', join(target, name), '--desk', desk], clock)
          must(back.code === 0, `what looks whole does not read back: ${back.stdout}`)
        }
        await mkdir(join(target, 'next'))
        const next = await done(['write', id, '--desk', desk, '--to', join(target, 'next')], clock)
        await done(['readback', next.folder, '--desk', desk], clock)
        must(
          (await readdir(target)).every((name) => !name.endsWith('.part')),
          'an unfinished folder stayed',
        )
      },
    },
    {
      name: 'verify',
      desk: verify,
      words: (desk) => ['verify', medium, '--desk', desk],
      again: async (desk) =>
        must((await done(['verify', medium, '--desk', desk], clock)).outcome === 'passed', 'no pass'),
    },
    {
      name: 'decide',
      desk: decide,
      words: (desk) => [...half, desk, ...signing(crossing, 'erin')],
      again: async (desk, target) => {
        const ended = await sallyport([...half, desk, ...signing(crossing, 'erin')], clock)
        const decided = ended.code === 1 && ended.json.failure.code === 'consignment-state'
        must(ended.code === 0 || decided, ended.stdout)
        must((await stateOf(desk)) === 'accepted', 'not accepted')
        await done(['export', arrived.id, '--desk', desk, '--to', `dir:${join(target, 'out')}`], clock)
        await checkExported(join(target, 'out'))
      },
    },
    {
      name: 'export',
      desk: exporting,
      words: (desk, target) => ['export', arrived.id, '--desk', desk, '--to', `dir:${join(target, 'out')}`],
      again: async (desk, target) => {
        if (await exists(join(target, 'out'))) await checkExported(join(target, 'out'))
        await done(['export', arrived.id, '--desk', desk, '--to', `dir:${join(target, 'again')}`], clock)
        await checkExported(join(target, 'again'))
      },
    },
  ]
}

/** The command line and its worker, built side by side as in the product: from source most of a run is its start. */
async function buildProgram(folder: string): Promise<string> {
  const [program, worker] = [join(folder, 'program', 'cli.cjs'), join(folder, 'program', 'worker.cjs')]
  await Promise.all([buildFile('main/cli.ts', program), buildFile('main/worker.ts', worker)])
  return program
}

/**
 * Starts the real command line and kills it after `after` milliseconds; whether it was still at work then. Each has an
 * account of its own: one that had seen another copy of the desk would say that this one was put back.
 */
function killed(program: string, words: readonly string[], after: number, home: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...words, '--json'], {
      stdio: 'ignore',
      env: { ...process.env, HOME: home },
    })
    const timer = setTimeout(() => child.kill('SIGKILL'), after)
    child.on('error', reject)
    child.on('exit', (_code, signal) => {
      clearTimeout(timer)
      resolve(signal === 'SIGKILL')
    })
  })
}

async function ledgerOf(desk: string): Promise<string[]> {
  return (await readFile(join(desk, 'ledger.jsonl'), 'utf8')).split('\n')
}

const intents = ['collect.started', 'write.started', 'export.started']

async function recover(act: Act, desk: string, target: string, crossing: Crossing): Promise<boolean> {
  const { clock } = crossing
  const lines = await ledgerOf(desk)
  const torn = lines.at(-1) !== ''
  const check = await sallyport(['ledger', 'verify', '--desk', desk], clock)
  must(check.code === (torn ? 3 : 0), `ledger verify after the crash: ${check.stdout}`)
  await act.again(desk, target)
  const after = await done(['ledger', 'verify', '--desk', desk], clock)
  must(after.intact, 'the ledger is not intact')
  const open = intents.some((type) => lines.at(-2)?.includes(`"type":"${type}"`) === true)
  const said = (await ledgerOf(desk)).some((text) => text.includes('"type":"desk.recovered"'))
  must(!open || said, 'nothing was said about what was interrupted')
  must(!(await readdir(desk)).some((name) => name.startsWith('desk.lock')), 'a lock stayed')
  return said
}

async function timeOf(program: string, act: Act, folder: string): Promise<number> {
  const [desk, target] = [join(folder, `time-${act.name}`), join(folder, `time-target-${act.name}`)]
  await cp(act.desk, desk, { recursive: true })
  await mkdir(target)
  const start = performance.now()
  await killed(program, act.words(desk, target), 120_000, `${desk}-home`)
  return performance.now() - start
}

/** Kills collect, write, verify, decide and export at random moments; each must recover. */
export async function crashRuns(runs: number): Promise<Crashes> {
  // The killed process has the system's clock.
  const crossing = await makeCrossing(testClock(new Date().toISOString()))
  const lost: string[] = []
  let count = 0
  let interrupted = 0
  try {
    const program = await buildProgram(crossing.folder)
    const acts = await makeActs(crossing)
    const times = new Map<string, number>()
    for (let run = 0; run < runs; run++) {
      const act = acts[run % acts.length]
      if (act === undefined) break
      const time = times.get(act.name) ?? (await timeOf(program, act, crossing.folder))
      times.set(act.name, time)
      const [desk, target] = [join(crossing.folder, `desk-${run}`), join(crossing.folder, `target-${run}`)]
      await cp(act.desk, desk, { recursive: true })
      await mkdir(target)
      // The first fifth is Node's own start.
      const after = randomInt(Math.floor(time * 0.2), Math.ceil(time))
      if (await killed(program, act.words(desk, target), after, `${desk}-home`)) count += 1
      try {
        if (await recover(act, desk, target, crossing)) interrupted += 1
      } catch (error) {
        const found = error instanceof Error ? error.message : 'unknown'
        lost.push(`${act.name} killed after ${after} of ${Math.round(time)} ms: ${found}`)
      }
      for (const path of [desk, target, `${desk}-home`]) await rm(path, { recursive: true, force: true })
    }
  } finally {
    await crossing.dispose()
  }
  const recovered = runs - lost.length
  line(
    'kill -9',
    `${runs} runs, ${count} killed at work, ${interrupted} left something behind and said so, ${recovered} recovered`,
  )
  for (const one of lost) line('', `NOT RECOVERED: ${one}`)
  return { runs, killed: count, interrupted, recovered, lost }
}
