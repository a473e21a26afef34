import { setTimeout as pause } from 'node:timers/promises'
import type { z } from 'zod'
import { contract, type CallInput, type CallName, type CallOutput, type Told } from '../../shared/contract.ts'
import type { Purpose } from '../../shared/calls/place.ts'
import type { FailureView } from '../../shared/failure.ts'
import { asFailure, Failure } from '../platform/failure.ts'
import { openPool, type Pool } from '../platform/workers.ts'
import { early, type Act } from './acts/early.ts'
import type { Context, Ports } from './work/context.ts'
import { placeOfDropped } from './work/dropped.ts'
import { Jobs } from './work/jobs.ts'
import { Places } from './work/places.ts'

export type Answer =
  | { readonly ok: true; readonly [field: string]: unknown }
  | { readonly ok: false; readonly failure: FailureView }

/** One desk or none, and everything that can be asked of it. Both faces and the tests use this and nothing else. */
export interface Session {
  /** Answers a call of the contract. Never throws. */
  answer(name: string, input: unknown): Promise<Answer>
  /** The same for callers that know their call. @throws Failure */
  call<Name extends CallName>(name: Name, input: CallInput<Name>): Promise<CallOutput<Name>>
  on(listener: (...told: Told) => void): () => void
  /** Registers a path for one purpose. Only dialogs and the command line may call it. */
  place(purpose: Purpose, path: string): string
  /** Registers what a person dropped on the window, to be looked into, and tells its place. Only the window may call it. */
  dropped(paths: unknown): Promise<void>
  /**
   * Refuses what is asked from now on, cancels what runs or waits, closes the desk and frees its lock: within seconds,
   * whatever answers or does not.
   */
  close(): Promise<void>
}

function describe(error: z.ZodError): Failure {
  const issue = error.issues[0]
  const path = issue?.path.join('.') ?? ''
  return new Failure('bad-input', {
    found: path === '' ? 'the input' : path,
    expected: issue?.message ?? 'as the contract says',
  })
}

/** Calls of a session that wait for one another; a page that asks for more is not a person’s. */
const mostWaiting = 256
/** Milliseconds that work is given to end, once the session does. */
const patience = 2000

// Waiting and cancelling must get through while another call is under way, and nothing waits for a dialog of the system
// or for a drive; settings have nothing to do with a desk.
const beside = ['job.', 'place.choose', 'drive.', 'report.print', 'sheet.print', 'settings.']

/** Reads what does the work: most of the engine, and of no use before a desk is open. */
export async function readActs(): Promise<void> {
  await import('./acts/index.ts')
}

async function actOf<Name extends CallName>(name: Name): Promise<Act<Name>> {
  const known: object = Object.hasOwn(early, name) ? early : (await import('./acts/index.ts')).acts
  return (known as Readonly<Record<Name, Act<Name>>>)[name]
}

class OpenSession implements Session {
  private readonly context: Context
  private readonly listeners = new Set<(...told: Told) => void>()
  private readonly stop = new AbortController()
  private pool: Pool | null = null
  private queue: Promise<unknown> = Promise.resolve()
  private waiting = 0
  private closing: Promise<void> | null = null

  constructor(ports: Ports) {
    const tell = (...told: Told): void => {
      for (const listener of this.listeners) listener(...told)
    }
    this.context = {
      ports,
      places: new Places(),
      jobs: new Jobs(ports.clock, ports.face ?? 'terminal', (job) => tell('job', job)),
      pool: () => (this.pool ??= openPool()),
      desk: () => {
        if (this.context.opened === null) throw new Failure('no-desk')
        return this.context.opened.desk
      },
      opened: null,
      ended: this.stop.signal,
      silent: false,
      tell,
      turn: (run) => this.inTurn(run),
    }
  }

  async call<Name extends CallName>(name: Name, asked: CallInput<Name>): Promise<CallOutput<Name>> {
    if (this.closing !== null) throw new Failure('cancelled')
    const parsed = contract.calls[name].in.safeParse(asked)
    if (!parsed.success) throw describe(parsed.error)
    const input = parsed.data as CallInput<Name>
    if (beside.some((start) => name.startsWith(start))) return (await actOf(name))(this.context, input)
    return this.inTurn(async () => {
      // The first question of a window. Where no desk is open it is answered before the acts are read.
      if (name === 'desk.show') this.context.desk()
      const act = await actOf(name)
      await this.prove(input)
      return act(this.context, input)
    })
  }

  private async inTurn<T>(run: () => Promise<T>): Promise<T> {
    if (this.waiting >= mostWaiting) throw new Failure('busy', { expected: mostWaiting })
    this.waiting += 1
    const ran = this.queue.then(() => {
      // What still waited when the session ended is not begun any more.
      if (this.closing !== null) throw new Failure('cancelled')
      return run()
    })
    this.queue = ran.then(
      () => (this.waiting -= 1),
      () => (this.waiting -= 1),
    )
    return ran
  }

  // What an act or a page about one consignment stands on is verified before anything is judged by it.
  private async prove(input: object): Promise<void> {
    const { desk } = this.context.opened ?? {}
    if ('id' in input && typeof input.id === 'string' && desk?.state.consignments.has(input.id) === true)
      await desk.prove(input.id)
  }

  async answer(name: string, input: unknown): Promise<Answer> {
    try {
      if (!Object.hasOwn(contract.calls, name))
        throw new Failure('not-allowed', { found: name.slice(0, 100) })
      const value = await this.call(name as CallName, input as CallInput<CallName>)
      return { ok: true, ...value }
    } catch (error) {
      return { ok: false, failure: asFailure(error).view(this.context.ports.face) }
    }
  }

  on(listener: (...told: Told) => void): () => void {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  place(purpose: Purpose, path: string): string {
    return this.context.places.register(purpose, path)
  }

  async dropped(paths: unknown): Promise<void> {
    this.context.tell('dropped', await placeOfDropped(this.context.places, paths))
  }

  close(): Promise<void> {
    return (this.closing ??= this.end())
  }

  private async end(): Promise<void> {
    const { context } = this
    this.stop.abort()
    const work = Promise.all([context.jobs.cancelAll(), this.queue])
    await Promise.race([work, pause(patience, undefined, { ref: false })])
    // Whatever did not end by then records nothing any more: the lock is free for others.
    context.opened?.desk.end()
    await context.opened?.lock?.release()
    context.opened = null
    await this.pool?.close()
  }
}

/** Opens a session without a desk. */
export function openSession(ports: Ports): Session {
  return new OpenSession(ports)
}
