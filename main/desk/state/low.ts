import type { Recorded } from './facts.ts'
import { approve } from './approve.ts'
import { knownIn, mustBe } from './believed.ts'
import { isComplete } from './laid-out.ts'
import { consignmentIn, type Around, type DeskState } from './state.ts'

function made(
  state: DeskState,
  facts: Extract<Recorded, { type: 'waybill.sealed' }>['facts'],
  at: string,
): void {
  const one = consignmentIn(state, facts.consignment, at)
  // A released waybill whose way was barred keeps its number and the record of its media.
  if (one.made !== null && one.releasedAt !== null) {
    const given = one.dropped?.voided === true ? one.dropped.reason : null
    const voided = given ?? (facts.replaces?.voided === true ? facts.replaces.reason : null)
    one.replaced.push({ made: one.made, voided, writings: one.writings })
    one.releasedAt = null
    one.dropped = null
    one.writings = []
  }
  one.plan = null
  // One that was given up before it was released stays so, whatever was still being made of it.
  one.state = one.dropped === null ? 'collected' : 'dropped'
  one.collecting = false
  one.made = facts
  one.waybill = facts.waybill
  one.name = facts.name
  one.channel = facts.channel
  one.sequence = facts.destinations[0]?.sequence ?? null
  one.sender = { id: facts.destinations[0]?.sender ?? '', name: state.card.name }
  one.created = facts.created
  one.expires = facts.expires
  one.requester = facts.requester
  one.reason = facts.reason
  one.marking = facts.marking
  one.items = facts.items
  one.bytes = facts.bytes
  one.destinations = facts.destinations.map((stream) => stream.destination)
  // A waybill made anew is another one: what was signed before does not carry over.
  one.approvals = []
}

function foldMedia(state: DeskState, recorded: Recorded, around: Around): boolean {
  const { at } = around
  switch (recorded.type) {
    case 'write.planned': {
      const one = knownIn(state, recorded.facts.consignment, around)
      mustBe(around, 'waybill', one.waybill, recorded.facts.waybill)
      mustBe(around, 'released', true, one.releasedAt !== null)
      one.plan = recorded.facts
      return true
    }
    case 'write.started': {
      const one = knownIn(state, recorded.facts.consignment, around)
      const { number, of, plan } = recorded.facts
      mustBe(around, 'waybill', one.waybill, recorded.facts.waybill)
      mustBe(around, 'released', true, one.releasedAt !== null)
      mustBe(around, 'plan', of === 1 ? null : (one.plan?.plan ?? null), plan)
      mustBe(around, 'media', of === 1 ? 1 : (one.plan?.media.length ?? 1), of)
      if (of > 1) mustBe(around, 'parts', one.plan?.media[number - 1]?.parts ?? [], recorded.facts.parts)
      one.writings.push({ ...recorded.facts, at, done: null, failed: false, readBack: null, out: null })
      return true
    }
    case 'write.done': {
      const one = consignmentIn(state, recorded.facts.consignment, at)
      one.writings = one.writings.map((w) =>
        w.run === recorded.facts.run ? { ...w, done: recorded.facts } : w,
      )
      if (isComplete(one, () => true)) one.state = 'written'
      return true
    }
    case 'repair.done':
      return true
    case 'write.failed': {
      const one = consignmentIn(state, recorded.facts.consignment, at)
      one.writings = one.writings.map((w) => (w.run === recorded.facts.run ? { ...w, failed: true } : w))
      return true
    }
    case 'readback.done': {
      const { consignment, run, outcome, out } = recorded.facts
      if (consignment === null) return true
      const one = consignmentIn(state, consignment, at)
      one.writings = one.writings.map((w) => (w.run === run ? { ...w, readBack: outcome, out } : w))
      one.exports = one.exports.map((e) =>
        run !== null && e.medium?.run === run ? { ...e, readBack: outcome, out } : e,
      )
      const passed = outcome === 'passed' && one.state === 'written'
      if (passed && (one.plan === null || isComplete(one, (w) => w.readBack === 'passed')))
        one.state = 'read-back'
      return true
    }
    default:
      return false
  }
}

/** The events of a low desk: collect, make, sign, write, read back, drop. */
export function foldLow(state: DeskState, recorded: Recorded, around: Around): boolean {
  const { at } = around
  switch (recorded.type) {
    case 'collect.started': {
      const one = consignmentIn(state, recorded.facts.consignment, at)
      one.name = recorded.facts.name
      one.collecting = true
      return true
    }
    case 'collect.failed':
      state.consignments.delete(recorded.facts.consignment)
      state.failedSince ??= at
      return true
    case 'waybill.sealed':
      made(state, recorded.facts, at)
      return true
    case 'approval.signed':
      approve(state, recorded.facts, around)
      return true
    case 'consignment.dropped': {
      const one = knownIn(state, recorded.facts.consignment, around)
      mustBe(around, 'voided', one.releasedAt !== null, recorded.facts.voided)
      one.state = 'dropped'
      one.dropped = recorded.facts
      return true
    }
    default:
      return foldMedia(state, recorded, around)
  }
}
