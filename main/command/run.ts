import type { Readable, Writable } from 'node:stream'
import { zStarted } from '../../shared/calls/call.ts'
import { resultOf } from '../../shared/contract.ts'
import type { FailureView } from '../../shared/failure.ts'
import { viewOf } from '../../shared/failure.ts'
import { openSession, type Session } from '../desk/session.ts'
import type { Ports } from '../desk/work/context.ts'
import { asFailure, Failure } from '../platform/failure.ts'
import { readArguments, UsageError, type Arguments } from './arguments.ts'
import type { Command, Host, Outcome } from './command.ts'
import { commands, usageOf } from './index.ts'
import { openBrowser } from './browser.ts'
import { absolute } from './paths.ts'
import { passphraseFrom } from './passphrase.ts'
import { failureLines, progressLine } from './text.ts'

/** What a command line runs on. */
export interface Terminal {
  readonly input: Readable
  readonly output: Writable
  readonly errors: Writable
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal
}

/** A failure of long work that came back as data. */
class EndedWork extends Error {
  readonly failure: FailureView
  readonly consignment: string | null
  constructor(failure: FailureView, consignment: string | null) {
    super(failure.code)
    this.failure = failure
    this.consignment = consignment
  }
}

function hostOf(session: Session, terminal: Terminal, recovered: string[], json: boolean): Host {
  return {
    session,
    passphrase: passphraseFrom(terminal.input, terminal.errors),
    call: (name, input) => session.call(name, input),
    open: async (args, mode) => {
      const place = session.place('desk', absolute(args.need('desk')))
      const desk = await session.call('desk.open', { place, mode })
      recovered.push(...desk.recovered)
      for (const warning of desk.warnings)
        terminal.errors.write(json ? `${JSON.stringify({ event: 'warning', warning })}\n` : `${warning}\n`)
      return desk
    },
    work: async (name, input) => {
      const { job } = zStarted.parse(await session.call(name, input))
      const ended = await session.call('job.wait', { job })
      if (ended.state === 'done') return resultOf(name, ended.result)
      throw new EndedWork(
        ended.failure ?? new Failure('internal', { found: ended.state }).view(),
        ended.consignment,
      )
    },
  }
}

// Said as well as opened: a command line may run where the person has no screen.
function showSignIn(terminal: Terminal, json: boolean): NonNullable<Ports['signIn']> {
  return async ({ address, code }) => {
    const words =
      code === null ? 'Sign in with a browser on this computer' : `Sign in and type the code ${code}`
    const line = json
      ? JSON.stringify({ event: 'sign-in', address: address.href, code })
      : `${words}:\n${address.href}`
    terminal.errors.write(`${line}\n`)
    if (code === null) openBrowser(address)
  }
}

function follow(session: Session, terminal: Terminal, json: boolean): void {
  const shown = json || (terminal.errors as Partial<NodeJS.WriteStream>).isTTY === true
  if (!shown) return
  session.on((event, value) => {
    if (event !== 'job') return
    const job = value
    const { id, kind, step, done, total, rate, left } = job
    const line = json
      ? JSON.stringify({ event: 'job', id, kind, step, done, total, rate, left })
      : `\r\u001b[K${progressLine(job)}`
    terminal.errors.write(json ? `${line}\n` : line + (job.state === 'running' ? '' : '\n'))
  })
}

function say(terminal: Terminal, json: boolean, outcome: Outcome): number {
  terminal.output.write(
    json ? `${JSON.stringify({ ok: true, ...outcome.value })}\n` : `${outcome.lines.join('\n')}\n`,
  )
  return outcome.exit ?? 0
}

function sayFailure(terminal: Terminal, json: boolean, failure: FailureView, id: string | null): number {
  if (json) {
    const value = { ok: false, ...(id === null ? {} : { id }), failure }
    terminal.output.write(`${JSON.stringify(value)}\n`)
  } else {
    terminal.errors.write(`${failureLines(failure).join('\n')}\n`)
  }
  return failure.code === 'cancelled' ? 130 : 1
}

function sayUsage(terminal: Terminal, json: boolean, problem: string, name: string | null): number {
  const usage = name === null ? Object.keys(commands).map(usageOf) : [usageOf(name)]
  if (json) {
    const failure = viewOf('usage', { found: problem, expected: usage.join('; ') })
    terminal.output.write(`${JSON.stringify({ ok: false, failure })}\n`)
  } else {
    terminal.errors.write(`${[problem, 'Usage:', ...usage.map((line) => `  ${line}`)].join('\n')}\n`)
  }
  return 2
}

function pick(words: readonly string[]): { name: string; rest: readonly string[] } | null {
  for (const length of [3, 2, 1]) {
    const name = words.slice(0, length).join(' ')
    if (Object.hasOwn(commands, name)) return { name, rest: words.slice(length) }
  }
  return null
}

async function runCommand(
  command: Command,
  args: Arguments,
  json: boolean,
  ports: Ports,
  terminal: Terminal,
): Promise<number> {
  const session = openSession({ ...ports, signIn: showSignIn(terminal, json) })
  follow(session, terminal, json)
  // Cancelling ends the session: jobs, requests and whatever waits. Who waits for something else is not waited for.
  const cancelled = new Promise<never>((_, reject) => {
    const stop = (): void => void session.close().then(() => reject(new Failure('cancelled')), reject)
    if (terminal.signal.aborted) stop()
    else terminal.signal.addEventListener('abort', stop, { once: true })
  })
  // What an earlier run left unfinished is told by the run that found it.
  const recovered: string[] = []
  try {
    const outcome = await Promise.race([
      command.run(hostOf(session, terminal, recovered, json), args),
      cancelled,
    ])
    if (!json) for (const sentence of recovered) terminal.errors.write(`${sentence}\n`)
    const value = recovered.length === 0 ? outcome.value : { ...outcome.value, recovered }
    return say(terminal, json, { ...outcome, value })
  } catch (error) {
    if (error instanceof UsageError) throw error
    if (error instanceof EndedWork) return sayFailure(terminal, json, error.failure, error.consignment)
    const failure =
      terminal.signal.aborted && !(error instanceof Failure) ? new Failure('cancelled') : asFailure(error)
    return sayFailure(terminal, json, failure.view(), null)
  } finally {
    await session.close()
  }
}

/** Runs one command line; gives its exit code (architecture.md, "Three different things"). */
export async function run(words: readonly string[], ports: Ports, terminal: Terminal): Promise<number> {
  const json = words.includes('--json')
  const start = words.findIndex((word) => word !== '--json')
  const picked = start < 0 ? null : pick(words.slice(start))
  if (picked === null) {
    const asked = words.length === 0 || words.includes('--help')
    if (asked && !json) {
      terminal.output.write(
        `${['Usage:', ...Object.keys(commands).map((name) => `  ${usageOf(name)}`)].join('\n')}\n`,
      )
      return words.length === 0 ? 2 : 0
    }
    return sayUsage(
      terminal,
      json,
      words.length === 0 ? 'A command is missing.' : `There is no command “${words.join(' ')}”.`,
      null,
    )
  }
  const command = commands[picked.name]
  if (command === undefined) return 2
  try {
    if (picked.rest.includes('--help') && !json) {
      terminal.output.write(`${command.about}\n${usageOf(picked.name)}\n`)
      return 0
    }
    return await runCommand(command, readArguments(command, picked.rest), json, ports, terminal)
  } catch (error) {
    if (error instanceof UsageError) return sayUsage(terminal, json, error.message, picked.name)
    throw error
  }
}
