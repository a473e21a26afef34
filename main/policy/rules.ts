import { itemChecks, type ItemEvidence } from '../../shared/evidence.ts'
import type { Policy } from '../../shared/policy.ts'
import type { Item, Waybill } from '../../shared/waybill.ts'
import type { Assessed } from '../evidence/assess.ts'
import { itemChecksOf, itemRules } from './items.ts'

type RuleResult = ItemEvidence['rules'][number]

/** What a rule about a bundle as a whole comes to. */
interface BundleResult extends Omit<RuleResult, 'id'> {
  readonly id: 'policy.lifetime'
  readonly subject: string
}

/** The rules of a policy document, as a verification asks them. */
interface BuiltInRules {
  readonly ids: readonly (RuleResult['id'] | BundleResult['id'])[]
  readonly asked: readonly (RuleResult['id'] | BundleResult['id'])[]
  waybill(waybill: Waybill): readonly BundleResult[]
  item(item: Item, evidence: readonly Assessed[]): readonly RuleResult[]
  bundle(): readonly BundleResult[]
}

const day = 24 * 60 * 60 * 1000

function lifetimeRule({ lifetime }: Policy, { created, expires }: Waybill): BundleResult {
  const days = (Date.parse(expires) - Date.parse(created)) / day
  const about = {
    id: 'policy.lifetime' as const,
    subject: 'waybill.json',
    expected: `at most ${lifetime} days`,
    found: `${Math.ceil(days * 100) / 100} days`,
  }
  return days > lifetime
    ? { ...about, result: 'fail', reason: 'too-long' }
    : { ...about, result: 'pass', reason: 'as-expected' }
}

/** The built-in rules over a policy document. */
export function builtInRules(policy: Policy): BuiltInRules {
  return {
    ids: ['policy.lifetime', ...itemChecks],
    asked: ['policy.lifetime', ...itemChecksOf(policy)],
    waybill: (waybill) => [lifetimeRule(policy, waybill)],
    item: (item, evidence) => itemRules(policy, item, evidence),
    // Nothing that this document can say is about all items together.
    bundle: () => [],
  }
}
