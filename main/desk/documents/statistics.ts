import type { Digest } from '../../../shared/digest.ts'
import { sealFits } from '../../../shared/rules/media.ts'
import { statisticIds, type StatisticId, type Statistics } from '../../../shared/statistics.ts'
import type { Desk } from '../desk.ts'
import type { Recorded } from '../state/facts.ts'
import { recordedOf } from '../state/replay.ts'
import { registerOf } from '../views/register.ts'

/* The numbers of a month, counted from the lines of the ledger. */

const daySeconds = 86_400_000

/** What counting remembers of what came before: how large each waybill is, and when it was released. */
class Tally {
  private readonly counts = new Map<StatisticId, number>(statisticIds.map((id) => [id, 0]))
  private readonly bytes = new Map<Digest, number>()
  private readonly released = new Map<Digest, string>()
  private readonly delays: number[] = []

  add(id: StatisticId, count = 1): void {
    this.counts.set(id, (this.counts.get(id) ?? 0) + count)
  }

  /** @param counted whether the event is of the month that is asked for */
  take(recorded: Recorded, at: string, counted: boolean): void {
    if (recorded.type === 'waybill.sealed' || recorded.type === 'waybill.seen')
      this.bytes.set(recorded.facts.waybill, recorded.facts.bytes)
    if (recorded.type === 'approval.signed' && recorded.facts.released)
      this.released.set(recorded.facts.waybill, at)
    if (counted) this.count(recorded, at)
  }

  private count(recorded: Recorded, at: string): void {
    switch (recorded.type) {
      case 'approval.signed':
        if (recorded.facts.released) this.both('transfers.released', 'bytes.released', recorded.facts.waybill)
        return
      case 'waybill.seen':
        this.add('transfers.seen')
        return
      case 'decision.signed': {
        const { decided, waybill } = recorded.facts
        if (decided === 'accept') this.both('transfers.accepted', 'bytes.accepted', waybill)
        if (decided === 'reject') this.add('transfers.rejected')
        if (decided === 'hold') this.add('transfers.held')
        return
      }
      case 'export.done':
        this.add('exports.done')
        this.add('bytes.exported', recorded.facts.bytes)
        if (recorded.facts.medium !== undefined) this.add('media.written')
        return
      case 'verify.done':
        if (recorded.facts.consignment === null) this.add('media.refused')
        return
      default:
        this.countMedia(recorded, at)
    }
  }

  private countMedia(recorded: Recorded, at: string): void {
    switch (recorded.type) {
      case 'write.done':
        this.add('media.written')
        return
      case 'write.failed':
        this.add('media.write-failed')
        return
      case 'readback.done':
        this.add(recorded.facts.outcome === 'passed' ? 'media.read-back' : 'media.read-back-failed')
        return
      case 'media.tested':
        this.add(recorded.facts.passed ? 'media.tested' : 'media.test-failed')
        return
      case 'media.handed': {
        this.add('media.handed', recorded.facts.media.length)
        const released = this.released.get(recorded.facts.waybill)
        if (released !== undefined) this.delays.push(Date.parse(at) - Date.parse(released))
        return
      }
      case 'media.arrived':
        this.add('media.arrived')
        if (!sealFits(recorded.facts.seal)) this.add('seals.differed')
        return
      default:
    }
  }

  private both(transfers: StatisticId, bytes: StatisticId, waybill: Digest): void {
    this.add(transfers)
    this.add(bytes, this.bytes.get(waybill) ?? 0)
  }

  value(id: StatisticId): number | null {
    if (id !== 'days.to-hand-over') return this.counts.get(id) ?? 0
    if (this.delays.length === 0) return null
    const mean = this.delays.reduce((sum, one) => sum + one, 0) / this.delays.length
    return Math.round((mean / daySeconds) * 10) / 10
  }
}

const becoming = {
  registered: 'media.registered',
  spoiled: 'media.spoiled',
  lost: 'media.lost',
  sanitised: 'media.sanitised',
  destroyed: 'media.destroyed',
} as const

// States follow from more than one event: the register has worked them out.
function countStates(desk: Desk, month: string, tally: Tally): void {
  for (const { history } of registerOf(desk).media.values()) {
    history.forEach(({ at, state }, i) => {
      const became = history[i - 1]?.state !== state && state in becoming
      if (became && at.startsWith(month)) tally.add(becoming[state as keyof typeof becoming])
    })
  }
}

/** The month of the newest event. */
export const newestMonth = (desk: Desk): string =>
  (desk.lines.at(desk.lines.size - 1)?.time.at ?? desk.now()).slice(0, 7)

/** The numbers of a month, by the clock that each event claims. */
export function statisticsOf(desk: Desk, month: string): Statistics {
  const tally = new Tally()
  for (let place = 0; place < desk.lines.size; place++) {
    const event = desk.lines.at(place)
    if (event !== undefined) tally.take(recordedOf(event), event.time.at, event.time.at.startsWith(month))
  }
  countStates(desk, month, tally)
  const lines = statisticIds.map((id) => ({ id, value: tally.value(id) }))
  return { month, whole: newestMonth(desk) > month, lines }
}
