import type { Digest } from '../../../shared/digest.ts'
import type { ItemEvidence } from '../../../shared/evidence.ts'
import { isDecided } from '../../../shared/rules/decision.ts'
import type { Check, Verdict } from '../../../shared/verdict.ts'
import { countsOf, outcomeOf } from '../../../shared/verdict.ts'
import { checkRules } from '../../verify/verify.ts'
import { listEvidence } from '../../verify/checks/evidence.ts'
import { CheckList } from '../../verify/check.ts'
import { checkSignatures } from '../../verify/checks/signatures.ts'
import type { MadeWaybill } from '../../bundle/waybill.ts'
import { Failure } from '../../platform/failure.ts'
import type { Desk } from '../desk.ts'
import { evidenceNow, keepEvidence } from './evidence.ts'
import { groundOf } from './ground.ts'
import { cameBefore } from './route.ts'
import { readWaybill } from '../disk/waybill.ts'
import type { Consignment } from '../state/consignment.ts'

/** Which checks are made again: not times to the second, not heads, but what they come to. */
const keyOf = (check: Check): string => `${check.id}|${check.subject}|${check.result}`

interface Now {
  readonly checks: readonly Check[]
  readonly evidence: readonly ItemEvidence[] | null
}

// How many people must accept hangs on the channel: replay has it from the ledger, and here the signed waybill says it.
function checkChannel(one: Consignment, { waybill }: MadeWaybill): void {
  if (one.channel === waybill.channel) return
  throw new Failure('ledger-damaged', {
    expected: `the channel ${waybill.channel}, as its waybill says`,
    found: `the channel ${one.channel ?? 'of nothing'} for ${one.id}`,
  })
}

async function rulesNow(desk: Desk, one: Consignment, order: boolean): Promise<Now> {
  const made = await readWaybill(desk, one)
  const signatures = await desk.readIn(one.id, 'waybill.sigstore.jsonl')
  const ground = groundOf(desk)
  const list = new CheckList()
  list.except(ground.overrides(made.digest), ground.now)
  const lines = checkSignatures({ signatures, waybill: made.digest, ground }, list)
  if (lines !== null) await checkRules(made, lines, ground, list, order)
  const evidence = await evidenceNow(desk, one, made)
  if (evidence !== null)
    await listEvidence(made.waybill, evidence, cameBefore(desk, one), ground.evidence.rules, list)
  return { checks: list.checks, evidence }
}

// A check that passes now takes nothing away; a proof that only later bundles could bring is not asked for again.
function differing(now: readonly Check[], verdict: Verdict): Check[] {
  const before = new Set(verdict.checks.map(keyOf))
  return now.filter(
    (check) =>
      check.result !== 'pass' &&
      !(check.id === 'ledger.consistency' && check.result !== 'fail') &&
      !before.has(keyOf(check)),
  )
}

/** Makes the checks that need no content again, and records the verdict that they and the others amount to. */
export async function judgeNow(desk: Desk, one: Consignment): Promise<Verdict | null> {
  const verdict = await desk.verdict(one)
  if (verdict === null) return null
  await recordAnew(desk, one, verdict, await rulesNow(desk, one, true))
  return desk.verdict(one)
}

async function recordAnew(desk: Desk, one: Consignment, verdict: Verdict, now: Now): Promise<void> {
  const again = new Set(now.checks.map((check) => check.id))
  const checks = [...now.checks, ...verdict.checks.filter((check) => !again.has(check.id))]
  const fresh = { ...verdict, checks, outcome: outcomeOf(checks), counts: countsOf(checks) }
  const digest = await desk.keepVerdict(one.id, fresh)
  const evidence = now.evidence === null ? null : await keepEvidence(desk, one.id, now.evidence)
  await desk.record(
    'verify.done',
    {
      consignment: one.id,
      waybill: one.waybill,
      scope: one.verdict?.scope ?? 'medium',
      outcome: fresh.outcome,
      counts: fresh.counts,
      verdict: digest,
      evidence,
      media: null,
      joined: null,
      drive: one.verdict?.drive ?? null,
      again: true,
    },
    { subjects: one.waybill === null ? [digest] : [one.waybill, digest], outcome: fresh.outcome },
  )
}

/**
 * Makes trust, order, expiry and policy checks again, under the desk's lock. If one comes out otherwise than the
 * verdict says, the verdict is stale: a new one is made and recorded.
 *
 * @throws Failure `verdict-stale`; `ledger-damaged` where the ledger has it on another channel than its waybill
 */
export async function checkStanding(
  desk: Desk,
  one: Consignment,
  verdict: Verdict,
  order: boolean,
): Promise<void> {
  checkChannel(one, await readWaybill(desk, one))
  const now = await rulesNow(desk, one, order)
  const different = differing(now.checks, verdict)
  if (different.length === 0) return
  const worst = different.find((check) => check.result === 'fail') ?? different[0]
  const found = `${worst?.id ?? ''}: ${worst?.found ?? ''}`
  if (order) await recordAnew(desk, one, verdict, now)
  throw new Failure('verdict-stale', { found })
}

/** What was accepted here, with its waybill and the verdict on which it was. @throws Failure `consignment-state` */
export async function acceptedHere(
  desk: Desk,
  id: string,
): Promise<{ readonly one: Consignment & { readonly waybill: Digest }; readonly verdict: Verdict }> {
  const one = desk.consignment(id)
  const verdict = await desk.verdict(one)
  const { waybill, decided } = one
  if (waybill === null || decided !== 'accept' || verdict === null)
    throw new Failure('consignment-state', { found: one.state, expected: 'accepted' })
  return { one: one as Consignment & { readonly waybill: Digest }, verdict }
}

const standsOn = (one: Consignment, fingerprint: string): boolean =>
  one.signers.includes(fingerprint) || one.verdict?.evidence?.by.includes(fingerprint) === true

// What comes out as it did leaves the verdict, and half a decision on it, as they are.
function changes(now: readonly Check[], verdict: Verdict): boolean {
  const again = new Set(now.map((check) => check.id))
  const before = new Set(verdict.checks.filter((check) => again.has(check.id)).map(keyOf))
  const after = new Set(now.map(keyOf))
  return before.size !== after.size || [...after].some((key) => !before.has(key))
}

// What is asked again, and whether that comes to a new verdict. Gives the ids of those judged.
async function judgeEach(
  desk: Desk,
  asked: (one: Consignment) => boolean,
  counts: (now: readonly Check[], verdict: Verdict) => boolean,
): Promise<string[]> {
  const judged: string[] = []
  for (const one of [...desk.state.consignments.values()]) {
    if (isDecided(one.decided) || !asked(one)) continue
    const verdict = await desk.verdict(one)
    if (verdict === null) continue
    const now = await rulesNow(desk, one, true)
    if (!counts(now.checks, verdict)) continue
    await recordAnew(desk, one, verdict, now)
    judged.push(one.id)
  }
  return judged
}

/** Judges everything undecided again that carries a signature of this key, or that this root vouched for. Gives the ids of those judged. */
export const judgeAgain = (desk: Desk, fingerprint: string): Promise<string[]> =>
  judgeEach(
    desk,
    (one) => standsOn(one, fingerprint),
    () => true,
  )

/** Judges everything undecided of a channel again, after officers changed its order. Gives the ids of those that came out otherwise. */
export const judgeChannel = (desk: Desk, channel: string): Promise<string[]> =>
  judgeEach(desk, (one) => one.channel === channel, changes)
