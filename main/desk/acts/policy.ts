import type { CallInput, CallOutput, LongResult } from '../../../shared/contract.ts'
import type { Digest } from '../../../shared/digest.ts'
import type { Policy } from '../../../shared/policy.ts'
import { check } from '../../../shared/rules/check.ts'
import { canAccept, peopleNeeded, usualPeople } from '../../../shared/rules/decision.ts'
import { approversOf } from '../../../shared/rules/written-ahead.ts'
import { checkWords } from '../../../shared/text/checks.ts'
import { policyDifferences, policyRows } from '../../../shared/text/policy-rows.ts'
import type { Waybill } from '../../../shared/waybill.ts'
import { Failure } from '../../platform/failure.ts'
import { readCapped } from '../../platform/files.ts'
import { digestOf } from '../../platform/hash.ts'
import { limits } from '../../platform/limits.ts'
import { parseNewPolicy } from '../../policy/parse.ts'
import { policySchema, regoInputSchema } from '../../policy/schema.ts'
import { unmatchedIn } from '../../policy/unmatched.ts'
import type { Desk } from '../desk.ts'
import { readWaybill } from '../disk/waybill.ts'
import { evidenceOf } from '../judging/evidence.ts'
import { tryOnBundle, tryOnWaybill } from '../judging/trial.ts'
import { personHere } from '../state/state.ts'
import { writable, type Context } from '../work/context.ts'
import type { JobContext } from '../work/jobs.ts'
import { makeChange } from './make-change.ts'
import { checkSets, givenSets, keepSets, keptSets, namedSets } from '../work/rule-sets.ts'

/** A policy, from a file or as it is written, read strictly: its text and what it says. */
async function readPolicy(
  context: Context,
  from: CallInput<'policy.preview'>,
): Promise<CallOutput<'policy.preview'>> {
  const bytes =
    'source' in from
      ? Buffer.from(from.source, 'utf8')
      : await readCapped(context.places.path(from.place, 'policy'), limits.policyBytes)
  const document = parseNewPolicy(bytes)
  const source = bytes.toString('utf8')
  if (!Buffer.from(source, 'utf8').equals(bytes)) {
    throw new Failure('policy-form', { line: 1, column: 1, expected: 'UTF-8', found: 'other bytes' })
  }
  return { version: document.version, digest: digestOf(bytes), source, document }
}

/** `policy.preview`. */
export async function preview(
  context: Context,
  input: CallInput<'policy.preview'>,
): Promise<CallOutput<'policy.preview'>> {
  context.desk()
  return readPolicy(context, input)
}

/** `policy.set`: the version must rise, and every rule set that it names must be one that can be asked. */
export async function set(
  context: Context,
  input: CallInput<'policy.set'>,
): Promise<CallOutput<'policy.set'>> {
  const desk = writable(context)
  const { version, digest, source, document } = await readPolicy(context, input)
  const given = await givenSets(context, document, input.rego)
  await checkSets(desk, document, given)
  await keepSets(desk, given)
  const change = { kind: 'policy.set' as const, version, digest, source }
  const { pending } = await makeChange(context, change, input.officer)
  return { version, digest, pending }
}

/** `policy.keep`: what a rule set is kept for was signed by its digest, so its file alone needs nobody's key. */
export async function keep(
  context: Context,
  input: CallInput<'policy.keep'>,
): Promise<CallOutput<'policy.keep'>> {
  const desk = writable(context)
  const named = namedSets(desk)
  const given = await givenSets(context, { rego: named }, [input.place])
  const [digest] = given.keys()
  if (digest === undefined) throw new Failure('internal', { found: 'no file' })
  await keepSets(desk, given)
  return { digest, names: named.filter((one) => one.digest === digest).map(({ name }) => name) }
}

/** `policy.sets`. */
export async function sets(context: Context): Promise<CallOutput<'policy.sets'>> {
  return { sets: await keptSets(context.desk()) }
}

const lately = 10

/** The waybills of the last bundles here; one that cannot be read says nothing about a pattern. */
async function lastWaybills(desk: Desk): Promise<Waybill[]> {
  const made = [...desk.state.consignments.values()].filter(({ waybill }) => waybill !== null)
  const read = made.slice(-lately).map((one) =>
    readWaybill(desk, one).then(
      ({ waybill }) => [waybill],
      () => [],
    ),
  )
  return (await Promise.all(read)).flat()
}

