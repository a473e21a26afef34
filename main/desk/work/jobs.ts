import type { Face } from '../../../shared/text/say-failure.ts'
import { randomUUID } from 'node:crypto'
import type { Job, JobKind, JobResult } from '../../../shared/calls/job.ts'
import type { JobItem } from '../../../shared/job.ts'
import type { Clock } from '../../platform/clock.ts'
import { asFailure, Failure } from '../../platform/failure.ts'
import { JobItems } from './job-items.ts'

/** What long work is given to say how far it is. */
export interface JobContext {
  readonly signal: AbortSignal
  /** A new step; `total` in bytes where it is known. */
  step(name: string, total?: number): void
  advance(bytes: number): void
  addTotal(bytes: number): void
  /** The consignment that the work is about, once known. */
  about(consignment: string): void
  /** Names the things that the work does, in their order. */
  items(names: readonly string[]): void
  /** What changed about one of them. */
  item(name: string, change: Partial<Omit<JobItem, 'name'>>): void
  /** Bytes that were done for one of them. They count for that item alone. */
  itemAdvance(name: string, bytes: number): void
  /**
   * Shows a thing as failed and waits until somebody says how to go on.
   *
   * @throws Failure `cancelled`
   */
  untilSaid(name: string, failure: Failure): Promise<WayOn>
}

/** What somebody says of a thing that failed: try it again, or go on without it. */
export type WayOn = 'again' | 'leave-out'

/** Milliseconds between two updates of one job: at most five a second. */
const pace = 200
/** Milliseconds over which a rate is taken, and before which no time left is told. */
const window = 5000
const patience = 3000
/** Ended jobs that are still listed. */
const remembered = 50

class RunningJob implements JobContext {
  job: Job
  readonly abort = new AbortController()
  readonly ended: Promise<void>
  private readonly clock: Clock
  private readonly face: Face
  private readonly tell: (job: Job) => void
  private marks: { at: number; done: number }[] = []
  private last = -Infinity
  private begun: number
  private readonly parts = new JobItems()
  private readonly waiting = new Map<string, (way: WayOn) => void>()

  constructor(
    kind: JobKind,
    steps: readonly string[],
    clock: Clock,
    face: Face,
    tell: (job: Job) => void,
    run: (context: JobContext) => Promise<JobResult<JobKind>>,
  ) {
    this.clock = clock
    this.face = face
    this.tell = tell
    this.begun = clock.ticks()
    const [step = kind] = steps
    this.job = {
      id: randomUUID(),
      kind,
      state: 'running',
      consignment: null,
      step,
      steps: [...steps],
      done: 0,
      total: null,
      rate: 0,
      left: null,
      items: [],
      itemCount: 0,
      itemsDone: 0,
    }
    this.ended = this.run(run)
  }

  get signal(): AbortSignal {
    return this.abort.signal
  }

  step(name: string, total?: number): void {
    this.begun = this.clock.ticks()
    this.marks = [{ at: this.begun, done: 0 }]
    this.job = { ...this.job, step: name, done: 0, total: total ?? null, rate: 0, left: null }
    this.say(true)
  }

  addTotal(bytes: number): void {
    this.job = { ...this.job, total: (this.job.total ?? 0) + bytes }
    this.say(false)
  }

  advance(bytes: number): void {
    const now = this.clock.ticks()
    const done = this.job.done + bytes
    if (now - (this.marks.at(-1)?.at ?? -Infinity) > pace) this.marks.push({ at: now, done })
    while (this.marks.length > 2 && now - (this.marks[0]?.at ?? 0) > window) this.marks.shift()
    const [first] = this.marks
    const seconds = (now - (first?.at ?? now)) / 1000
    const rate = seconds > 0 ? (done - (first?.done ?? 0)) / seconds : 0
    const { total } = this.job
    const known = total !== null && rate > 0 && now - this.begun > patience && done > total / 50
    const left = known ? Math.max(0, Math.round((total - done) / rate)) : null
    this.job = { ...this.job, done, rate: Math.round(rate), left }
    this.say(false)
  }

  about(consignment: string): void {
    this.job = { ...this.job, consignment }
    this.say(true)
  }

  items(names: readonly string[]): void {
    this.parts.set(names)
    this.say(true)
  }

