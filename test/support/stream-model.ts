import { orderOf, type OrderAnswer } from '../../shared/rules/order.ts'
import type { Asked, Void } from '../../shared/rules/stream-memory.ts'
import type { Digest } from '../../shared/digest.ts'
import { newConsignment, type Consignment } from '../../main/desk/state/consignment.ts'
import type { FactsOf } from '../../main/desk/state/facts.ts'
import {
  epochOf,
  newOrder,
  noteDecided,
  notePutBack,
  noteRelease,
  noteSeen,
  raiseEpoch,
} from '../../main/desk/state/order.ts'
import { memoryOf } from '../../main/desk/state/remembered.ts'
import type { DeskState } from '../../main/desk/state/state.ts'
import { barredWay, nextIn, oldWaybill, replacedBy } from '../../main/desk/state/streams.ts'

/*
 * Desks as far as the order of a stream goes: the product's own rules and states, without people, files or time. One
 * sender, as many receivers as are wanted, and whatever lies between them.
 */

const channel = 'payments'
const sender = 'a'.repeat(64)
const now = '2026-11-22T09:00:00Z'
let made = 0
const newDigest = (): Digest => `sha256:${String(++made).padStart(64, '0')}`

/** What lies on a medium: a waybill, by its entries. Written once, it can be read anywhere and at any time. */
export interface Medium {
  readonly digest: Digest
  readonly epoch: number
  readonly entries: readonly {
    readonly desk: string
    readonly sequence: number
    readonly previous: Digest | null
  }[]
  readonly voids: readonly (Void & { readonly desk: string })[]
  readonly forged: boolean
}

type Sealed = FactsOf<'waybill.sealed'>

/** A low desk. */
export class Sender {
  state = { consignments: new Map<string, Consignment>(), order: newOrder(), revoked: new Map() }
  private get desk(): DeskState {
    return this.state as unknown as DeskState
  }
  private get all(): Consignment[] {
    return [...this.state.consignments.values()]
  }

  private seal(one: Consignment, desks: readonly string[]): void {
    const replaces = replacedBy(this.desk, one, now)
    const { numbers, voids } = nextIn(this.desk, channel, desks, replaces)
    const facts = {
      waybill: newDigest(),
      channel,
      epoch: epochOf(this.state.order, channel),
      expires: '2099-01-01T00:00:00Z',
      destinations: numbers.map((entry) => ({ ...entry, sender, channel, destination: entry.desk })),
      voids: voids.map(({ desk, sequence, digest }) => ({ desk, sequence, digest })),
      replaces,
    } as unknown as Sealed
    // As the event does it (low.ts): what was released keeps its number.
    if (one.made !== null && one.releasedAt !== null) {
      const given = one.dropped?.voided === true ? one.dropped.reason : null
      const voided = given ?? (replaces?.voided === true ? replaces.reason : null)
      one.replaced.push({ made: one.made, voided, writings: [] })
      one.releasedAt = null
      one.dropped = null
    }
    one.made = facts
    one.waybill = facts.waybill
    one.state = 'collected'
  }

  collect(desks: readonly string[]): void {
    const one = newConsignment(`c-${this.state.consignments.size}-${++made}`, now)
    this.state.consignments.set(one.id, one)
    this.seal(one, desks)
  }

  /** The last required signature, where it is allowed. */
  release(one: Consignment): boolean {
    if (one.releasedAt !== null || oldWaybill(this.desk, one, now) !== null) return false
    one.releasedAt = now
    one.state = 'released'
    return true
  }

  again(one: Consignment): boolean {
    const may = one.releasedAt === null ? one.dropped === null : barredWay(this.desk, one, now) !== null
    if (may) this.seal(one, one.made?.destinations.map((entry) => entry.destination) ?? [])
    return may
  }

  drop(one: Consignment): void {
    if (one.dropped !== null) return
    one.dropped = { reason: 'lost', voided: one.releasedAt !== null }
  }

