import type { Policy } from '../../shared/policy.ts'
import type { Waybill } from '../../shared/waybill.ts'
import { aboutWords } from '../../shared/text/policy-items-words.ts'
import { isAbout } from '../oci/item-name.ts'
import { fits } from '../platform/pattern.ts'

/** The rules of a policy that are about nothing in any of these bundles: perhaps a pattern is misspelled. */
export function unmatchedIn(
  { items, channels }: Policy,
  waybills: readonly Pick<Waybill, 'items' | 'channel'>[],
): string[] {
  if (waybills.length === 0) return []
  const carried = waybills.flatMap((one) => one.items)
  const rules = items.filter((rule) => !carried.some((item) => isAbout(rule, item)))
  const floors = channels.flatMap(({ name: channel, floors: ours }) => {
    const here = waybills.filter((one) => one.channel === channel).flatMap((one) => one.items)
    return ours
      .filter(({ name }) => !here.some((item) => fits(name.toLowerCase(), item.name.toLowerCase())))
      .map(({ name }) => `the lowest version of ${name} in the channel ${channel}`)
  })
  const strange = channels.filter(({ name }) => !waybills.some(({ channel }) => channel === name))
  return [
    ...rules.map((rule) => `the rule for ${aboutWords(rule)}`),
    ...strange.map(({ name }) => `the channel ${name}`),
    ...floors,
  ]
}
