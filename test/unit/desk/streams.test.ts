import { describe, expect, it } from 'vitest'
import { Receiver, Sender, type Decision, type Medium } from '../../support/stream-model.ts'

/*
 * Random histories of a sender and its receivers, by the product's own rules and states. Nothing honest is refused for
 * good, except what was voided, rejected, superseded or of an older epoch; nothing false is accepted.
 */

function chance(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

interface Kinds {
  readonly desks: number
  /** Whether officers of a receiver release gaps on the way. */
  readonly releases: boolean
  readonly epochs: boolean
  /** Waybills that trusted signers forge: other content under a number, other voids. */
  readonly forged: boolean
  /** Desks are put back to an earlier state. */
  readonly putBack: boolean
}

/** One history: what the desks did, what lies between them. */
class History {
  private readonly random: () => number
  private readonly kinds: Kinds
  sender = new Sender()
  readonly receivers: Receiver[]
  readonly media: Medium[] = []
  /** What each receiver ever decided, also what it has forgotten. */
  readonly truth = new Map<string, Decision[]>()
  senderLost = false
  readonly counts = { accepted: 0, refused: 0, held: 0, released: 0, looked: 0 }

  constructor(seed: number, kinds: Kinds) {
    this.random = chance(seed)
    this.kinds = kinds
    this.receivers = Array.from({ length: kinds.desks }, (_, i) => new Receiver(String(i + 1).repeat(64)))
    for (const one of this.receivers) this.truth.set(one.id, [])
  }

  pick<Value>(values: readonly Value[]): Value | undefined {
    return values[Math.floor(this.random() * values.length)]
  }

  chances(one: number): boolean {
    return this.random() < one
  }

  private truthOf(receiver: Receiver): Decision[] {
    return this.truth.get(receiver.id) ?? []
  }

  decide(receiver: Receiver, medium: Medium, outcome: 'accepted' | 'rejected'): void {
    receiver.decide(medium, outcome)
    const last = receiver.decisions.at(-1)
    if (last !== undefined) this.truthOf(receiver).push(last)
    if (outcome === 'accepted') this.counts.accepted += 1
  }

  /** Reads a medium and decides nothing. */
  look(receiver: Receiver, medium: Medium): void {
    const answer = receiver.read(medium)
    if (answer !== null) this.counts[answer.first?.effect ?? 'looked'] += 1
  }

  /** Reads a medium; what passes may be decided. Gives the first row that applies. */
  read(receiver: Receiver, medium: Medium, accepts: number): string {
    const answer = receiver.read(medium)
    if (answer === null) return 'elsewhere'
    if (answer.first !== null) {
      this.counts[answer.first.effect] += 1
      return `${answer.first.row} ${answer.first.effect}`
    }
    if (this.chances(accepts)) {
      this.checkAccept(receiver, medium)
      this.decide(receiver, medium, 'accepted')
    } else if (this.chances(0.3)) this.decide(receiver, medium, 'rejected')
    return 'passes'
  }

  /** Nothing false is accepted: the sentences of the design, about what this desk has not forgotten. */
  private checkAccept(receiver: Receiver, medium: Medium): void {
    const { memory } = receiver
    const own = medium.entries.find((one) => one.desk === receiver.id)
    const sequence = own?.sequence ?? 0
    const here = receiver.decisions.filter((one) => one.medium.epoch === medium.epoch)
    const accepted = here.filter((one) => one.outcome === 'accepted')
    expect(medium.epoch).toBe(memory.epoch)
    expect(accepted.every((one) => one.sequence < sequence)).toBe(true)
    expect(receiver.decisions.some((one) => one.medium.digest === medium.digest)).toBe(false)
    const voiding = accepted.some((one) =>
      one.medium.voids.some(
        (told) => told.digest === medium.digest && told.desk === receiver.id && told.sequence === sequence,
      ),
    )
    expect(voiding).toBe(false)
    if (this.kinds.releases || this.kinds.putBack) return
    // Every number passed over was rejected or is void by this waybill, an accepted one, or one seen and not rejected.
    const last = Math.max(0, ...accepted.map((one) => one.sequence))
    const known = memory.seen.filter((one) => one.epoch === medium.epoch && one.decided !== 'rejected')
    const told = new Set(
      [...medium.voids.filter((one) => one.desk === receiver.id), ...known.flatMap((one) => one.voids)].map(
        (one) => one.sequence,
      ),
    )
    const rejected = new Set(here.filter((one) => one.outcome === 'rejected').map((one) => one.sequence))
    for (let number = last + 1; number < sequence; number++)
      expect(told.has(number) || rejected.has(number)).toBe(true)
  }

  private forge(): void {
    const base = this.pick(this.media)
    if (base === undefined) return
    const other = this.pick(this.media) ?? base
    const shift = Math.floor(this.random() * 3) - 1
    const entries = base.entries.map((one) => {
      const sequence = Math.max(1, one.sequence + shift)
      return { ...one, sequence, previous: this.chances(0.5) ? one.previous : other.digest }
    })
    const target = this.pick(other.entries)
    const below = entries.some((one) => one.desk === target?.desk && target.sequence < one.sequence)
    const lie = target !== undefined && below && this.chances(0.5)
    const digest = this.chances(0.7)
      ? other.digest
      : (`sha256:${'f'.repeat(60)}${String(this.media.length).padStart(4, '0')}` as const)
    const voids = lie ? [{ desk: target.desk, sequence: target.sequence, digest }] : []
    const own = `sha256:${'e'.repeat(58)}${String(this.media.length).padStart(6, '0')}` as const
    this.media.push({ digest: own, epoch: base.epoch, entries, voids, forged: true })
  }

  private lowStep(): void {
    const { sender } = this
    const one = this.pick(sender.consignments)
    const desks = this.receivers.map((receiver) => receiver.id).filter(() => this.chances(0.8))
    const dice = this.random()
    if (one === undefined || dice < 0.3)
      sender.collect(desks.length === 0 ? [this.receivers[0]?.id ?? ''] : desks)
    else if (dice < 0.55) sender.release(one)
    else if (dice < 0.65) sender.again(one)
    else if (dice < 0.72) sender.drop(one)
    else if (dice < 0.74 && this.kinds.epochs) sender.raise(sender.epoch + 1)
    else this.write(one.id)
  }

  write(id: string): Medium | null {
    const one = this.sender.state.consignments.get(id)
    const medium = one === undefined ? null : this.sender.write(one)
    if (medium !== null) this.media.push(medium)
    return medium
  }

  private highStep(): void {
    const receiver = this.pick(this.receivers)
    // Newer media are likelier to be at hand, but any may come, and come again.
    const medium = this.chances(0.5) ? this.media.at(-1) : this.pick(this.media)
    if (receiver === undefined || medium === undefined) return
    const row = this.read(receiver, medium, 0.7)
    if (row.endsWith('held') && this.kinds.releases && this.chances(0.2)) {
      receiver.releaseHold(medium, this.truthOf(receiver))
      this.counts.released += 1
    }
    if (this.kinds.epochs && receiver.epoch < this.sender.epoch && this.chances(0.1))
      receiver.raise(this.sender.epoch)
  }

  run(steps: number): void {
    let backup = structuredClone(this.sender.state)
    const receiver = this.receivers[0]
    let stored = structuredClone({ order: receiver?.order, decisions: receiver?.decisions })
    for (let step = 0; step < steps; step++) {
      if (this.kinds.forged && this.chances(0.05)) this.forge()
      if (this.kinds.putBack && receiver !== undefined) {
        if (this.chances(0.03)) backup = structuredClone(this.sender.state)
        if (this.chances(0.03))
          stored = structuredClone({ order: receiver.order, decisions: receiver.decisions })
        if (this.chances(0.02)) {
          this.sender.state = structuredClone(backup)
          this.senderLost = true
        }
        if (this.chances(0.02) && stored.order !== undefined) {
          receiver.order = structuredClone(stored.order)
          receiver.decisions = structuredClone(stored.decisions ?? [])
          // Whether the desk finds out is up to the head that is kept elsewhere.
          if (this.chances(0.5)) receiver.putBack()
        }
      }
      if (this.chances(0.55)) this.lowStep()
      else this.highStep()
    }
  }
}

/** What an honest waybill was in the end, where it was not accepted: why that is right. `null` where nothing says so. */
function excuse(receiver: Receiver, medium: Medium): string | null {
  const { memory } = receiver
  const own = memory.seen.find((one) => one.digest === medium.digest)
  const number = medium.entries.find((one) => one.desk === receiver.id)?.sequence ?? 0
  if (medium.epoch < memory.epoch) return 'older epoch'
  if (own?.decided === 'rejected') return 'rejected'
  if (memory.recoveries.some((one) => one.rejected.includes(medium.digest))) return 'rejected'
  const accepted = memory.seen.filter((one) => one.epoch === medium.epoch && one.decided === 'accepted')
  const stated = memory.recoveries.flatMap((one) =>
    one.epoch === medium.epoch && one.accepted !== null ? [one.accepted] : [],
  )
  if ([...accepted, ...stated].some((one) => one.sequence >= number)) return 'superseded'
  const voids = memory.seen.filter((one) => one.decided === 'accepted').flatMap((one) => one.voids)
  return voids.some((one) => one.digest === medium.digest) ? 'voided' : null
}

/** Both sides do what the desks advise, until nothing more moves: then everything honest must have come through. */
function settle(history: History): void {
  const { sender, receivers } = history
  // A sender that was put back goes above every epoch that anybody knows; so does one whose receivers are ahead.
  const highest = Math.max(
    sender.epoch,
    ...receivers.map((one) => one.epoch),
    ...history.media.map((one) => one.epoch),
  )
  if (history.senderLost) sender.raise(highest + 1)
  // Everything that is barred and not given up is made again and released.
  for (const one of sender.consignments) {
    if (one.dropped !== null) continue
    if (!sender.release(one) && sender.again(one)) sender.release(one)
  }
  sender.collect(receivers.map((one) => one.id))
  const last = sender.consignments.at(-1)
  if (last !== undefined) expect(sender.release(last)).toBe(true)
  const honest = sender.consignments.flatMap((one) => sender.write(one) ?? [])
  for (const receiver of receivers) {
    if (receiver.epoch < sender.epoch) receiver.raise(sender.epoch)
    // The people know which ones the sender made: they reject what it did not.
    for (const medium of history.media) {
      const seen = receiver.memory.seen.find((one) => one.digest === medium.digest)
      if (medium.forged && seen?.decided === null) history.decide(receiver, medium, 'rejected')
    }
    const numberOf = (medium: Medium): number =>
      medium.entries.find((one) => one.desk === receiver.id)?.sequence ?? 0
    const mine = honest.filter((one) => numberOf(one) > 0).sort((a, b) => numberOf(a) - numberOf(b))
    expect(mine.length).toBeGreaterThan(0)
    // A void is told by what was made after it: a hold may end with the reading of a later medium.
    for (const medium of mine) history.look(receiver, medium)
    for (const medium of mine) {
      for (let round = 0; round < 4; round++) {
        if (!history.read(receiver, medium, 1).endsWith('held')) break
        receiver.releaseHold(medium, history.truth.get(receiver.id) ?? [])
        history.counts.released += 1
      }
      const accepted = receiver.decisions.some(
        (one) => one.outcome === 'accepted' && one.medium.digest === medium.digest,
      )
      if (!accepted) expect(excuse(receiver, medium)).not.toBeNull()
    }
    const newest = mine.at(-1)
    // The newest of the sender passes everywhere, unless a forged one that people accepted stands above it.
    const there = receiver.memory.seen.filter(
      (one) => one.epoch === newest?.epoch && one.decided === 'accepted',
    )
    const over = history.media.some((one) => one.forged && there.some((seen) => seen.digest === one.digest))
    if (!over) expect(there.some((one) => one.digest === newest?.digest)).toBe(true)
  }
}

function tried(kinds: Kinds, histories: number, steps: number): Record<string, number> {
  const total: Record<string, number> = {}
  for (let seed = 1; seed <= histories; seed++) {
    const history = new History(seed, kinds)
    try {
      history.run(steps)
      settle(history)
    } catch (error) {
      throw new Error(`seed ${seed}: ${error instanceof Error ? (error.stack ?? '') : ''}`, { cause: error })
    }
    for (const [what, count] of Object.entries(history.counts)) total[what] = (total[what] ?? 0) + count
  }
  return total
}

const quiet: Kinds = { desks: 1, releases: false, epochs: false, forged: false, putBack: false }

describe('histories of two and three desks', () => {
  it('honest ones need no release at all', () => {
    const total = tried({ ...quiet, desks: 2 }, 2000, 40)
    expect(total['accepted']).toBeGreaterThan(4000)
    expect(total['released']).toBe(0)
  })

  it('with epochs: none either, each begins at number 1', () => {
    expect(tried({ ...quiet, desks: 2, epochs: true }, 1500, 50)['released']).toBe(0)
    tried({ ...quiet, desks: 2, epochs: true, releases: true }, 1500, 50)
  })

  it('with trusted signers who forge', () => {
    tried({ ...quiet, desks: 2, forged: true }, 1500, 50)
    tried({ ...quiet, desks: 1, forged: true, releases: true, epochs: true }, 1000, 50)
  })

  it('with desks that are put back', () => {
    tried({ ...quiet, desks: 2, putBack: true, epochs: true, releases: true }, 1500, 60)
    tried({ desks: 1, putBack: true, epochs: true, releases: true, forged: true }, 1000, 60)
  })
})
