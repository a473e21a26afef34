import type { Digest } from '../../../shared/digest.ts'
import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { currentHalves, decisionObstacle, peopleMissing } from '../../../shared/rules/decision.ts'
import { rulesNow } from '../../../shared/rules/version.ts'
import type { Verdict } from '../../../shared/verdict.ts'
import { Failure } from '../../platform/failure.ts'
import { openVerdict, refuseHalf, signVerdictAct } from '../documents/verdict-act.ts'
import { moveAccepted, settleQuarantine } from '../disk/content.ts'
import { writable, type Context } from '../work/context.ts'
import type { Desk } from '../desk.ts'
import type { Person } from '../state/entries.ts'
import { readWaybill } from '../disk/waybill.ts'
import { checkStanding } from '../judging/standing.ts'
import { countedHalves, decidedWith, neededIn } from '../state/decide.ts'
import { personHere } from '../state/state.ts'
import type { Consignment } from '../state/consignment.ts'
import { checkText } from './input.ts'
import { proveKey } from './prove-key.ts'

type Input = CallInput<'decision.sign'>

/** What every second bundle has: named as a cause, it would fail them all. */
const constants = new Set([
  // Nothing at all; the empty JSON object, which is the config of every file; the empty layer of docker's tools.
  'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
  'sha256:a3ed95caeb02ffe68cdd9fd84406680ae93d633cb16422d00e8a7c22955b46d4',
])

// A cause is looked for in everything that comes later: what was accepted here, or is in everything, is none.
async function checkCauses(desk: Desk, causes: readonly Digest[]): Promise<void> {
  const common = causes.find((cause) => constants.has(cause))
  if (common !== undefined) throw new Failure('cause-common', { found: common })
  for (const one of desk.state.consignments.values()) {
    if (one.decided !== 'accept') continue
    const { waybill } = await readWaybill(desk, one)
    const known = waybill.blobs.find((blob) => causes.includes(blob.digest))
    if (known !== undefined) throw new Failure('cause-common', { found: known.digest })
  }
}

async function checkInput(desk: Desk, one: Consignment, verdict: Verdict, input: Input): Promise<void> {
  const { outcome, reason } = input
  if (outcome !== 'accept' && (reason === undefined || reason.trim() === ''))
    throw new Failure('reason-missing')
  if (reason !== undefined) checkText('the reason', reason)
  if (input.causes.length > 0) {
    if (outcome !== 'reject')
      throw new Failure('bad-input', { found: 'a cause', expected: 'a cause only with a rejection' })
    const { waybill } = await readWaybill(desk, one)
    const known = new Set(waybill.blobs.map((blob) => blob.digest))
    const strange = input.causes.find((cause) => !known.has(cause as Digest))
    if (strange !== undefined) throw new Failure('cause-unknown', { found: strange })
    await checkCauses(desk, input.causes as Digest[])
  }
  if (outcome === 'accept' && verdict.outcome !== 'passed') {
    throw new Failure('verdict-not-passed', { found: verdict.outcome })
  }
}

function checkPerson(one: Consignment, person: Person): void {
  refuseHalf(person, decisionObstacle(countedHalves(one, rulesNow), personHere(person)))
}

/** `decision.sign`: one person's half of a decision; it stands with the last half that the policy in force asks for. */
export async function sign(context: Context, input: Input): Promise<CallOutput<'decision.sign'>> {
  const desk = writable(context)
  desk.need('high')
  if (context.jobs.running()) throw new Failure('job-running', { found: 'work that has not ended' })
  const one = desk.consignment(input.id)
  const { verdict, digest } = await openVerdict(desk, one)
  await checkInput(desk, one, verdict, input)
  checkPerson(one, desk.person(input.person))
  const proven = await proveKey(context, desk, input)
  const { outcome } = input
  if (outcome === 'accept') await checkStanding(desk, one, verdict, true)
  const own = { outcome, reason: input.reason ?? null, causes: input.causes as Digest[] }
  const act = await signVerdictAct(desk, one, digest, proven, 'urn:sallyport:decision:v1', own)
  const { facts, extra } = act
  const decided = decidedWith(desk.state, one, facts, rulesNow)
  // Of this round: what stood before, as a hold does, has its own people.
  const now = [...currentHalves(countedHalves(one, rulesNow)), facts]
  const people = now.filter((half) => half.outcome === outcome).map((half) => half.person)
  const missing = decided === null ? peopleMissing(now, outcome, neededIn(desk.state, one)) : 0
  if (decided === 'accept') await settleQuarantine(desk, one)
  await desk.record('decision.signed', { ...facts, decided }, { ...extra, outcome })
  if (decided === 'accept') await moveAccepted(desk, one, true)
  return { id: one.id, outcome: decided, people, missing }
}
