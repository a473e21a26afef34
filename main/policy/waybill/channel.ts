import type { ItemEvidence } from '../../../shared/evidence.ts'
import type { Channel } from '../../../shared/policy-content.ts'
import type { Policy } from '../../../shared/policy.ts'
import { signingRoles } from '../../../shared/schema.ts'
import type { Waybill } from '../../../shared/waybill.ts'
import { lifetimeIn } from '../../../shared/rules/expiry.ts'
import { bySemVer, isSemVer } from '../components/version.ts'
import { fits } from '../../platform/pattern.ts'
import type { BundleResult, SignedLine } from './result.ts'

const day = 24 * 60 * 60 * 1000

/** What the policy asks of a channel, beside what it asks of all. */
export const channelOf = ({ channels }: Policy, { channel }: Waybill): Channel | null =>
  channels.find(({ name }) => name === channel) ?? null

/** That a waybill does not live longer than the policy allows, of all channels or of its own. */
export function lifetimeRule(policy: Policy, waybill: Waybill): BundleResult {
  const lifetime = lifetimeIn(policy, waybill.channel)
  const days = (Date.parse(waybill.expires) - Date.parse(waybill.created)) / day
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

/** That as many people signed as this channel asks for. */
export function signersRule(channel: Channel | null, signed: readonly SignedLine[]): BundleResult[] {
  return signingRoles.flatMap((role): BundleResult[] => {
    const wanted = channel?.signers?.[role]
    if (channel === null || wanted === undefined) return []
    const names = signed.filter((one) => one.role === role).map(({ name }) => name)
    const isEnough = names.length >= wanted
    return [
      {
        id: 'policy.channel-signers',
        subject: role,
        result: isEnough ? 'pass' : 'fail',
        expected: `${wanted} × ${role} in the channel ${channel.name}`,
        found: names.join(', ') || 'nobody',
        reason: isEnough ? 'as-expected' : 'missing',
      },
    ]
  })
}

function floorResult(item: Waybill['items'][number], floor: string): BundleResult {
  const about = {
    id: 'policy.version-floor' as const,
    subject: item.name,
    expected: `at least ${floor}`,
    found: item.version ?? 'no version',
  }
  if (item.version === null) return { ...about, result: 'not-checked', reason: 'no-version' }
  const order = isSemVer(item.version) ? bySemVer(item.version, floor) : null
  if (order === null) return { ...about, result: 'not-checked', reason: 'not-comparable' }
  return order < 0
    ? { ...about, result: 'fail', reason: 'below' }
    : { ...about, result: 'pass', reason: 'as-expected' }
}

/** That no item is below the version that the channel asks of it; compared only where both are SemVer. */
export function floorsRule(channel: Channel | null, { items }: Waybill): BundleResult[] {
  if (channel === null) return []
  return items.flatMap((item) =>
    channel.floors
      .filter(({ name }) => fits(name.toLowerCase(), item.name.toLowerCase()))
      .map(({ version }) => floorResult(item, version)),
  )
}

/**
 * That every rule could be checked, where the channel refuses what could not.
 *
 * @param whole what the media and rule sets of Rego came to
 */
export function uncheckedRule(
  channel: Channel | null,
  waybill: Waybill,
  items: readonly ItemEvidence[],
  whole: readonly BundleResult[] = [],
): BundleResult[] {
  if (channel?.notChecked !== 'refuses') return []
  const single = [...floorsRule(channel, waybill), ...whole].filter(({ result }) => result === 'not-checked')
  const judged = items.flatMap(({ name, rules }) =>
    rules.filter(({ result }) => result === 'not-checked').map(({ id }) => `${id} of ${name}`),
  )
  const open = [...single.map(({ id, subject }) => `${id} of ${subject}`), ...judged]
  const about = {
    id: 'policy.unchecked' as const,
    subject: `the channel ${channel.name}`,
    expected: 'every rule for items and media checked',
  }
  return open.length === 0
    ? [{ ...about, result: 'pass', found: 'all checked', reason: 'as-expected' }]
    : [{ ...about, result: 'fail', found: open.join('; '), reason: 'unchecked' }]
}
