#!/usr/bin/env node
import { writeSync } from 'node:fs'
import type { FailureView } from '../shared/failure.ts'
import { viewOf } from '../shared/text/say-failure.ts'
import { run } from './command/run.ts'
import { lastWords } from './command/screen.ts'
import { failureLines } from './command/text.ts'
import { accountPorts } from './desk/work/account-ports.ts'
import { drivesHere } from './desk/work/drive-port.ts'
import { systemClock } from './platform/clock.ts'
import { openGate } from './platform/network.ts'

/** Milliseconds that a cancelled command has to end and to clear away; then it is ended. */
const patience = 900

process.umask(0o077)
// Failure until an act says otherwise: neither an empty event loop nor an unknown error may look like success.
process.exitCode = 1
const words = process.argv.slice(2)
let said = false

// At the very end of a process only what is written at once still comes out.
function sayAtOnce(failure: FailureView): void {
  if (said) return
  said = true
  const json = words.includes('--json')
  const text = lastWords(json, { ok: false, failure }, failureLines(failure))
  writeSync(json ? process.stdout.fd : process.stderr.fd, text)
}

process.once('exit', () => sayAtOnce(viewOf('stopped', {})))

const abort = new AbortController()
function cancel(): void {
  if (abort.signal.aborted) return
  abort.abort()
  setTimeout(() => {
    sayAtOnce(viewOf('cancelled', {}))
    process.exit(130)
  }, patience).unref()
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, cancel)

const terminal = {
  input: process.stdin,
  output: process.stdout,
  errors: process.stderr,
  signal: abort.signal,
}
run(words, { clock: systemClock(), network: openGate, drives: drivesHere, ...accountPorts() }, terminal).then(
  (code) => {
    said = true
    process.exitCode = code
  },
  (error: unknown) => {
    said = true
    const found = error instanceof Error ? error.message : 'unknown'
    process.stderr.write(lastWords(false, null, [`Sallyport stopped: ${found}`]))
    process.exitCode = 1
  },
)
