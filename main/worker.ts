import { parentPort } from 'node:worker_threads'
import { measureLayers } from './archive/measure-task.ts'
import { writeTar } from './archive/tar-task.ts'
import { checkRange } from './bundle/check-task.ts'
import { checkSlice } from './bundle/slice-task.ts'
import { compareMedium } from './media/capacity/compare-task.ts'
import { fillMedium } from './media/capacity/fill-task.ts'
import { writePart } from './bundle/write-task.ts'
import { lookTask } from './look/look-task.ts'
import { asFailure, Failure } from './platform/failure.ts'
import { askRego } from './policy/rego/rego-task.ts'
import type { FromWorker, Task, ToWorker } from './platform/workers.ts'
import { fetchBlobs } from './source/fetch-blobs.ts'
import { copyBlobs } from './store/copy-blobs.ts'
import { hashFiles } from './store/hash-files.ts'

/** What a thread can do. A task's input and output are plain values: places, digests, sizes. */
const tasks: Readonly<Record<string, Task>> = {
  'ask-rego': askRego,
  'check-range': checkRange,
  'check-slice': checkSlice,
  'compare-medium': compareMedium,
  'copy-blobs': copyBlobs,
  'fetch-blobs': fetchBlobs,
  'fill-medium': fillMedium,
  'hash-files': hashFiles,
  look: lookTask,
  'measure-layers': measureLayers,
  'write-part': writePart,
  'write-tar': writeTar,
}

function send(message: FromWorker): void {
  parentPort?.postMessage(message)
}

parentPort?.on('message', (message: ToWorker) => {
  const stop = new Int32Array(message.stop)
  const abort = new AbortController()
  let unsent = 0
  let last = performance.now()
  const check = (): void => {
    if (Atomics.load(stop, 0) === 0) return
    abort.abort()
    throw new Failure('cancelled')
  }
  const named = new Map<string, number>()
  const flush = (): void => {
    send({ advance: unsent, of: [...named] })
    unsent = 0
    named.clear()
    last = performance.now()
  }
  const advance = (bytes: number, of?: string): void => {
    unsent += bytes
    if (of !== undefined) named.set(of, (named.get(of) ?? 0) + bytes)
    if (performance.now() - last >= 100) flush()
  }
  // A task that waits for the network has no block to check between: poll for it.
  const poll = setInterval(() => {
    if (Atomics.load(stop, 0) !== 0) abort.abort()
  }, 100)
  const run = async (): Promise<unknown> => {
    const task = tasks[message.task]
    if (task === undefined) throw new Failure('internal', { found: `no task ${message.task}` })
    const finished = (of: string): void => send({ finished: of })
    return task(message.input as never, { advance, finished, check, signal: abort.signal })
  }
  run().then(
    (output) => {
      clearInterval(poll)
      flush()
      send({ output })
    },
    (error: unknown) => {
      clearInterval(poll)
      const { code, facts } = asFailure(error)
      send({ failure: { code, facts } })
    },
  )
})
