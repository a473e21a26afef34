import type { Digest } from '../../../shared/digest.ts'
import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { decisionObstacle, secondRoles } from '../../../shared/rules/decision.ts'
import { rulesNow } from '../../../shared/rules/version.ts'
import type { Verdict } from '../../../shared/verdict.ts'
import { Failure } from '../../platform/failure.ts'
import { flushQuarantine, moveAccepted } from '../disk/content.ts'
import { writable, type Context } from '../work/context.ts'
import type { Desk } from '../desk.ts'
import type { Person } from '../state/entries.ts'
import { readWaybill } from '../disk/waybill.ts'
import { checkStanding } from '../judging/standing.ts'
import { countedHalves, decidedWith } from '../state/decide.ts'
import { signOverVerdict } from '../state/verdict-statement.ts'
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

async function checkInput(desk: Desk, one: Consignment, input: Input): Promise<Verdict> {
  const verdict = await desk.verdict(one)
  if (verdict === null || one.decided === 'accept' || one.decided === 'reject') {
    throw new Failure('consignment-state', { found: one.state, expected: 'verified and not decided' })
  }
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
  return verdict
}

function checkPerson(one: Consignment, person: Person): void {
  const { name, roles } = person
  switch (decisionObstacle(countedHalves(one, rulesNow), personHere(person))) {
    case 'role-missing': {
      const expected = `transfer-agent, ${secondRoles.join(', ')}`
      throw new Failure('role-missing', { person: name, expected, found: roles.join(', ') })
    }
    case 'same-person':
      throw new Failure('same-person', { person: name })
    case null:
  }
}

/** `decision.sign`: one person's half of a decision; the second half that fits makes it stand. */
export async function sign(context: Context, input: Input): Promise<CallOutput<'decision.sign'>> {
  const desk = writable(context)
  desk.need('high')
  if (context.jobs.running()) throw new Failure('job-running', { found: 'work that has not ended' })
  const one = desk.consignment(input.id)
  const verdict = await checkInput(desk, one, input)
  checkPerson(one, desk.person(input.person))
  const { person, signer } = await proveKey(context, desk, input)
  if (input.outcome === 'accept') await checkStanding(desk, one, verdict, true)
  const { digest: waybill } = await readWaybill(desk, one)
  const verdictDigest = one.verdict?.digest ?? waybill
  const roles = [...person.roles].sort()
  const at = desk.now()
  const reason = input.reason ?? null
  const head = desk.head()
  const causes = input.causes as Digest[]
  const { outcome } = input
  const statement = await signOverVerdict(signer, waybill, 'urn:sallyport:decision:v1', {
    outcome,
    person: person.id,
    roles,
    desk: desk.id,
    reason,
    causes,
    verdict: verdictDigest,
    policy: desk.state.policy.digest,
    ledger: { size: head.size, root: head.root.toString('base64') },
    time: at,
  })
  const decided = decidedWith(one, { outcome, roles }, rulesNow)
  const about = { consignment: one.id, waybill, verdict: verdictDigest, outcome }
  if (decided === 'accept') await flushQuarantine(desk, one)
  await desk.record(
    'decision.signed',
    { ...about, person: person.id, name: person.name, roles, reason, causes, at, decided },
    { subjects: [waybill, verdictDigest], statements: [statement], person, outcome },
  )
  if (decided === 'accept') await moveAccepted(desk, one)
  const people = one.halves.filter((half) => half.outcome === outcome).map((half) => half.person)
  return { id: one.id, outcome: decided, people, missing: decided === null ? 1 : 0 }
}
