import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { approvalObstacle } from '../../../shared/rules/approval.ts'
import { roleFor } from '../../../shared/rules/roles.ts'
import type { SigningRole } from '../../../shared/schema.ts'
import type { Waybill } from '../../../shared/waybill.ts'
import { sentenceOf, summaryOf, waybillPredicate, waybillSubject } from '../../bundle/signature-lines.ts'
import { Failure } from '../../platform/failure.ts'
import { signStatement } from '../../sign/signer.ts'
import { writable, type Context } from '../work/context.ts'
import type { Desk } from '../desk.ts'
import type { Person } from '../state/entries.ts'
import { listedIn, readWaybill } from '../disk/waybill.ts'
import { personHere } from '../state/state.ts'
import type { Consignment } from '../state/consignment.ts'
import { rolesMissing } from '../state/streams.ts'
import { checkCurrent } from '../judging/waybill-checks.ts'
import { proveKey } from './prove-key.ts'

function checkPerson(
  desk: Desk,
  one: Consignment,
  waybill: Waybill,
  person: Person,
  role: SigningRole,
): void {
  const { name, roles } = person
  const signed = { requester: one.requester, approvals: one.approvals, people: listedIn(waybill) }
  switch (approvalObstacle(signed, personHere(person), role)) {
    case 'role-missing':
      throw new Failure('role-missing', { person: name, expected: roleFor[role], found: roles.join(', ') })
    case 'requester-releases':
      throw new Failure('requester-releases', { person: name })
    case 'already-signed':
      throw new Failure('already-signed', { person: name, found: role })
    case 'same-person':
      throw new Failure('same-person', { person: name })
    case 'not-listed':
      throw new Failure('consignment-state', {
        found: `made before ${name} could sign`,
        expected: 'one made with them',
      })
    case null:
  }
  if (!rolesMissing(desk.state, one).includes(role)) {
    const other = one.approvals.find((approval) => approval.role === role)?.person ?? 'nobody'
    throw new Failure('already-signed', { person: other, found: role })
  }
}

function checkState(desk: Desk, one: Consignment): void {
  if (one.state !== 'collected' && one.state !== 'signing') {
    throw new Failure('consignment-state', { found: one.state, expected: 'collected or being signed' })
  }
  checkCurrent(desk, one)
}

/** `approval.sign`: a person's signature on the waybill, as a line of its signature file. */
export async function sign(
  context: Context,
  input: CallInput<'approval.sign'>,
): Promise<CallOutput<'approval.sign'>> {
  const desk = writable(context)
  desk.need('low')
  const one = desk.consignment(input.id)
  checkState(desk, one)
  const { role } = input
  const { waybill, digest } = await readWaybill(desk, one)
  checkPerson(desk, one, waybill, desk.person(input.person), role)
  const { person, signer } = await proveKey(context, desk, input)
  const at = desk.now()
  const predicate = {
    role,
    person: person.id,
    desk: desk.id,
    time: at,
    sentence: sentenceOf(role, waybill),
    summary: summaryOf(waybill),
  }
  const line = await signStatement(signer, [waybillSubject(digest)], waybillPredicate, predicate)
  const released = rolesMissing(desk.state, one).length === 1
  const facts = { consignment: one.id, waybill: digest, role, person: person.id, at, released }
  await desk.record('approval.signed', facts, {
    subjects: [digest],
    statements: [line.toString('utf8')],
    person,
    outcome: role,
  })
  const signatures = one.approvals.map((approval) => ({
    person: approval.person,
    role: approval.role,
    at: approval.at,
  }))
  return { id: one.id, waybill: digest, signatures, missing: rolesMissing(desk.state, one) }
}
