import type { DriveName } from '../../../shared/drives.ts'
import { transferIdOf, type Digest } from '../../../shared/digest.ts'
import type { Capacity, Disposition } from '../../../shared/media.ts'
import {
  isDisposition,
  labelKey,
  sealFits,
  statesAfter,
  type MediumKind,
  type MediumState,
} from '../../../shared/rules/media.ts'
import type { Keyholder } from '../../../shared/rules/roles.ts'
import type { LedgerEvent } from '../../ledger/event.ts'
import { canonical } from '../../platform/json.ts'
import type { FactsOf, Recorded } from './facts.ts'
import { registerActOf } from './media.ts'
import type { RegisterAct } from './media-facts.ts'

/* The register of media, as the events of a ledger tell it. Nothing of it is stored; an act that does not follow from those before it counts for nothing. */

/** What became of a medium by one event. */
interface Step {
  readonly sequence: number
  readonly at: string
  readonly by: readonly string[]
  readonly state: MediumState
}

export interface Medium {
  readonly label: string
  readonly serial: string | null
  readonly kind: MediumKind
  readonly marking: string | null
  readonly owner: string | null
  readonly drive: DriveName | null
  readonly size: number | null
  state: MediumState
  /** Waybills that are on it, as far as this desk knows, since it was last sanitised. */
  holds: Digest[]
  /** Every waybill that was ever on it. */
  readonly held: Set<Digest>
  capacity: (Capacity & { readonly at: string }) | null
  filled: (FactsOf<'media.filled'> & { readonly at: string }) | null
  seal: string | null
  disposition:
    | (Disposition & {
        readonly state: 'sanitised' | 'destroyed'
        readonly at: string
        readonly reason: string
        readonly by: readonly string[]
      })
    | null
  readonly history: Step[]
}

/** An act that one person signed and another still has to. */
export interface WaitingAct {
  readonly number: number
  readonly at: string
  readonly act: RegisterAct
  readonly first: Keyholder
}

export interface Arrival extends FactsOf<'media.arrived'> {
  readonly sequence: number
  readonly at: string
}

interface Around {
  readonly sequence: number
  readonly at: string
  readonly by: readonly string[]
}

/** The media of a desk. Events are given to it in their order. */
export class Register {
  readonly media = new Map<string, Medium>()
  readonly waiting = new Map<number, WaitingAct>()
  readonly arrivals: Arrival[] = []
  /** Which medium a writing went to. */
  private readonly runs = new Map<string, Medium>()
  /** Which medium accepted content goes to, by its consignment. */
  private readonly exporting = new Map<string, Medium>()

  find(label: string): Medium | null {
    return this.media.get(labelKey(label)) ?? null
  }

  /** The medium that a drive is, by the serial that it says of itself; what is destroyed is none any more. */
  ofSerial(serial: string | null): Medium | null {
    if (serial === null) return null
    return [...this.media.values()].find((one) => one.serial === serial && one.state !== 'destroyed') ?? null
  }

  ofRun(run: string | null): Medium | null {
    return run === null ? null : (this.runs.get(run) ?? null)
  }

  /** The media that this waybill was ever on. */
  carried(waybill: Digest): Medium[] {
    return [...this.media.values()].filter(({ held }) => held.has(waybill))
  }

  arrivalsOf(waybill: Digest): Arrival[] {
    const transfer = transferIdOf(waybill)
    return this.arrivals.filter((one) => one.transfer === transfer)
  }

  take(event: LedgerEvent, recorded: Recorded): void {
    const person = event.actors.find((actor) => actor.kind === 'person')
    const around = { sequence: event.sequence, at: event.time.at, by: [] }
    if (recorded.type === 'media.registered' || recorded.type === 'media.changed')
      this.first(recorded, person?.fingerprint ?? '', around)
    else if (recorded.type === 'media.signed') this.second(recorded.facts, around)
    else this.follow(recorded, around)
  }

  private first(
    recorded: Extract<Recorded, { type: 'media.registered' | 'media.changed' }>,
    fingerprint: string,
    around: Around,
  ): void {
    const { people, by } = recorded.facts
    const act = registerActOf(recorded)
    // A later act on a medium takes the place of one that waits.
    for (const [number, one] of this.waiting)
      if (labelKey(one.act.label) === labelKey(act.label)) this.waiting.delete(number)
    if (people < 2 || by === null) this.apply(act, { ...around, by: by === null ? [] : [by.name] })
    else {
      const first = { person: by.person, name: by.name, fingerprint }
      this.waiting.set(around.sequence, { number: around.sequence, at: around.at, act, first })
    }
  }

  private second({ number, act, first, by }: FactsOf<'media.signed'>, around: Around): void {
    const waits = this.waiting.get(number)
    if (waits === undefined || !canonical(waits.act).equals(canonical(act))) return
    if (waits.first.person !== first.person || waits.first.fingerprint !== first.fingerprint) return
    this.waiting.delete(number)
    this.apply(waits.act, { ...around, by: [waits.first.name, by.name] })
  }

