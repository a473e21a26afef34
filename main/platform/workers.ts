import { cpus } from 'node:os'
import { Worker } from 'node:worker_threads'
import { asFailure, Failure } from './failure.ts'
import { letThreadsSweep } from './garbage.ts'
import { workerFile } from './worker-file.ts'
import type { FailureCode, Facts } from '../../shared/failure.ts'

/** What a worker task is given besides its input. */
export interface TaskContext {
  /** Reports bytes done since the last report, and of what, where somebody wants to know. Cheap to call often. */
  advance(bytes: number, of?: string): void
  /** Says that a thing which the task was given is done, and will not be done again. */
  finished(of: string): void
  /** Throws once the task was cancelled. Call it between blocks. */
  check(): void
  readonly signal: AbortSignal
}
export type Task = (input: never, context: TaskContext) => unknown

export interface RunOptions {
  readonly signal?: AbortSignal | undefined
  readonly advance?: ((bytes: number) => void) | undefined
  /** The same bytes, for each thing that the task named. */
  readonly advanceOf?: ((of: string, bytes: number) => void) | undefined
  /** Told of each thing that the task has done, as soon as it is. */
  readonly finished?: ((of: string) => void) | undefined
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
  | { readonly advance: number; readonly of: readonly (readonly [string, number])[] }
  | { readonly finished: string }
  | { readonly output: unknown }
  | { readonly failure: { readonly code: FailureCode; readonly facts: Facts } }

interface Waiting {
  readonly message: ToWorker
  readonly options: RunOptions
  readonly stop: () => void
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

/** Room for short-lived objects of a thread: what passes through is bytes, which lie elsewhere. */
const youngMegabytes = 4
/** Milliseconds that a cancelled task has to end by itself. */
const patience = 500

class ThreadPool implements Pool {
  readonly size: number
  private readonly waiting: Waiting[] = []
  private readonly idle: Worker[] = []
  private readonly busy = new Map<Worker, Waiting>()
  private closed = false

  private readonly megabytes: number | undefined

  constructor(size: number, megabytes: number | undefined) {
    this.size = size
    this.megabytes = megabytes
  }

  run<Output>(name: string, input: unknown, options: RunOptions = {}): Promise<Output> {
    return new Promise<unknown>((resolve, reject) => {
      if (this.closed || options.signal?.aborted === true) {
        reject(new Failure('cancelled'))
        return
      }
      const message = { task: name, input, stop: new SharedArrayBuffer(4) }
      const stop = (): void => {
        Atomics.store(new Int32Array(message.stop), 0, 1)
        // A thread that waits for the system has no block to check between: then it goes, with what it waits for.
        setTimeout(() => this.abandon(message), patience).unref()
      }
      options.signal?.addEventListener('abort', stop)
      this.waiting.push({ message, options, stop, resolve, reject })
      this.next()
    }) as Promise<Output>
  }

  async close(): Promise<void> {
    this.closed = true
    for (const entry of this.waiting.splice(0)) this.end(entry).reject(new Failure('cancelled'))
    await Promise.all([...this.idle, ...this.busy.keys()].map((worker) => worker.terminate()))
  }

  private next(): void {
    if (this.waiting.length === 0) return
    const room = this.idle.length > 0 || this.busy.size < this.size
    const entry = room ? this.waiting.shift() : undefined
    if (entry === undefined) return
    const worker = this.idle.pop() ?? this.start()
    this.busy.set(worker, entry)
    worker.ref()
    worker.postMessage(entry.message)
  }

  // Listeners stay for a thread's whole life, so that one that dies while idle is never given work.
  private start(): Worker {
    letThreadsSweep()
    const old = this.megabytes === undefined ? {} : { maxOldGenerationSizeMb: this.megabytes }
    const resourceLimits = { maxYoungGenerationSizeMb: youngMegabytes, ...old }
    const worker = new Worker(workerFile(), { resourceLimits })
    worker.on('message', (message: FromWorker) => this.take(worker, message))
    worker.on('error', (error: unknown) => this.lose(worker, error))
    worker.on('exit', () => this.lose(worker, new Error('a worker thread ended')))
    return worker
  }

  // Nobody waits for it: a thread inside a call of the system ends only when that call does.
  private abandon(message: ToWorker): void {
    for (const [worker, entry] of this.busy) {
      if (entry.message !== message) continue
      this.busy.delete(worker)
      this.end(entry).reject(new Failure('cancelled'))
      void worker.terminate()
      this.next()
    }
    const place = this.waiting.findIndex((entry) => entry.message === message)
    const [entry] = place < 0 ? [] : this.waiting.splice(place, 1)
    if (entry !== undefined) this.end(entry).reject(new Failure('cancelled'))
  }

  private end(entry: Waiting): Waiting {
    entry.options.signal?.removeEventListener('abort', entry.stop)
    return entry
  }

  private take(worker: Worker, message: FromWorker): void {
    const entry = this.busy.get(worker)
    if (entry === undefined) return
    if ('advance' in message) {
      entry.options.advance?.(message.advance)
      for (const [of, bytes] of message.of) entry.options.advanceOf?.(of, bytes)
      return
    }
    if ('finished' in message) {
      entry.options.finished?.(message.finished)
      return
    }
    this.busy.delete(worker)
    this.idle.push(worker)
    worker.unref()
    this.end(entry)
    if ('output' in message) entry.resolve(message.output)
    else entry.reject(new Failure(message.failure.code, message.failure.facts))
    this.next()
  }

  private lose(worker: Worker, error: unknown): void {
    const entry = this.busy.get(worker)
    this.busy.delete(worker)
    const place = this.idle.indexOf(worker)
    if (place >= 0) this.idle.splice(place, 1)
    if (entry !== undefined) this.end(entry).reject(this.closed ? new Failure('cancelled') : asFailure(error))
    if (!this.closed) this.next()
  }
}

/**
 * The results of work that runs side by side. When some of it fails, the first failure is thrown once all of it has
 * ended: nothing may still be writing where its caller then clears away.
 */
export async function allOrFirst<Output>(work: readonly Promise<Output>[]): Promise<Output[]> {
  const settled = await Promise.allSettled(work)
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason
    return one.value
  })
}

/**
 * A pool of as many threads as there are cores, started when first used.
 *
 * @param megabytes of objects that one of them may hold, where that is less than usual
 */
export function openPool(size = Math.max(1, cpus().length), megabytes?: number): Pool {
  return new ThreadPool(size, megabytes)
}
