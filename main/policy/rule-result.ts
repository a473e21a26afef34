import type { ItemEvidence } from '../../shared/evidence.ts'
import type { CheckResult } from '../../shared/verdict.ts'
import type { Assessed } from '../evidence/assess.ts'

/** What a rule comes to for one item. */
export type RuleResult = ItemEvidence['rules'][number]
export type ItemCheckId = RuleResult['id']

/** A result of a check, with the evidence that it stands on. */
export function made(
  id: ItemCheckId,
  result: CheckResult,
  reason: string,
  words: Pick<RuleResult, 'expected' | 'found'>,
  by: readonly Assessed[] = [],
): RuleResult {
  const evidence = [...new Set(by.map(({ view }) => view.layer))]
  return { id, result, ...words, reason, evidence }
}

export const pass = (
  id: ItemCheckId,
  expected: string,
  found: string,
  by: readonly Assessed[] = [],
): RuleResult => made(id, 'pass', 'as-expected', { expected, found }, by)

/** What a rule comes to, and what answers it: rules about age and algorithms ask the same pieces. */
export interface Answered {
  readonly result: RuleResult
  /** Those that fulfil everything else. */
  readonly good: readonly Assessed[]
}