  private apply(act: RegisterAct, around: Around): void {
    if (act.deed === 'register') {
      if (this.find(act.label) !== null || this.ofSerial(act.serial) !== null) return
      const { label, serial, kind, marking, owner, drive, size } = act
      const made: Medium = {
        ...{ label, serial, kind, marking, owner, drive, size, state: 'registered' },
        ...{ holds: [], held: new Set() },
        ...{ capacity: null, filled: null, seal: null, disposition: null, history: [] },
      }
      this.media.set(labelKey(label), made)
      this.step(made, 'registered', around)
      return
    }
    const medium = this.find(act.label)
    if (medium === null || !statesAfter(medium.state).includes(act.state)) return
    if (isDisposition(act.state) && act.disposition !== null) {
      const { state, reason } = act as typeof act & { state: 'sanitised' | 'destroyed' }
      medium.disposition = { ...act.disposition, state, at: around.at, reason, by: around.by }
      medium.holds = []
      medium.seal = null
    }
    this.step(medium, act.state, around)
  }

  private step(medium: Medium, state: MediumState, { sequence, at, by }: Around): void {
    medium.state = state
    medium.history.push({ sequence, at, by, state })
  }

  // What follows from an act with a medium. What is destroyed or lost is so until somebody says otherwise.
  private came(medium: Medium | null, state: MediumState, around: Around): void {
    if (medium === null) return
    const stays =
      ['destroyed', 'lost'].includes(medium.state) || (medium.state === 'spoiled' && state !== 'in-transit')
    this.step(medium, stays ? medium.state : state, around)
  }

  private follow(recorded: Recorded, around: Around): void {
    switch (recorded.type) {
      case 'write.started': {
        const medium = this.ofSerial(recorded.facts.drive?.serial ?? null)
        if (medium !== null) this.runs.set(recorded.facts.run, medium)
        return
      }
      case 'write.done':
        this.wrote(this.ofRun(recorded.facts.run), recorded.facts.waybill, around)
        return
      case 'write.failed':
        this.came(this.ofRun(recorded.facts.run), 'spoiled', around)
        return
      case 'export.started': {
        const { consignment, drive } = recorded.facts
        const found = this.ofSerial(drive?.serial ?? null)
        if (found !== null) this.exporting.set(consignment, found)
        return
      }
      case 'export.failed':
        this.came(this.exporting.get(recorded.facts.consignment) ?? null, 'spoiled', around)
        this.exporting.delete(recorded.facts.consignment)
        return
      case 'export.done': {
        const { consignment, medium, waybill } = recorded.facts
        this.exporting.delete(consignment)
        const found = this.ofSerial(medium?.drive?.serial ?? null)
        if (medium !== undefined && found !== null) this.runs.set(medium.run, found)
        this.wrote(found, waybill, around)
        return
      }
      case 'readback.done': {
        const { drive, run, scope, outcome } = recorded.facts
        const medium = drive === null ? this.ofRun(run) : this.ofSerial(drive.serial)
        if (scope === 'medium' && medium !== null)
          this.came(medium, outcome === 'passed' ? medium.state : 'spoiled', around)
        return
      }
      case 'verify.done': {
        const { drive, waybill, again } = recorded.facts
        const medium = again ? null : this.ofSerial(drive?.serial ?? null)
        if (waybill !== null) this.holds(medium, waybill)
        this.came(medium, 'received', around)
        return
      }
      default:
        this.followMedia(recorded, around)
    }
  }

  private wrote(medium: Medium | null, waybill: Digest, around: Around): void {
    this.holds(medium, waybill)
    this.came(medium, 'written', around)
  }

  private holds(medium: Medium | null, waybill: Digest): void {
    if (medium === null) return
    if (!medium.holds.includes(waybill)) medium.holds.push(waybill)
    medium.held.add(waybill)
  }

  private followMedia(recorded: Recorded, around: Around): void {
    switch (recorded.type) {
      case 'media.filled': {
        const medium = this.find(recorded.facts.label)
        if (medium === null) return
        medium.filled = { ...recorded.facts, at: around.at }
        this.step(medium, medium.state, around)
        return
      }
      case 'media.tested':
        this.tested(this.find(recorded.facts.label), recorded.facts, around)
        return
      case 'media.handed':
        for (const { label, run, seal } of recorded.facts.media) {
          const medium = label === null ? this.ofRun(run) : this.find(label)
          if (medium === null) continue
          medium.seal = seal
          this.came(medium, 'in-transit', around)
        }
        return
      case 'media.arrived': {
        const { sequence, at } = around
        this.arrivals.push({ ...recorded.facts, sequence, at })
        const { label } = recorded.facts
        const medium = label === null ? null : this.find(label)
        if (medium !== null) medium.seal = null
        this.came(medium, 'received', around)
        return
      }
      default:
    }
  }

  private tested(medium: Medium | null, facts: FactsOf<'media.tested'>, around: Around): void {
    if (medium === null) return
    const { free, written, right, wrongAt, error, out, passed } = facts
    medium.capacity = { free, written, right, wrongAt, error, out, passed, at: around.at }
    medium.filled = null
    const blank = medium.state === 'registered' || medium.state === 'sanitised'
    this.came(medium, passed ? (blank ? 'blank' : medium.state) : 'spoiled', around)
  }
}

/** Whether a seal that differed stands in the way: until a security officer clears it. */
export function isSealAlarm(arrivals: readonly Arrival[]): boolean {
  let alarm = false
  for (const { seal, by } of arrivals) {
    if (!sealFits(seal)) alarm = true
    else if (by !== null) alarm = false
  }
  return alarm
}
