import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Digest } from '../../../shared/digest.ts'
import type { Waybill } from '../../../shared/waybill.ts'
import type { RealDesk } from './desk.ts'
import { newHigh, type HighState, type Signed } from './high-model.ts'
import { newLow, type Bundle, type LowState } from './low-model.ts'
import type { World } from './world.ts'

/* One history: what really happened to three desks, beside what the models say of them. */

/** What lies between the desks: a bundle that somebody carries, once or as often as they like. */
export interface Medium {
  readonly path: string
  readonly bundle: Signed
  /** `damaged`: in what the waybill determines; `torn`: where its signatures are looked at before anything is read. */
  readonly kind: 'good' | 'damaged' | 'torn'
  /** The content of its file; `null` of what was forged. */
  readonly text: string | null
}

/** What people wrote down of a decision; nothing takes it back. */
export interface Paper {
  readonly bundle: Bundle
  readonly decided: 'accepted' | 'rejected'
}

interface Backup<State> {
  readonly folder: string
  readonly state: State
  readonly size: number
}

/** A high desk: the real one, its model, and what people know besides. */
export interface Side {
  readonly desk: RealDesk
  state: HighState
  readonly paper: Paper[]
  /** The highest epoch that was ever in force here. */
  epoch: number
  /** What its consignments are about, by their ids. */
  readonly known: Map<string, Signed>
  readonly backups: Backup<HighState>[]
}

/** Random numbers from a seed, the same every time. */
export function randomOf(seed: number): {
  below(n: number): number
  pick<Item>(from: readonly Item[]): Item
} {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const below = (n: number): number => Math.floor(next() * n)
  return { below, pick: (from) => from[below(from.length)]! }
}

/** Everything that a history has come to. */
export class History {
  readonly world: World
  readonly random: ReturnType<typeof randomOf>
  low: LowState = newLow()
  readonly lowBackups: Backup<LowState>[] = []
  /** How often the low desk was put back. */
  branch = 0
  readonly sides: readonly [Side, Side]
  readonly media: Medium[] = []
  /** Bundles that the right people signed and no low desk made. */
  readonly lies = new Set<Digest>()
  /** What was done, for whoever has to look at it. */
  readonly trace: string[] = []
  /** What came of each kind of act, and how often. */
  readonly came = new Map<string, number>()
  private made = 0

  constructor(world: World, seed: number) {
    this.world = world
    this.random = randomOf(seed)
    const side = (n: 0 | 1): Side => ({
      desk: world.highs[n],
      state: newHigh(world.highIds[n], world.lowId),
      paper: [],
      epoch: 1,
      known: new Map(),
      backups: [],
    })
    this.sides = [side(0), side(1)]
  }

  get now(): string {
    return `${this.world.clock.now().toISOString().slice(0, 19)}Z`
  }

  /** A path that nothing lies at. */
  path(name: string): string {
    return join(this.world.folder, `${name}-${++this.made}`)
  }

  say(what: string, came = 'ok'): void {
    this.trace.push(`${what} → ${came}`)
    const kind = `${what.split(' ')[0] ?? what} ${came}`
    this.came.set(kind, (this.came.get(kind) ?? 0) + 1)
  }

  /** The ledger of the low desk has grown: its new events are of this branch. */
  async growLow(): Promise<void> {
    const { ledger } = await this.world.low.ask('desk.show', {})
    while (this.low.ledger.length < ledger.size) this.low.ledger.push(this.branch)
  }
}

/** What a model says must be so. @throws Error with what was found instead */
export function must(holds: boolean, what: string, found?: unknown): void {
  if (!holds) throw new Error(found === undefined ? what : `${what}: ${JSON.stringify(found)}`)
}

/** The same for two values that must be one. @throws Error */
export function mustBe(found: unknown, wanted: unknown, what: string): void {
  if (isDeepStrictEqual(found, wanted)) return
  throw new Error(`${what}: found ${JSON.stringify(found)}, wanted ${JSON.stringify(wanted)}`)
}

/** The waybill that a low desk keeps under a digest, as it lies in its folder. */
export async function waybillAt(desk: RealDesk, id: string, digest: Digest): Promise<Waybill> {
  const folder = join(desk.folder, 'consignments', id)
  const name = (await readdir(folder)).find((one) => one.includes(digest.slice(7, 23)))
  return JSON.parse(await readFile(join(folder, name ?? ''), 'utf8')) as Waybill
}
