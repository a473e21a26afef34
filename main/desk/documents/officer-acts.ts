import type { CrossingRecord } from '../../report/record.ts'
import type { Change } from '../state/change.ts'
import type { Consignment } from '../state/consignment.ts'
import type { DeskState } from '../state/state.ts'
import { ownerOf } from '../state/state.ts'
import { changeWords } from '../views/change-words.ts'

// A release says what its stream had forgotten: it concerns every crossing of that sender and channel.
function concerns(state: DeskState, one: Consignment, change: Change): boolean {
  switch (change.kind) {
    case 'stream.epoch':
    case 'stream.move':
      return change.channel === one.channel
    case 'stream.release': {
      const released = state.consignments.get(change.consignment)
      return released?.channel === one.channel && released.sender?.id === one.sender?.id
    }
    default:
      return false
  }
}

// What a recovery does not state was known here once and is not any more.
function unstated(change: Change): string {
  if (change.kind !== 'stream.release' || change.recovery === null) return ''
  const { accepted, rejected } = change.recovery
  const missing = [
    ...(accepted === null ? ['a last accepted number'] : []),
    ...(rejected.length === 0 ? ['rejected digests'] : []),
  ]
  return missing.length === 0
    ? ''
    : `. Not stated: ${missing.join(' and ')}; what this desk knew of them before is lost`
}

/** What officers did about the stream of a crossing, and that this desk was put back: as its ledger tells it. */
export function officerActs(state: DeskState, one: Consignment): CrossingRecord['officers'] {
  const restored = state.restored.map(({ at, by, kept, found }) => ({
    at,
    by: [...by],
    sentence: changeWords({ kind: 'desk.restored', kept, found }, String),
  }))
  const signed = state.changes.flatMap(({ document: { change }, proposed, signed: second }) => {
    if (second === null || !concerns(state, one, change)) return []
    const sentence = changeWords(change, (key) => ownerOf(state, key)) + unstated(change)
    return [{ at: second.at, by: [proposed.name, second.name], sentence }]
  })
  return [...restored, ...signed].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
}
