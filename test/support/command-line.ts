import { Readable, Writable } from 'node:stream'
import type { FailureView } from '../../shared/failure.ts'
import type { Check, Counts } from '../../shared/verdict.ts'
import type { Fingerprint } from '../../shared/views.ts'
import { run } from '../../main/command/run.ts'
import type { Ports } from '../../main/desk/work/context.ts'
import type { DriveSystem } from '../../main/media/drives/found.ts'
import type { HeadsPort } from '../../main/ledger/kept-head.ts'
import type { SnapshotsPort } from '../../main/ledger/snapshot.ts'
import type { Clock } from '../../main/platform/clock.ts'
import { openGate } from '../../main/platform/network.ts'

/** A clock that a test sets. */
export interface TestClock extends Clock {
  set(time: string): void
  forward(days: number): void
}

export function testClock(time = '2026-11-22T09:00:00Z'): TestClock {
  let offset = new Date(time).getTime() - Date.now()
  return {
    now: () => new Date(Date.now() + offset),
    ticks: () => performance.now(),
    set: (at) => {
      offset = new Date(at).getTime() - Date.now()
    },
    forward: (days) => {
      offset += days * 86_400_000
    },
  }
}

class Sink extends Writable {
  text = ''
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString('utf8')
    done()
  }
}

/** The one JSON object of `--json`: the fields that some command has, as if every one had them. */
export interface Said {
  readonly ok: boolean
  readonly id: string
  readonly failure: FailureView
  readonly outcome: string | null
  readonly scope: string
  readonly waybill: string
  readonly checks: readonly Check[]
  readonly notAsked: readonly { readonly id: string; readonly reason: string }[]
  readonly counts: Counts
  readonly folder: string
  readonly parts: readonly { readonly name: string; readonly size: number; readonly sha256: string }[]
  readonly fingerprint: Fingerprint
  readonly state: string
  readonly intact: boolean
  readonly bad: { readonly line: number } | null
  readonly words: readonly string[]
  readonly missing: unknown
  readonly [field: string]: unknown
}

export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  readonly json: Said
}

async function ran(
  words: readonly string[],
  ports: Ports,
  signal = new AbortController().signal,
  input: readonly (Buffer | string)[] = [],
): Promise<Omit<Ended, 'json'>> {
  const output = new Sink()
  const errors = new Sink()
  const code = await run(words, ports, { input: Readable.from(input), output, errors, signal })
  return { code, stdout: output.text, stderr: errors.text }
}

/** Runs a command line in this process, as `sallyport WORDS --json`, with a clock of the test's. */
export async function sallyport(
  words: readonly string[],
  clock: Clock = testClock(),
  signal?: AbortSignal,
  heads?: HeadsPort,
  snapshots?: SnapshotsPort,
  drives?: DriveSystem,
): Promise<Ended> {
  const ports = {
    clock,
    network: openGate,
    ...(heads && { heads }),
    ...(snapshots && { snapshots }),
    ...(drives && { drives: async () => drives }),
  }
  const ended = await ran([...words, '--json'], ports, signal)
  return { ...ended, json: JSON.parse(ended.stdout) as Said }
}

/** A command line as it stands, with what comes on its standard input; whatever comes of it. */
export function spoken(
  words: readonly string[],
  clock: Clock,
  input: readonly (Buffer | string)[] = [],
): Promise<Omit<Ended, 'json'>> {
  return ran(words, { clock, network: openGate }, undefined, input)
}

/** The lines that a person reads, of a command that must succeed. */
export async function linesOf(words: readonly string[], clock: Clock): Promise<readonly string[]> {
  const { code, stdout, stderr } = await ran(words, { clock, network: openGate })
  if (code !== 0) throw new Error(`sallyport ${words.join(' ')} → ${code}: ${stderr}`)
  return stdout.split('\n')
}

/** The same for a command that must succeed; gives its JSON. */
export async function done(words: readonly string[], clock?: Clock): Promise<Ended['json']> {
  const ended = await sallyport(words, clock)
  if (ended.code !== 0) throw new Error(`sallyport ${words.join(' ')} → ${ended.code}: ${ended.stdout}`)
  return ended.json
}

/** What a person reads of a command that must succeed: the same without `--json`. */
export async function printed(
  words: readonly string[],
  clock: Clock = testClock(),
  which: 'output' | 'errors' = 'output',
): Promise<string> {
  const output = new Sink()
  const errors = new Sink()
  const terminal = { input: Readable.from([]), output, errors, signal: new AbortController().signal }
  const code = await run([...words], { clock, network: openGate }, terminal)
  if (code !== 0) throw new Error(`sallyport ${words.join(' ')} → ${code}: ${errors.text}`)
  return which === 'output' ? output.text : errors.text
}
