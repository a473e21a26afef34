import type { CheckId } from '../../shared/text/checks.ts'
import { findingLine, findingsOf } from '../../shared/rules/findings.ts'
import type { Waybill } from '../../shared/waybill.ts'
import type { Digest } from '../../shared/digest.ts'
import type { Held } from '../bundle/media-set.ts'
import { deskIdOf, type MadeWaybill } from '../bundle/waybill.ts'
import { Failure } from '../platform/failure.ts'
import { digestOf } from '../platform/hash.ts'
import { checkBytes } from './bytes.ts'
import { CheckList } from './check.ts'
import { checkFounding } from './checks/founding.ts'
import { judgeItems, listEvidence } from './checks/evidence.ts'
import { checkGraph } from './checks/graph.ts'
import { checkLedger } from './checks/ledger.ts'
import { mediumIds, skipMedium } from './checks/medium.ts'
import { checkProvenance } from './checks/provenance.ts'
import { checkOrder, orderIds } from './checks/order.ts'
import { checkRegister, type RegisterSaid } from './checks/register.ts'
import { checkSignatures, type CountedLine } from './checks/signatures.ts'
import { checkTime } from './checks/time.ts'
import { checkAttested, checkDestination, checkForm, checkLimits, checkRequester } from './checks/waybill.ts'
import { readFirst } from './first.ts'
import type { Given, Ground, Keeper, Reading, Tools } from './types.ts'

const firstIds: readonly CheckId[] = [
  'signatures.form',
  'signatures.line',
  'signers.alike',
  'signatures.required',
]
const ruleIds: readonly CheckId[] = [
  'waybill.form',
  'waybill.attested',
  'signers.trust',
  'signers.requester',
  'destination.here',
  ...orderIds,
  'expiry.waybill',
  'time.created',
  'cause.rejected',
  'ledger.consistency',
  'desk.founding',
]
const contentIds: readonly CheckId[] = ['content.layout', 'content.blob']
const graphIds: readonly CheckId[] = [
  'graph.complete',
  'graph.kind',
  'graph.title',
  'collect.findings',
  'bundle.provenance',
  'evidence.second-opinion',
]
/** What no policy of this version can ask for yet; page and report say so. */
const notOffered = ['policy.people-at-write']

/** Every check that a verification makes, in the order in which a page lists them. */
const required: readonly CheckId[] = [...firstIds, ...ruleIds, ...mediumIds, ...contentIds, ...graphIds]

/**
 * The rules that need no content: who signed within which limits, for whom, in which order, until when. Run when a
 * medium is read, again when people decide, and (but for the order) again when content is exported.
 */
export async function checkRules(
  made: MadeWaybill,
  lines: readonly CountedLine[],
  ground: Ground,
  list: CheckList,
  order: boolean,
): Promise<'passed' | 'held' | 'refused'> {
  const { waybill, digest } = made
  checkAttested(lines, waybill, list)
  checkLimits(lines, waybill, list)
  checkRequester(lines, waybill, list)
  const addressed = checkDestination(waybill, ground.here, list)
  let effect: 'passed' | 'held' | 'refused' = 'passed'
  if (addressed && order) effect = checkOrder(waybill, digest, ground.here, ground.history, list)
  checkTime(waybill, ground, list)
  const signed = lines.map(({ line, signer: { name, key } }) => ({ role: line.predicate.role, name, key }))
  for (const { id, result, ...about } of ground.evidence.rules.waybill(waybill, signed))
    list.add(id, result, about)
  const causes = waybill.blobs.filter((blob) => ground.history.causes.has(blob.digest))
  const [cause] = causes
  if (cause === undefined) list.pass('cause.rejected', 'all contents', 'no content that was rejected before')
  else
    list.fail(
      'cause.rejected',
      cause.digest,
      'no content that was rejected before',
      `${causes.length} such contents`,
    )
  const sender = deskIdOf(waybill.sender)
  const { history } = ground
  await checkLedger(waybill, digest, history.heads(sender), list, history.ended(sender))
  checkFounding(ground.founding, list)
  const stopping = list.checks.some((one) => one.result === 'fail' && !one.holds)
  return stopping ? 'refused' : effect
}

