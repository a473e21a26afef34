import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { mayDecide, secondRoles } from '../../../shared/rules/decision.ts'
import { latestExpiry } from '../../../shared/rules/expiry.ts'
import { mayOverride, overrideStands } from '../../../shared/rules/override.ts'
import { isSame } from '../../../shared/rules/roles.ts'
import { rulesNow } from '../../../shared/rules/version.ts'
import type { Verdict } from '../../../shared/verdict.ts'
import { Failure } from '../../platform/failure.ts'
import type { Desk } from '../desk.ts'
import { readWaybill } from '../disk/waybill.ts'
import { judgeNow } from '../judging/standing.ts'
import type { Consignment } from '../state/consignment.ts'
import type { Person } from '../state/entries.ts'
import { personHere } from '../state/state.ts'
import { signOverVerdict } from '../state/verdict-statement.ts'
import { writable, type Context } from '../work/context.ts'
import { checkText } from './input.ts'
import { proveKey } from './prove-key.ts'

type Input = CallInput<'override.sign'>

// A time that officers can look at again: never longer than a waybill may live.
function checkUntil(desk: Desk, until: string): void {
  const now = desk.now()
  const latest = latestExpiry(now, desk.state.policy.document.lifetime)
  if (until <= now || until > latest)
    throw new Failure('bad-input', { found: `until ${until}`, expected: `after now, at most ${latest}` })
}

async function checkInput(desk: Desk, one: Consignment, input: Input): Promise<Verdict> {
  const verdict = await desk.verdict(one)
  if (verdict === null || one.decided === 'accept' || one.decided === 'reject')
    throw new Failure('consignment-state', { found: one.state, expected: 'verified and not decided' })
  checkText('the reason', input.reason)
  checkUntil(desk, input.until)
  const { check: id, subject } = input
  if (!mayOverride(id)) throw new Failure('override-barred', { found: id })
  const open = verdict.checks.filter(
    (check) => check.id === id && (check.result === 'fail' || check.result === 'not-checked'),
  )
  if (!open.some((check) => subject === undefined || check.subject === subject)) {
    const expected = open.map((check) => check.subject).join('; ') || 'nothing'
    throw new Failure('override-none', {
      found: subject === undefined ? id : `${id} of ${subject}`,
      expected,
    })
  }
  return verdict
}

function checkPerson(one: Consignment, person: Person, input: Input): void {
  const { name, roles } = person
  if (!mayDecide(roles)) {
    const expected = `transfer-agent, ${secondRoles.join(', ')}`
    throw new Failure('role-missing', { person: name, expected, found: roles.join(', ') })
  }
  const same = one.overrides.some(
    (half) =>
      half.check === input.check &&
      half.subject === (input.subject ?? null) &&
      half.until === input.until &&
      isSame(half, personHere(person), rulesNow),
  )
  if (same) throw new Failure('same-person', { person: name })
}

/** `override.sign`: one person's half of an exception; with the second half that fits the verdict is made anew. */
export async function sign(context: Context, input: Input): Promise<CallOutput<'override.sign'>> {
  const desk = writable(context)
  desk.need('high')
  if (context.jobs.running()) throw new Failure('job-running', { found: 'work that has not ended' })
  const one = desk.consignment(input.id)
  const before = await checkInput(desk, one, input)
  checkPerson(one, desk.person(input.person), input)
  const { person, signer } = await proveKey(context, desk, input)
  const { digest: waybill } = await readWaybill(desk, one)
  const verdict = one.verdict?.digest ?? waybill
  const { check, until, reason } = input
  const subject = input.subject ?? null
  const [roles, at, head] = [[...person.roles].sort(), desk.now(), desk.head()]
  const statement = await signOverVerdict(signer, waybill, 'urn:sallyport:override:v1', {
    ...{ check, subject, until, reason, person: person.id, roles, desk: desk.id, verdict },
    policy: desk.state.policy.digest,
    ledger: { size: head.size, root: head.root.toString('base64') },
    time: at,
  })
  const stands = overrideStands(one.overrides, { ...personHere(person), check, subject, until, reason })
  await desk.record(
    'override.signed',
    {
      ...{ consignment: one.id, waybill, verdict, check, subject, until, reason },
      ...{ person: person.id, name: person.name, roles, at, stands },
    },
    { subjects: [waybill, verdict], statements: [statement], person, outcome: check },
  )
  const now = stands ? await judgeNow(desk, one) : before
  return { id: one.id, check, subject, until, stands, outcome: (now ?? before).outcome }
}
