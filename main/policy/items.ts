import type { ItemRule } from '../../shared/policy-items.ts'
import type { Policy } from '../../shared/policy.ts'
import type { Assessed } from '../evidence/assess.ts'
import { checkAge, noAge, type Dated, type PolicyTime } from './age.ts'
import { Evidence, signerOf, type About } from './item-evidence.ts'
import { isAbout } from '../oci/item-name.ts'
import { checkAlgorithms } from './items/algorithms.ts'
import { buildsOf, checkBuilds } from './items/build.ts'
import { checkFalse } from './items/contradicted.ts'
import { checkForbidden } from './items/forbidden.ts'
import { checkPinned } from './items/pinned.ts'
import { checkSbom } from './items/sbom.ts'
import { checkScan } from './items/scan.ts'
import { checkSignatures } from './items/signature.ts'
import { checkSummary } from './items/summary.ts'
import { made, pass, type ItemCheckId, type RuleResult } from './rule-result.ts'

// What rules that fit ask for, by the check that answers it.
const asked: Readonly<Partial<Record<ItemCheckId, (rule: ItemRule) => boolean>>> = {
  'policy.signature': ({ signedBy }) => signedBy !== undefined,
  'policy.provenance': ({ provenance }) => provenance !== undefined,
  'policy.sbom': ({ sbom }) => sbom !== undefined,
  'policy.scan': ({ scan }) => scan !== undefined,
  'policy.summary': ({ summary }) => summary !== undefined,
  'policy.pinned': ({ pinned }) => pinned !== undefined,
  'policy.freshness': asksAge,
}

function agesIn({ signedBy, provenance = [], sbom, scan, summary = [] }: ItemRule): (number | undefined)[] {
  const single = [signedBy?.maxAge, sbom?.maxAge, scan?.maxAge, scan?.databaseMaxAge]
  return [...single, ...[...provenance, ...summary].map(({ maxAge }) => maxAge)]
}

// Whether a rule asks how old something is.
function asksAge(rule: ItemRule): boolean {
  return agesIn(rule).some((days) => days !== undefined)
}

/** Whether what a rule comes to may change as time goes by. */
export const asksTime = (rule: ItemRule): boolean => asksAge(rule) || rule.scan?.vex !== undefined

/** Which checks of items the policy asks for; none where it has no rules for items and forbids nothing. */
export function itemChecksOf({ items, forbidden, algorithms }: Policy): readonly ItemCheckId[] {
  const byRules = Object.entries(asked).filter(([, asks]) => items.some(asks))
  return [
    ...(items.length === 0 ? [] : (['policy.item-rule', 'policy.evidence'] as const)),
    ...byRules.map(([id]) => id as ItemCheckId),
    ...(forbidden.length > 0 || items.some(({ free }) => free !== undefined)
      ? (['policy.forbidden'] as const)
      : []),
    ...(algorithms === 'default' ? [] : (['policy.algorithms'] as const)),
  ]
}

const dated = (most: number | undefined, one: Assessed, said: string | null): Dated => ({
  one,
  by: '',
  most: most ?? null,
  said,
})

function signatureResults({ signedBy }: ItemRule, evidence: Evidence, time: PolicyTime): RuleResult[] {
  if (signedBy === undefined) return []
  const { result, good } = checkSignatures(signedBy, evidence)
  const { maxAge, least } = signedBy
  if (maxAge === undefined) return [result]
  if (good.length === 0) return [result, noAge('the signature', maxAge)]
  const each = good.map((one) => ({ ...dated(maxAge, one, null), by: signerOf(one) }))
  return [result, checkAge('the signature', least, each, time)]
}

function buildResults({ provenance }: ItemRule, evidence: Evidence, time: PolicyTime): RuleResult[] {
  if (provenance === undefined) return []
  const { result, good } = checkBuilds(provenance, evidence)
  const days = provenance.flatMap(({ maxAge }) => maxAge ?? [])
  if (days.length === 0) return [result]
  if (good.length === 0) return [result, noAge('the statement of the build', Math.max(...days))]
  const each = good.flatMap((one) =>
    buildsOf(provenance, one, evidence).map(({ maxAge }) => dated(maxAge, one, one.build?.at ?? null)),
  )
  return [result, checkAge('the statement of the build', 1, each, time)]
}

function sbomResults({ sbom }: ItemRule, evidence: Evidence, time: PolicyTime): RuleResult[] {
  if (sbom === undefined) return []
  const { result, good } = checkSbom(sbom, evidence)
  const { maxAge } = sbom
  if (maxAge === undefined) return [result]
  if (good.length === 0) return [result, noAge('the bill of materials', maxAge)]
  const each = good.map((one) => dated(maxAge, one, one.bill?.created ?? null))
  return [result, checkAge('the bill of materials', 1, each, time)]
}

/**
 * What the policy asks of one item, by the evidence that was judged: every rule that fits applies, and an item that
 * none fits is refused. What is forbidden is asked of every item. Without rules and bans nothing is asked.
 */
export function itemRules(
  policy: Policy,
  item: About,
  all: readonly Assessed[],
  time: PolicyTime,
): RuleResult[] {
  const evidence = new Evidence(item, all, policy)
  const rules = policy.items.filter((rule) => isAbout(rule, item))
  const everywhere = [
    ...checkForbidden(policy.forbidden, rules, item, evidence),
    ...checkAlgorithms(policy, evidence),
  ]
  if (policy.items.length === 0) return everywhere
  const expected = `a rule for the ${item.kind} ${item.name}`
  if (rules.length === 0) {
    const none = made('policy.item-rule', 'fail', 'none', { expected, found: 'none' })
    return [none, ...everywhere]
  }
  return [
    pass('policy.item-rule', expected, rules.map((rule) => `${rule.kind} ${rule.name}`).join('; ')),
    checkFalse(all),
    ...rules.flatMap((rule) => [
      ...signatureResults(rule, evidence, time),
      ...buildResults(rule, evidence, time),
      ...sbomResults(rule, evidence, time),
      ...(rule.scan === undefined ? [] : checkScan(rule.scan, evidence, time)),
      ...(rule.summary === undefined ? [] : checkSummary(rule.summary, evidence, time)),
      ...(rule.pinned === undefined ? [] : [checkPinned(rule.pinned, item)]),
    ]),
    ...everywhere,
  ]
}
