import type { Recorded, FactsOf } from './facts.ts'
import { isSameMedium } from '../../bundle/media-set.ts'
import { isDecided } from '../../../shared/rules/decision.ts'
import { acceptedIn, knownIn } from './believed.ts'
import type { Consignment } from './consignment.ts'
import { decide } from './decide.ts'
import { noteSeen } from './order.ts'
import { override } from './override.ts'
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

// The last reading of each medium counts; where all of them together did not come out right, all are read again.
function readMedia(one: Consignment, { media, joined }: FactsOf<'verify.done'>, at: string): void {
  if (media === null) return
  const whole = media.flatMap(({ whole: isWhole, ...medium }) => (isWhole ? [{ ...medium, at }] : []))
  const before = one.here.filter((here) => !media.some((medium) => isSameMedium(here, medium)))
  one.here = joined === false ? [] : [...whole, ...before]
}

function verified(state: DeskState, facts: FactsOf<'verify.done'>, { at, sequence }: Around): void {
  if (facts.consignment === null) return
  const one = consignmentIn(state, facts.consignment, at)
  one.waybill = facts.waybill
  readMedia(one, facts, at)
  // A replay of something decided is recorded and changes nothing about the decision.
  if (isDecided(one.decided)) return
  one.verdict = {
    digest: facts.verdict,
    outcome: facts.outcome,
    counts: facts.counts,
    scope: facts.scope,
    evidence: facts.evidence,
    drive: facts.drive,
    event: sequence,
    at,
  }
  // A new verdict voids half a decision, and a hold is decided anew.
  one.halves = []
  one.decided = null
  one.state = 'arrived'
}

function unfinished(one: Consignment, facts: FactsOf<'export.failed'>, at: string): void {
  const { target, code, missing = [] } = facts
  one.exporting = null
  one.unfinished = [
    { target, code, missing, at },
    ...one.unfinished.filter((other) => other.target !== target),
  ]
}

/** The events of a high desk: verify, decide, move, export; and close and prune, which both sides have. */
export function foldHigh(state: DeskState, recorded: Recorded, around: Around): boolean {
  const { at } = around
  switch (recorded.type) {
    case 'waybill.seen':
      see(state, recorded.facts, at)
      return true
    case 'verify.done':
      verified(state, recorded.facts, around)
      return true
    case 'decision.signed':
      decide(state, recorded.facts, around)
      return true
    case 'override.signed':
      override(state, recorded.facts, around)
      return true
    case 'content.moved':
      acceptedIn(state, recorded.facts, around).moved = true
      return true
    case 'export.started':
      acceptedIn(state, recorded.facts, around).exporting = recorded.facts.target
      return true
    case 'export.failed':
      unfinished(acceptedIn(state, recorded.facts, around), recorded.facts, at)
      return true
    case 'export.done': {
      const one = acceptedIn(state, recorded.facts, around)
      one.exporting = null
      one.unfinished = one.unfinished.filter(({ target }) => target !== recorded.facts.target)
      one.exports.push({ ...recorded.facts, at, readBack: null, out: null })
      one.state = 'exported'
      return true
    }
    case 'consignment.closed': {
      const one = knownIn(state, recorded.facts.consignment, around)
      one.closed = at
      one.state = 'closed'
      return true
    }
    case 'prune.done':
      state.failedSince = null
      for (const id of recorded.facts.consignments) consignmentIn(state, id, at).pruned = true
      return true
    default:
      return false
  }
}
