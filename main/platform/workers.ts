import { availableParallelism, cpus } from 'node:os'
import { Worker } from 'node:worker_threads'
import { asFailure, Failure } from './failure.ts'
import type { FailureCode, Facts } from '../../shared/failure.ts'

/** What a worker task is given besides its input. */
export interface TaskContext {
  /** Reports bytes done since the last report. Cheap to call often. */
  advance(bytes: number): void
  /** Throws once the task was cancelled. Call it between blocks. */
  check(): void
  readonly signal: AbortSignal
}
export type Task = (input: never, context: TaskContext) => unknown

export interface RunOptions {
  readonly signal?: AbortSignal | undefined
  readonly advance?: ((bytes: number) => void) | undefined
}

/** Threads for work that is bound by the processor. Messages carry digests and places, never blobs. */
export interface Pool {
  readonly size: number
  /**
   * Runs the task `name` (see main/worker.ts) on the next free thread.
   *
   * @throws Failure as the task threw it; `internal` when its thread died; `cancelled`
   */
  run<Output>(name: string, input: unknown, options?: RunOptions): Promise<Output>
  close(): Promise<void>
}

/** Messages between a pool and its threads. */
export type ToWorker = { readonly task: string; readonly input: unknown; readonly stop: SharedArrayBuffer }
export type FromWorker =
  | { readonly advance: number }
  | { readonly output: unknown }
  | { readonly failure: { readonly code: FailureCode; readonly facts: Facts } }

interface Waiting {
  readonly message: ToWorker
  readonly options: RunOptions
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

// Beside this file's bundle lies worker.cjs; from source (tests) main/worker.ts is started as it is.
function workerFile(): URL {
  const here = new URL(import.meta.url)
  return here.pathname.endsWith('.ts') ? new URL('../worker.ts', here) : new URL('worker.cjs', here)
}

class ThreadPool implements Pool {
  readonly size: number
  private readonly waiting: Waiting[] = []
  private readonly idle: Worker[] = []
  private readonly all = new Set<Worker>()
  private closed = false

  constructor(size: number) {
    this.size = size
  }

  run<Output>(name: string, input: unknown, options: RunOptions = {}): Promise<Output> {
    return new Promise<unknown>((resolve, reject) => {
      if (this.closed || options.signal?.aborted === true) {
        reject(new Failure('cancelled'))
        return
      }
      const message = { task: name, input, stop: new SharedArrayBuffer(4) }
      this.waiting.push({ message, options, resolve, reject })
      this.next()
    }) as Promise<Output>
  }

  async close(): Promise<void> {
    this.closed = true
    for (const entry of this.waiting.splice(0)) entry.reject(new Failure('cancelled'))
    await Promise.all([...this.all].map((worker) => worker.terminate()))
  }

  private next(): void {
    if (this.waiting.length === 0) return
    const worker = this.idle.pop() ?? (this.all.size < this.size ? this.start() : undefined)
    const entry = worker === undefined ? undefined : this.waiting.shift()
    if (worker !== undefined && entry !== undefined) this.give(worker, entry)
  }

  private start(): Worker {
    const worker = new Worker(workerFile())
    worker.unref()
    this.all.add(worker)
    return worker
  }

  private give(worker: Worker, entry: Waiting): void {
    const { signal, advance } = entry.options
    const stop = (): void => void Atomics.store(new Int32Array(entry.message.stop), 0, 1)
    const end = (): void => {
      // Each by name: removeAllListeners would also take away what makes a Worker listen to its own port.
      worker.off('message', heard)
      worker.off('error', lost)
      worker.off('exit', lost)
      signal?.removeEventListener('abort', stop)
      worker.unref()
    }
    const lost = (error?: unknown): void => {
      end()
      this.all.delete(worker)
      entry.reject(
        this.closed
          ? new Failure('cancelled')
          : asFailure(error instanceof Error ? error : new Error('a worker thread ended')),
      )
      this.next()
    }
    const heard = (message: FromWorker): void => {
      if ('advance' in message) {
        advance?.(message.advance)
        return
      }
      end()
      this.idle.push(worker)
      if ('output' in message) entry.resolve(message.output)
      else entry.reject(new Failure(message.failure.code, message.failure.facts))
      this.next()
    }
    worker.on('message', heard)
    worker.on('error', lost)
    worker.on('exit', lost)
    signal?.addEventListener('abort', stop)
    if (signal?.aborted === true) stop()
    worker.ref()
    worker.postMessage(entry.message)
  }
}

/** A pool of as many threads as there are cores, started when first used. */
export function openPool(size = Math.max(1, availableParallelism?.() ?? cpus().length)): Pool {
  return new ThreadPool(size)
}