  /** A medium of a released waybill, whatever was released since; `null` where its way is barred. */
  write(one: Consignment): Medium | null {
    const { made: sealed } = one
    if (sealed === null || one.releasedAt === null || oldWaybill(this.desk, one, now) !== null) return null
    return {
      digest: sealed.waybill,
      epoch: sealed.epoch,
      entries: sealed.destinations.map(({ destination, sequence, previous }) => {
        return { desk: destination, sequence, previous }
      }),
      voids: (sealed.voids ?? []).map((told) => ({ ...told })),
      forged: false,
    }
  }

  raise(to: number): void {
    raiseEpoch(this.state.order, channel, to)
  }

  get epoch(): number {
    return epochOf(this.state.order, channel)
  }

  get consignments(): readonly Consignment[] {
    return this.all
  }
}

/** What was decided, in the order in which it was. */
export interface Decision {
  readonly medium: Medium
  readonly outcome: 'accepted' | 'rejected'
  readonly sequence: number
}

/** A high desk. */
export class Receiver {
  readonly id: string
  order = newOrder()
  decisions: Decision[] = []
  private readonly trust: DeskState['trust'] = []

  constructor(id: string) {
    this.id = id
  }

  private asked(medium: Medium): Asked | null {
    const entry = medium.entries.find((one) => one.desk === this.id)
    if (entry === undefined) return null
    const voids = medium.voids
      .filter((one) => one.desk === this.id)
      .map(({ sequence, digest }) => ({ sequence, digest }))
    const { sequence, previous } = entry
    return { sender, epoch: medium.epoch, sequence, digest: medium.digest, previous, voids, head: null }
  }

  get memory(): ReturnType<typeof memoryOf> {
    return memoryOf({ order: this.order, trust: this.trust }, sender, channel)
  }

  /** Reads a medium: what the order says, and then it is seen. `null` where it is for another desk. */
  read(medium: Medium): OrderAnswer | null {
    const asked = this.asked(medium)
    if (asked === null) return null
    const answer = orderOf(this.memory, asked)
    noteSeen(this.order, {
      consignment: medium.digest,
      waybill: medium.digest,
      epoch: medium.epoch,
      stream: { sender, channel, destination: this.id, sequence: asked.sequence, previous: asked.previous },
      voids: asked.voids,
      head: null,
      signers: [],
      counted: true,
    } as unknown as FactsOf<'waybill.seen'>)
    return answer
  }

  decide(medium: Medium, outcome: 'accepted' | 'rejected'): void {
    noteDecided(this.order, medium.digest, outcome)
    this.decisions.push({ medium, outcome, sequence: this.asked(medium)?.sequence ?? 0 })
  }

  /** Two officers release what holds a medium; for a lost state they state what `truth` decided. */
  releaseHold(medium: Medium, truth: readonly Decision[]): void {
    const answer = this.read(medium)
    if (answer?.first?.effect !== 'held') return
    const { row, rests } = answer.first
    const epoch = epochOf(this.order, channel)
    const there = truth.filter((one) => one.medium.epoch === epoch)
    const accepted = there.filter((one) => one.outcome === 'accepted').sort((a, b) => b.sequence - a.sequence)
    const last = accepted[0]
    const recovery = {
      epoch,
      accepted: last === undefined ? null : { sequence: last.sequence, digest: last.medium.digest },
      rejected: there.filter((one) => one.outcome === 'rejected').map((one) => one.medium.digest),
    }
    noteRelease(this.order, {
      kind: 'stream.release',
      consignment: medium.digest,
      waybill: medium.digest,
      row,
      rests: { ...rests, others: [...rests.others], missing: [...rests.missing] },
      recovery: row === 'order.state' ? recovery : null,
    })
  }

  raise(to: number): void {
    raiseEpoch(this.order, channel, to)
  }

  get epoch(): number {
    return epochOf(this.order, channel)
  }

  putBack(): void {
    notePutBack(this.order)
  }
}
