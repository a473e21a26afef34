import type { ItemRule } from '../../../shared/policy-items.ts'
import type { About } from '../item-evidence.ts'
import { made, pass, type RuleResult } from '../rule-result.ts'

/** That the item is this very content: always pinned by its digest here; whether the request named it is another thing. */
export function checkPinned(asked: NonNullable<ItemRule['pinned']>, item: About): RuleResult {
  const id = 'policy.pinned'
  const { reference = item.name, root } = item
  const isNamed = reference.endsWith(`@${root.digest}`)
  const expected =
    asked === 'requested' ? `a request for ${root.digest}` : 'content that is named by its digest'
  const found = isNamed
    ? `asked for by its digest: ${reference}`
    : `asked for as ${reference}, pinned to ${root.digest} when it was collected`
  if (asked === 'resolved' || isNamed) return pass(id, expected, found)
  return made(id, 'fail', 'by-name', { expected, found })
}