  item(name: string, change: Partial<Omit<JobItem, 'name'>>): void {
    this.parts.change(name, change)
    this.say(change.state === 'failed')
  }

  itemAdvance(name: string, bytes: number): void {
    this.parts.advance(name, bytes)
    this.say(false)
  }

  async untilSaid(name: string, failure: Failure): Promise<WayOn> {
    if (this.signal.aborted) throw new Failure('cancelled', {}, failure)
    this.parts.change(name, { state: 'failed', failure: failure.view(this.face) })
    const said = new Promise<WayOn>((resolve, reject) => {
      this.waiting.set(name, resolve)
      this.signal.addEventListener('abort', () => reject(new Failure('cancelled', {}, failure)), {
        once: true,
      })
    })
    this.say(true)
    const way = await said
    this.parts.change(name, way === 'again' ? { state: 'working', failure: null } : { state: 'left-out' })
    this.say(true)
    return way
  }

  /** @throws Failure `job-unknown` when nothing of that name waits */
  goOn(name: string, way: WayOn): void {
    const said = this.waiting.get(name)
    if (said === undefined) throw new Failure('job-unknown', { found: name })
    this.waiting.delete(name)
    said(way)
  }

  private say(now: boolean): void {
    const at = this.clock.ticks()
    if (!now && at - this.last < pace) return
    this.last = at
    this.job = { ...this.job, ...this.parts.shown() }
    this.tell(this.job)
  }

  private async run(work: (context: JobContext) => Promise<JobResult<JobKind>>): Promise<void> {
    // Not before whoever starts it has its id.
    await new Promise((resolve) => setImmediate(resolve))
    this.say(true)
    try {
      const result = await work(this)
      // Kind and result belong together: `Jobs.start` takes them only so.
      this.job = { ...this.job, state: 'done', left: 0, result } as Job
    } catch (error) {
      const failure = this.signal.aborted ? new Failure('cancelled', {}, error) : asFailure(error)
      const state = failure.code === 'cancelled' ? 'cancelled' : 'failed'
      this.job = { ...this.job, state, left: null, failure: failure.view(this.face) }
    }
    this.say(true)
  }
}

/** The long work of a session: one at a time, so that no two acts hold different ideas of a desk. */
export class Jobs {
  private readonly jobs: RunningJob[] = []
  private readonly clock: Clock
  private readonly face: Face
  private readonly tell: (job: Job) => void

  constructor(clock: Clock, face: Face, tell: (job: Job) => void) {
    this.clock = clock
    this.face = face
    this.tell = tell
  }

  /**
   * @throws Failure `job-running`
   */
  start<Kind extends JobKind>(
    kind: Kind,
    steps: readonly string[],
    run: (context: JobContext) => Promise<JobResult<Kind>>,
  ): string {
    const busy = this.jobs.find((one) => one.job.state === 'running')
    if (busy !== undefined) throw new Failure('job-running', { found: busy.job.kind })
    const made = new RunningJob(kind, steps, this.clock, this.face, this.tell, run)
    this.jobs.push(made)
    if (this.jobs.length > remembered) this.jobs.shift()
    return made.job.id
  }

  list(): Job[] {
    return this.jobs.map((one) => one.job)
  }

  /** Forgets what has ended: the next desk has nothing to do with it. */
  forget(): void {
    for (let at = this.jobs.length - 1; at >= 0; at--)
      if (this.jobs[at]?.job.state !== 'running') this.jobs.splice(at, 1)
  }

  running(): boolean {
    return this.jobs.some((one) => one.job.state === 'running')
  }

  async wait(id: string): Promise<Job> {
    const one = this.find(id)
    await one.ended
    return one.job
  }

  cancel(id: string): void {
    this.find(id).abort.abort()
  }

  goOn(id: string, item: string, way: WayOn): void {
    this.find(id).goOn(item, way)
  }

  async cancelAll(): Promise<void> {
    for (const one of this.jobs) if (one.job.state === 'running') one.abort.abort()
    await Promise.all(this.jobs.map((one) => one.ended))
  }

  private find(id: string): RunningJob {
    const one = this.jobs.find((job) => job.job.id === id)
    if (one === undefined) throw new Failure('job-unknown', { found: id })
    return one
  }
}
