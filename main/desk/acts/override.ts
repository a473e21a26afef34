import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { latestExpiry } from '../../../shared/rules/expiry.ts'
import {
  isOverridable,
  mayOverride,
  overrideObstacle,
  overrideStands,
} from '../../../shared/rules/override.ts'
import type { Verdict } from '../../../shared/verdict.ts'
import { Failure } from '../../platform/failure.ts'
import type { Desk } from '../desk.ts'
import { openVerdict, refuseHalf, signVerdictAct } from '../documents/verdict-act.ts'
import { judgeNow } from '../judging/standing.ts'
import type { Consignment } from '../state/consignment.ts'
import type { Person } from '../state/entries.ts'
import { personHere } from '../state/state.ts'
import type { OwnClaim } from '../state/verdict-statement.ts'
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

function checkInput(desk: Desk, verdict: Verdict, input: Input): void {
  checkText('the reason', input.reason)
  checkUntil(desk, input.until)
  const { check: id, subject } = input
  if (!mayOverride(id)) throw new Failure('override-barred', { found: id })
  const open = verdict.checks.filter(
    (check) => check.id === id && (check.result === 'fail' || check.result === 'not-checked'),
  )
  if (open.length > 0 && !open.some(isOverridable)) throw new Failure('override-barred', { found: id })
  if (!open.some((check) => subject === undefined || check.subject === subject)) {
    const expected = open.map((check) => check.subject).join('; ') || 'nothing'
    throw new Failure('override-none', {
      found: subject === undefined ? id : `${id} of ${subject}`,
      expected,
    })
  }
}

function checkPerson(one: Consignment, person: Person, own: OwnClaim<'urn:sallyport:override:v1'>): void {
  refuseHalf(person, overrideObstacle(one.overrides, { ...personHere(person), ...own }))
}

/** `override.sign`: one person's half of an exception; with the second half that fits the verdict is made anew. */
export async function sign(context: Context, input: Input): Promise<CallOutput<'override.sign'>> {
  const desk = writable(context)
  desk.need('high')
  if (context.jobs.running()) throw new Failure('job-running', { found: 'work that has not ended' })
  const one = desk.consignment(input.id)
  const { verdict, digest } = await openVerdict(desk, one)
  checkInput(desk, verdict, input)
  const { check, until, reason } = input
  const subject = input.subject ?? null
  const own = { check, subject, until, reason }
  checkPerson(one, desk.person(input.person), own)
  const proven = await proveKey(context, desk, input)
  const act = await signVerdictAct(desk, one, digest, proven, 'urn:sallyport:override:v1', own)
  const stands = overrideStands(one.overrides, { ...personHere(proven.person), ...own })
  await desk.record('override.signed', { ...act.facts, stands }, { ...act.extra, outcome: check })
  const now = stands ? await judgeNow(desk, one) : verdict
  return { id: one.id, check, subject, until, stands, outcome: (now ?? verdict).outcome }
}
