import type { Readable, Writable } from 'node:stream'
import { zStarted } from '../../shared/calls/call.ts'
import { resultOf } from '../../shared/contract.ts'
import type { FailureView } from '../../shared/failure.ts'
import { viewOf } from '../../shared/text/say-failure.ts'
import { openSession, type Session } from '../desk/session.ts'
import type { Ports } from '../desk/work/context.ts'
import { asFailure, Failure } from '../platform/failure.ts'
import { version } from '../platform/version.ts'
import { admitLine } from './admit-line.ts'
import { readArguments, UsageError, type Arguments } from './arguments.ts'
import type { Command, Host, Outcome } from './command.ts'
import { helpOf, meant, overview } from './help.ts'
import { commands, usageOf } from './index.ts'
import { openBrowser } from './browser.ts'
import { absolute } from './paths.ts'
import { passphraseFrom } from './passphrase.ts'
import { Screen } from './screen.ts'
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

function hostOf(session: Session, input: Readable, screen: Screen, recovered: string[], json: boolean): Host {
  return {
    session,
    passphrase: passphraseFrom(input, screen),
    call: (name, input) => session.call(name, input),
    tell: (lines) => {
      if (!json && lines.length > 0) screen.tell(lines)
    },
    open: async (args, mode) => {
      const place = session.place('desk', absolute(args.need('desk')))
      const desk = await session.call('desk.open', { place, mode })
      recovered.push(...desk.recovered)
      for (const warning of desk.warnings) {
        if (json) screen.tellJson({ event: 'warning', warning })
        else screen.tell([warning])
      }
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
function showSignIn(screen: Screen, json: boolean): NonNullable<Ports['signIn']> {
  return async ({ address, code }) => {
    const words =
      code === null ? 'Sign in with a browser on this computer' : `Sign in and type the code ${code}`
    if (json) screen.tellJson({ event: 'sign-in', address: address.href, code })
    else screen.tell([`${words}:`, address.href])
    if (code === null) openBrowser(address)
  }
}

function follow(session: Session, terminal: Terminal, screen: Screen, json: boolean): void {
  const shown = json || (terminal.errors as Partial<NodeJS.WriteStream>).isTTY === true
  if (!shown) return
  session.on((event, value) => {
    if (event !== 'job') return
    const job = value
    const { id, kind, step, done, total, rate, left } = job
    if (json) screen.tellJson({ event: 'job', id, kind, step, done, total, rate, left })
    else screen.progress(progressLine(job), job.state !== 'running')
  })
}

function say(screen: Screen, json: boolean, outcome: Outcome): number {
  if (json) screen.sayJson({ ok: true, ...outcome.value })
  else screen.say(outcome.lines)
  return outcome.exit ?? 0
}

function sayFailure(screen: Screen, json: boolean, failure: FailureView, id: string | null): number {
  if (json) {
    const value = { ok: false, ...(id === null ? {} : { id }), failure }
    screen.sayJson(value)
  } else screen.tell(failureLines(failure))
  return failure.code === 'cancelled' ? 130 : 1
}

function sayUsage(screen: Screen, json: boolean, problem: string, name: string | null): number {
  const usage = name === null ? 'a command that “sallyport --help” lists' : usageOf(name)
  if (json) screen.sayJson({ ok: false, failure: viewOf('usage', { found: problem, expected: usage }) })
  else
    screen.tell([
      problem,
      ...(name === null ? ['“sallyport --help” lists all commands.'] : ['Usage:', `  ${usage}`]),
    ])
  return 2
}

/** Nothing that is a command: a question for help or for the version, or a slip. */
function sayOther(screen: Screen, json: boolean, words: readonly string[]): number {
  const [first] = words
  const asked = first === 'help' ? pick(words.slice(1)) : null
  if (first === '--version' || first === 'version') {
    if (json) screen.sayJson({ ok: true, version })
    else screen.say([`sallyport ${version}`])
    return 0
  }
  const helped =
    first === undefined || first === 'help' || words.some((word) => word === '--help' || word === '-h')
  if (helped && !json && (first !== 'help' || words.length === 1 || asked !== null)) {
    screen.say(asked === null ? overview() : helpOf(asked.name))
    return first === undefined ? 2 : 0
  }
  if (first === undefined) return sayUsage(screen, json, 'A command is missing.', null)
  const spelled = (first === 'help' ? words.slice(1) : words).join(' ').slice(0, 100)
  const names = meant(first === 'help' ? words.slice(1) : words)
  const perhaps = names.length === 0 ? '' : ` Perhaps ${names.map((name) => `“${name}”`).join(' or ')}?`
  return sayUsage(screen, json, `There is no command “${spelled}”.${perhaps}`, null)
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
  const screen = new Screen(terminal)
  const session = openSession({ ...ports, signIn: showSignIn(screen, json) })
  follow(session, terminal, screen, json)
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
      command.run(hostOf(session, terminal.input, screen, recovered, json), args),
      cancelled,
    ])
    if (!json && recovered.length > 0) screen.tell(recovered)
    const value = recovered.length === 0 ? outcome.value : { ...outcome.value, recovered }
    return say(screen, json, { ...outcome, value })
  } catch (error) {
    if (error instanceof UsageError) throw error
    if (error instanceof EndedWork) return sayFailure(screen, json, error.failure, error.consignment)
    const failure =
      terminal.signal.aborted && !(error instanceof Failure) ? new Failure('cancelled') : asFailure(error)
    return sayFailure(screen, json, failure.view(), null)
  } finally {
    await session.close()
  }
}

// Whatever else an engine passes on is its question, and 0 would be a yes.
const isHelp = (words: readonly string[]): boolean =>
  words.includes('--help') && words.every((word) => word === '--help' || word === '--json')

async function answerEngine(words: readonly string[], ports: Ports, terminal: Terminal): Promise<number> {
  const { line, exit } = await admitLine(words, terminal.input, ports.clock.now())
  new Screen(terminal).say([line])
  return exit
}

/** Runs one command line; gives its exit code (architecture.md, "Three different things"). */
export async function run(words: readonly string[], ports: Ports, terminal: Terminal): Promise<number> {
  const asked = words.findIndex((word) => word !== '--json')
  const rest = words.slice(asked + 1)
  if (words[asked] === 'admit' && !isHelp(rest)) return answerEngine(rest, ports, terminal)
  const json = words.includes('--json')
  const screen = new Screen(terminal)
  const start = words.findIndex((word) => word !== '--json')
  const picked = start < 0 ? null : pick(words.slice(start))
  if (picked === null)
    return sayOther(
      screen,
      json,
      words.filter((word) => word !== '--json'),
    )
  const command = commands[picked.name]
  if (command === undefined) return 2
  try {
    if (picked.rest.some((word) => word === '--help' || word === '-h') && !json) {
      screen.say(helpOf(picked.name))
      return 0
    }
    return await runCommand(command, readArguments(command, picked.rest), json, ports, terminal)
  } catch (error) {
    if (error instanceof UsageError) return sayUsage(screen, json, error.message, picked.name)
    throw error
  }
}
