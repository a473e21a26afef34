import type { Digest } from '../../shared/digest.ts'
import { itemChecks, type ItemEvidence } from '../../shared/evidence.ts'
import type { CameOn } from '../../shared/rules/media.ts'
import type { Policy } from '../../shared/policy.ts'
import type { Item, Waybill } from '../../shared/waybill.ts'
import type { Assessed } from '../evidence/assess.ts'
import type { PolicyTime } from './age.ts'
import { itemChecksOf, itemRules } from './items.ts'
import { regoRules } from './rego/rules.ts'
import { algorithmsRule } from './waybill/algorithms.ts'
import { channelOf, floorsRule, lifetimeRule, signersRule, uncheckedRule } from './waybill/channel.ts'
import { mediumRule } from './waybill/medium.ts'
import { waybillChecks, type BundleResult, type SignedLine } from './waybill/result.ts'
import { tombstonesRule } from './waybill/tombstones.ts'

type RuleResult = ItemEvidence['rules'][number]
type CheckId = RuleResult['id'] | BundleResult['id']

/** The rules of a policy document, as a verification asks them. */
interface BuiltInRules {
  readonly ids: readonly CheckId[]
  readonly asked: readonly CheckId[]
  waybill(waybill: Waybill, signed: readonly SignedLine[]): readonly BundleResult[]
  item(item: Item, evidence: readonly Assessed[]): readonly RuleResult[]
  bundle(
    waybill: Waybill,
    items: readonly ItemEvidence[],
    came: CameOn | null,
    signal?: AbortSignal,
  ): Promise<readonly BundleResult[]>
}

// Of all that a document can ask of a waybill; which channel it is, is known only when it is read.
function waybillChecksOf({ channels, tombstones, rego }: Policy): BundleResult['id'][] {
  return [
    'policy.lifetime',
    ...(channels.some(({ signers }) => signers !== undefined) ? (['policy.channel-signers'] as const) : []),
    ...(channels.some(({ floors }) => floors.length > 0) ? (['policy.version-floor'] as const) : []),
    ...(channels.some(({ media }) => media !== undefined) ? (['policy.medium'] as const) : []),
    ...(channels.some(({ notChecked }) => notChecked === 'refuses') ? (['policy.unchecked'] as const) : []),
    ...(tombstones.length > 0 ? (['policy.tombstone'] as const) : []),
    ...(rego.length > 0 ? (['policy.rego'] as const) : []),
  ]
}

/**
 * The built-in rules over a policy document, asked at a time; after them the rule sets that it names, which add to what
 * came of the others and are never asked whether it stands.
 *
 * @param placeOf where the file of a rule set is kept, by its digest; it may be missing
 */
export function builtInRules(
  policy: Policy,
  time: PolicyTime,
  placeOf: (digest: Digest) => string = () => '',
): BuiltInRules {
  return {
    ids: [...new Set([...waybillChecks, ...itemChecks])],
    asked: [...waybillChecksOf(policy), ...itemChecksOf(policy)],
    waybill: (waybill, signed) => {
      const channel = channelOf(policy, waybill)
      return [
        lifetimeRule(policy, waybill),
        ...signersRule(channel, signed),
        ...floorsRule(channel, waybill),
        ...tombstonesRule(policy, waybill),
        ...algorithmsRule(policy, waybill, signed),
      ]
    },
    item: (item, evidence) => itemRules(policy, item, evidence, time),
    bundle: async (waybill, items, came, signal) => {
      const channel = channelOf(policy, waybill)
      const sets = await regoRules(policy, { waybill, items, time, placeOf, signal })
      const whole = [...mediumRule(channel, came), ...sets]
      return [...whole, ...uncheckedRule(channel, waybill, items, whole)]
    },
  }
}
