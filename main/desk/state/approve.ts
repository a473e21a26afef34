import { approvalObstacle, missingRoles } from '../../../shared/rules/approval.ts'
import { parseSignatureLine } from '../../bundle/signature-lines.ts'
import { deskIdOf } from '../../bundle/waybill.ts'
import { EnvelopeError, envelopeVerifies } from '../../sigstore/envelope.ts'
import { actorIn, damaged, knownIn, mustBe } from './believed.ts'
import type { Person } from './entries.ts'
import { keyOf } from './key-of.ts'
import type { FactsOf } from './facts.ts'
import { personHere, type Around, type DeskState } from './state.ts'

type Facts = FactsOf<'approval.signed'>

/** Why a line is not this person's signature on this waybill, as the event tells it; `null` when it is. */
function problemOfLine(line: string, facts: Facts, desk: string, person: Person): string | null {
  try {
    const { envelope, predicate, waybill } = parseSignatureLine(Buffer.from(line, 'utf8'))
    if (!envelopeVerifies(envelope, keyOf(person)))
      return `a signature that the key of ${person.id} did not make`
    if (waybill !== facts.waybill) return `a signature over ${waybill}`
    const { role, person: signer, desk: at, time } = predicate
    const same = role === facts.role && signer === facts.person && at === desk && time === facts.at
    return same ? null : 'a signature that says something else than its event'
  } catch (error) {
    return error instanceof EnvelopeError ? error.message : 'a signature that cannot be read'
  }
}

/**
 * A signature on a waybill: by this person, with the key that they have here, in a role that they hold and that is
 * missing. Whether the waybill is released with it is computed; what the event states must be the same.
 *
 * @throws Failure `ledger-damaged`
 */
export function approve(state: DeskState, facts: Facts, around: Around): void {
  const one = knownIn(state, facts.consignment, around)
  const { role, waybill, released: stated } = facts
  mustBe(around, 'waybill', one.waybill, waybill)
  mustBe(around, 'outcome', role, around.outcome)
  if (one.dropped !== null)
    throw damaged(around, 'a signature on what is not given up', 'one that was dropped')
  const person = actorIn(state, facts.person, around)
  const [line = ''] = around.statements
  const problem = problemOfLine(line, facts, deskIdOf(state.card), person)
  if (problem !== null) throw damaged(around, `the signature of ${person.id}`, problem)
  const signer = personHere(person)
  // Who could sign when the waybill was made is in the waybill; the act has asked it, and writing asks it again.
  const signed = { requester: one.requester, approvals: one.approvals, people: [signer] }
  const obstacle = approvalObstacle(signed, signer, role, around.rules)
  if (obstacle !== null) throw damaged(around, 'a signature by somebody who may give it', obstacle)
  const rule = state.policy.document.signers
  if (!missingRoles(rule, one.approvals).includes(role))
    throw damaged(around, `a missing ${role}`, 'one too many')
  const { id, name, fingerprint } = person
  one.approvals.push({ person: id, name, role, at: facts.at, fingerprint, event: around.sequence })
  const released = missingRoles(rule, one.approvals).length === 0
  mustBe(around, 'released', released, stated)
  one.state = released ? 'released' : 'signing'
  if (released) one.releasedAt = around.at
}