function checkFindings(waybill: Waybill, list: CheckList): void {
  const findings = findingsOf(waybill.items).map(findingLine)
  const about = { subject: 'all items', expected: 'no finding', found: findings.join('; ') || 'no finding' }
  if (findings.length === 0) list.add('collect.findings', 'pass', about)
  else list.add('collect.findings', 'warn', { ...about, reason: 'findings' })
}

interface Input {
  /** A bundle, or media of one; at least one. */
  readonly given: readonly Given[]
  /** Media of a bundle on several that were read whole before, the last first. */
  readonly earlier: (waybill: Digest) => readonly Held[]
  readonly ground: Ground
  /** What the register of media says of it. */
  readonly register: RegisterSaid
  /** Called once the rules have passed or hold: where the blobs go. */
  readonly keeper: (made: MadeWaybill, signatures: Buffer) => Promise<Keeper>
}

async function readRest(
  input: Input,
  made: MadeWaybill,
  signatures: Buffer,
  tools: Tools,
  list: CheckList,
): Promise<Pick<Reading, 'evidence' | 'set'>> {
  const { given, ground } = input
  const keep = (): Promise<Keeper> => input.keeper(made, signatures)
  const earlier = input.earlier(made.digest)
  const bytes = { given, made, signatures, earlier, keeper: keep }
  const { whole, keeper, set } = await checkBytes(bytes, tools, list)
  if (!whole || keeper === null) return { evidence: null, set }
  tools.step('graph')
  await checkGraph(made.waybill, (digest, size) => keeper.read(digest, size), list)
  checkFindings(made.waybill, list)
  await checkProvenance(made.waybill, (digest, size) => keeper.read(digest, size), list)
  tools.step('evidence')
  const items = await judgeItems(made.waybill.items, keeper, ground.evidence)
  const isTar = given.some(({ located }) => located.scope === 'tar')
  const came = isTar ? null : input.register.came(made.digest, set)
  await listEvidence(made.waybill, items, came, ground.evidence.rules, list, tools.signal)
  return { evidence: items, set }
}

/**
 * Reads a bundle in the order of bundle.md, "Reading". Never throws for what it finds: only for a full disc, a
 * cancelled job and the like. Default is refuse: what is not reached is `not-checked`.
 *
 * @throws Failure `cancelled`, `disk-full`, `disk-failed`, `internal`
 */
export async function verifyMedium(input: Input, tools: Tools): Promise<Reading> {
  const { given, ground } = input
  const [bundle] = given
  if (bundle === undefined) throw new Failure('internal', { found: 'nothing to read' })
  const list = new CheckList()
  const { scope } = bundle.located
  list.skip(notOffered, 'policy-does-not-ask')
  const { ids, asked } = ground.evidence.rules
  list.skip(
    ids.filter((id) => !asked.includes(id)),
    'policy-does-not-ask',
  )
  if (scope === 'tar' && asked.includes('policy.medium')) list.skip(['policy.medium'], 'bare-tar')
  skipMedium(scope, given.find(({ serial }) => serial !== null)?.serial ?? null, list)
  tools.step('signatures')
  const first = await readFirst(bundle.located)
  const found = first.waybill === null ? null : digestOf(first.waybill)
  checkRegister(input.register, found, list)
  const base = { scope, found, signatures: first.signatures }
  let came: Pick<Reading, 'evidence' | 'set'> = { evidence: null, set: null }
  const stopped = (made: MadeWaybill | null, signed: boolean): Reading => ({
    ...base,
    signed,
    made,
    ...came,
    verdict: list.close([...required, ...asked]),
  })
  if (first.waybill === null || first.signatures === null || found === null) {
    list.fail('signatures.form', 'waybill.json', 'a waybill and its signatures', first.problem, 'missing')
    return stopped(null, false)
  }
  list.except(ground.overrides(found), ground.now)
  const { signatures } = first
  const lines = checkSignatures({ signatures, waybill: found, ground }, list)
  if (lines === null) return stopped(null, false)
  tools.step('waybill')
  const made = checkForm(first.waybill, list)
  if (made === null) return stopped(null, true)
  const effect = await checkRules(made, lines, ground, list, true)
  if (effect !== 'refused') came = await readRest(input, made, signatures, tools, list)
  return stopped(made, true)
}
