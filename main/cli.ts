#!/usr/bin/env node
import { run } from './command/run.ts'
import { accountPorts } from './desk/work/account-ports.ts'
import { systemClock } from './platform/clock.ts'
import { openGate } from './platform/network.ts'

process.umask(0o077)
const abort = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => abort.abort())

const terminal = {
  input: process.stdin,
  output: process.stdout,
  errors: process.stderr,
  signal: abort.signal,
}
run(process.argv.slice(2), { clock: systemClock(), network: openGate, ...accountPorts() }, terminal).then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    // Nothing unknown may look like success.
    process.stderr.write(`Sallyport stopped: ${error instanceof Error ? error.message : 'unknown'}\n`)
    process.exitCode = 1
  },
)
