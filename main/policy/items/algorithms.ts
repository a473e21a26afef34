import type { Policy } from '../../../shared/policy.ts'
import { approvedWords, sayOthers } from '../approved.ts'
import type { Evidence } from '../item-evidence.ts'
import { made, pass, type RuleResult } from '../rule-result.ts'

/**
 * That what the policy’s own signers say of an item stands on approved algorithms throughout: their key, the certificates
 * above it, logs and times. Evidence by others is none that the policy relies on.
 */
export function checkAlgorithms({ algorithms }: Policy, evidence: Evidence): RuleResult[] {
  if (algorithms === 'default') return []
  const id = 'policy.algorithms'
  const expected = `everything by those whom the policy names: ${approvedWords}`
  const ours = evidence.all.filter((one) => one.view.result === 'proven' && evidence.isByNamed(one))
  const odd = ours.filter(({ keys }) => sayOthers(keys) !== '')
  if (odd.length > 0) {
    const found = sayOthers(odd.flatMap(({ keys }) => keys))
    return [made(id, 'fail', 'not-approved', { expected, found }, odd)]
  }
  if (ours.length === 0) return []
  return [pass(id, expected, `${ours.length} pieces of evidence`, ours)]
}
