import type { Recorded, FactsOf } from './facts.ts'
import type { DecisionHalf } from './consignment.ts'
import { noteDecided, noteSeen } from './order.ts'
import { consignmentIn, type Around, type DeskState } from './state.ts'

function see(state: DeskState, facts: FactsOf<'waybill.seen'>, at: string): void {
  const one = consignmentIn(state, facts.consignment, at)
  one.waybill = facts.waybill
  one.name = facts.name
  one.channel = facts.stream?.channel ?? null
  one.sequence = facts.stream?.sequence ?? null
  one.sender = { id: facts.stream?.sender ?? '', name: facts.senderName }
  one.created = facts.created
  one.expires = facts.expires
  one.requester = facts.requester
  one.reason = facts.reason
  one.marking = facts.marking
  one.items = facts.items
  one.bytes = facts.bytes
  one.destinations = facts.destinations
  one.signers = facts.signers
  noteSeen(state.order, facts)
}

function decide(state: DeskState, half: DecisionHalf, at: string): void {
  const one = consignmentIn(state, half.consignment, at)
  one.halves.push(half)
  one.state = 'deciding'
  if (half.decided === null) return
  one.decided = half.decided
  one.decidedAt = at
  if (half.decided === 'hold') {
    one.state = 'held'
    return
  }
  one.state = half.decided === 'accept' ? 'accepted' : 'rejected'
  const about = { epoch: state.order.owners.get(one.channel ?? '')?.epoch ?? 1, created: one.created ?? at }
  noteDecided(state.order, half.waybill, half.decided === 'accept' ? 'accepted' : 'rejected', about)
  if (half.decided !== 'reject') return
  // A cause counts only where both people named it.
  const [first, second] = one.halves.filter((other) => other.outcome === 'reject').slice(-2)
  for (const cause of first?.causes ?? [])
    if (second?.causes.includes(cause) === true) state.causes.add(cause)
}

function verified(state: DeskState, facts: FactsOf<'verify.done'>, at: string): void {
  if (facts.consignment === null) return
  const one = consignmentIn(state, facts.consignment, at)
  one.waybill = facts.waybill
  // A replay of something decided is recorded and changes nothing about the decision.
  if (one.decided === 'accept' || one.decided === 'reject') return
  one.verdict = {
    digest: facts.verdict,
    outcome: facts.outcome,
    counts: facts.counts,
    scope: facts.scope,
    evidence: facts.evidence,
    at,
  }
  // A new verdict voids half a decision, and a hold is decided anew.
  one.halves = []
  one.decided = null
  one.state = 'arrived'
}

/** The events of a high desk: verify, decide, move, export; and close and prune, which both sides have. */
export function foldHigh(state: DeskState, recorded: Recorded, around: Around): boolean {
  const { at } = around
  switch (recorded.type) {
    case 'waybill.seen':
      see(state, recorded.facts, at)
      return true
    case 'verify.done':
      verified(state, recorded.facts, at)
      return true
    case 'decision.signed': {
      const actor = around.actors.find((one) => one.kind === 'person')
      decide(state, { ...recorded.facts, fingerprint: actor?.fingerprint ?? '' }, at)
      return true
    }
    case 'content.moved':
      consignmentIn(state, recorded.facts.consignment, at).moved = true
      return true
    case 'export.started':
      consignmentIn(state, recorded.facts.consignment, at).exporting = recorded.facts.target
      return true
    case 'export.failed':
      consignmentIn(state, recorded.facts.consignment, at).exporting = null
      return true
    case 'export.done': {
      const one = consignmentIn(state, recorded.facts.consignment, at)
      one.exporting = null
      one.exports.push({ ...recorded.facts, at })
      one.state = 'exported'
      return true
    }
    case 'consignment.closed': {
      const one = consignmentIn(state, recorded.facts.consignment, at)
      one.closed = at
      one.state = 'closed'
      return true
    }
    case 'prune.done':
      for (const id of recorded.facts.consignments) consignmentIn(state, id, at).pruned = true
      return true
    default:
      return false
  }
}
