import type { Digest } from '../../../shared/digest.ts'
import type { ItemEvidence } from '../../../shared/evidence.ts'
import type { RuleSet } from '../../../shared/policy-content.ts'
import type { Policy } from '../../../shared/policy.ts'
import type { Waybill } from '../../../shared/waybill.ts'
import { canonical } from '../../platform/json.ts'
import { limits } from '../../platform/limits.ts'
import type { PolicyTime } from '../age.ts'
import type { BundleResult } from '../waybill/result.ts'
import { regoInput } from './input.ts'
import type { RegoSaid } from './rego-task.ts'
import { askInThread } from './thread.ts'

const id = 'policy.rego'
const whole = 'the bundle'

/** What rule sets are asked about. */
interface Asked {
  readonly waybill: Waybill
  readonly items: readonly ItemEvidence[]
  readonly time: PolicyTime
  readonly placeOf: (digest: Digest) => string
  /** Ends what runs, where what asks is a job. */
  readonly signal: AbortSignal | undefined
}

function resultsOf({ name, digest }: RuleSet, said: RegoSaid): BundleResult[] {
  const expected = `no objection by the rule set ${name} (${digest})`
  const unknown = (reason: string, found: string): BundleResult => ({
    ...{ id, result: 'not-checked', subject: whole, expected, found: `${name}: ${found}`, reason },
  })
  if (!said.answered) return [unknown(said.reason, `${said.found}; expected: ${said.expected}`)]
  const { objections, strange } = said
  const failed = objections.map(({ item, id: rule, message }): BundleResult => {
    const found = `${name}, ${rule}: ${message}`
    return { id, result: 'fail', subject: item ?? whole, expected, found, reason: 'objection' }
  })
  if (strange !== null) return [...failed, unknown('answer', strange)]
  if (failed.length > 0) return failed
  return [{ id, result: 'pass', subject: whole, expected, found: `${name}: none`, reason: 'as-expected' }]
}

/** What the rule sets of a policy come to, one after the other: each objection is a failure, and no answer is no pass. @throws Failure `cancelled` */
export async function regoRules(policy: Policy, about: Asked): Promise<BundleResult[]> {
  const { waybill, items, time, placeOf, signal } = about
  if (policy.rego.length === 0) return []
  const input = canonical(regoInput(policy, waybill, items, time))
  const names = waybill.items.map(({ name }) => name)
  const found: BundleResult[] = []
  for (const set of policy.rego) {
    const { digest, entrypoint } = set
    const question = {
      path: placeOf(digest),
      digest,
      entrypoint,
      input: input.toString('utf8'),
      items: names,
    }
    const said: RegoSaid =
      input.length > limits.regoInput
        ? {
            answered: false,
            reason: 'input',
            expected: `at most ${limits.regoInput} bytes to be asked about`,
            found: `${input.length} bytes`,
          }
        : await askInThread(question, { signal })
    found.push(...resultsOf(set, said))
  }
  return found
}