const peopleIn = ({ state }: Desk) =>
  state.people
    .filter(({ fingerprint }) => !state.revoked.has(fingerprint))
    .map((person) => personHere(person))

// Only what a policy asks beyond two is its own doing: a desk that has nobody yet is told so where people decide.
function unmetIn(policy: Policy, desk: Desk): string[] {
  if (desk.state.card.side !== 'high') return []
  const people = peopleIn(desk)
  return policy.channels.flatMap(({ name }) => {
    const { accept } = peopleNeeded(policy, name)
    return accept > usualPeople && !canAccept(people, accept) ? [`${name}: ${accept} people to accept`] : []
  })
}

function idleIn({ exceptions }: Policy, desk: Desk): string[] {
  const people = peopleIn(desk)
  return exceptions
    .filter((one) => approversOf(one, people) === null)
    .map(
      ({ check: id, subject, approvers }) => `${id}, ${subject ?? 'all of them'}: ${approvers.join(' and ')}`,
    )
}

async function explained(
  context: Context,
  { on }: CallInput<'policy.check'>,
  read: CallOutput<'policy.preview'>,
  sets: ReadonlyMap<Digest, string>,
  job: JobContext,
): Promise<LongResult<'policy.check'>> {
  const desk = context.desk()
  const { document, version, digest } = read
  const { document: current } = desk.state.policy
  const waybills = await lastWaybills(desk)
  const tried = { policy: document, sets }
  return {
    version,
    digest,
    current: current.version,
    rules: policyRows(document).map(([rule, says]) => ({ rule, says })),
    differences: policyDifferences(current, document),
    bundles: waybills.length,
    unmatched: unmatchedIn(document, waybills),
    idle: idleIn(document, desk),
    unmet: unmetIn(document, desk),
    trial:
      on === undefined
        ? null
        : on.kind === 'waybill'
          ? await tryOnWaybill(desk, tried, context.places.path(on.place, 'waybill'))
          : await tryOnBundle(context, desk, tried, context.places.path(on.place, 'medium'), job),
  }
}

/** `policy.check`: explains a policy file, and tries it. Only a bundle needs a desk that writes: its content is laid aside. */
async function start(
  context: Context,
  input: CallInput<'policy.check'>,
): Promise<CallOutput<'policy.check'>> {
  context.desk()
  if (input.on?.kind === 'bundle') writable(context).need('high')
  const read = await readPolicy(context, input)
  const given = await givenSets(context, read.document, input.rego)
  await checkSets(context.desk(), read.document, given)
  const sets = new Map([...given].map(([digest, { path }]) => [digest, path]))
  const steps = ['signatures', 'waybill', 'medium', 'content', 'graph', 'evidence']
  return { job: context.jobs.start('policy', steps, (job) => explained(context, input, read, sets, job)) }
}
export { start as check }

/** `policy.explain`: every rule of the policy for a consignment, as it was judged last. */
export async function explain(
  context: Context,
  input: CallInput<'policy.explain'>,
): Promise<CallOutput<'policy.explain'>> {
  const desk = context.desk()
  const one = desk.consignment(input.id)
  const judged = await evidenceOf(desk, one)
  if (judged === null)
    throw new Failure('consignment-state', { found: one.state, expected: 'one whose evidence was judged' })
  const verdict = await desk.verdict(one)
  const items = judged.items.flatMap(({ name, rules }) =>
    rules.map(({ id, result, evidence, ...about }) => ({
      ...(verdict?.checks.find(
        (made) => made.id === id && made.subject === name && made.expected === about.expected,
      ) ?? check(id, result, { subject: name, ...about })),
      title: checkWords[id].title,
      evidence,
    })),
  )
  const ids = new Set<string>(items.map(({ id }) => id))
  const whole = (verdict?.checks ?? []).filter(({ id }) => id.startsWith('policy.') && !ids.has(id))
  return {
    policy: judged.policy as CallOutput<'policy.explain'>['policy'],
    current: judged.policy === desk.state.policy.digest,
    rules: [
      ...whole.map((made) => ({
        ...made,
        title: checkWords[made.id as keyof typeof checkWords].title,
        evidence: [],
      })),
      ...items,
    ],
  }
}

/** `policy.schema`. */
export function schema(_: Context, { of }: CallInput<'policy.schema'>): Promise<CallOutput<'policy.schema'>> {
  return Promise.resolve({ schema: of === 'rego-input' ? regoInputSchema() : policySchema() })
}
