import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import type { SigningRole } from '../../../shared/schema.ts'
import { sentenceOf, summaryOf, waybillPredicate, waybillSubject } from '../../bundle/signature-lines.ts'
import { Failure } from '../../platform/failure.ts'
import { signStatement } from '../../sign/signer.ts'
import { writable, type Context } from '../work/context.ts'
import type { Desk } from '../desk.ts'
import type { Person } from '../state/entries.ts'
import { roleFor } from '../state/roles.ts'
import { readWaybill } from '../disk/waybill.ts'
import type { Consignment } from '../state/consignment.ts'
import { missingRoles } from '../state/streams.ts'
import { checkNumbers } from '../judging/waybill-checks.ts'
import { proveKey } from './prove-key.ts'

function checkPerson(desk: Desk, one: Consignment, person: Person, role: SigningRole): void {
  const expected = roleFor[role]
  if (!person.roles.includes(expected)) {
    throw new Failure('role-missing', { person: person.name, expected, found: person.roles.join(', ') })
  }
  if (role === 'release' && person.id === one.requester) {
    throw new Failure('requester-releases', { person: person.name })
  }
  const before = one.approvals.find(
    (approval) => approval.person === person.id || approval.fingerprint === person.fingerprint,
  )
  if (before !== undefined) {
    if (before.role === role) throw new Failure('already-signed', { person: person.name, found: role })
    throw new Failure('same-person', { person: person.name })
  }
  if (!missingRoles(desk.state, one).includes(role)) {
    const other = one.approvals.find((approval) => approval.role === role)?.person ?? 'nobody'
    throw new Failure('already-signed', { person: other, found: role })
  }
}

function checkState(desk: Desk, one: Consignment): void {
  if (one.state !== 'collected' && one.state !== 'signing') {
    throw new Failure('consignment-state', { found: one.state, expected: 'collected or being signed' })
  }
  if (one.expires !== null && desk.now() >= one.expires) {
    throw new Failure('consignment-state', {
      found: `expired on ${one.expires}`,
      expected: 'one that has not expired',
    })
  }
  checkNumbers(desk, one)
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
  checkPerson(desk, one, desk.person(input.person), role)
  const { waybill, digest } = await readWaybill(desk, one)
  const { person, signer } = await proveKey(context, desk, input)
  const listed = waybill.people.find((other) => other.id === person.id)
  if (listed?.fingerprint !== person.fingerprint) {
    throw new Failure('consignment-state', {
      found: `made before ${person.name} could sign`,
      expected: 'one made with them',
    })
  }
  const at = desk.now()
  const predicate = {
    role,
    person: person.id,
    desk: desk.id,
    time: at,
    sentence: sentenceOf(role, waybill),
    summary: summaryOf(waybill),
  }
  const line = signStatement(signer, [waybillSubject(digest)], waybillPredicate, predicate).toString('utf8')
  const released = missingRoles(desk.state, one).length === 1
  const facts = { consignment: one.id, waybill: digest, role, person: person.id, at, released }
  await desk.record('approval.signed', facts, {
    subjects: [digest],
    statements: [line],
    person,
    outcome: role,
  })
  const signatures = one.approvals.map((approval) => ({
    person: approval.person,
    role: approval.role,
    at: approval.at,
  }))
  return { id: one.id, waybill: digest, signatures, missing: missingRoles(desk.state, one) }
}
